// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// The images of the emulator's fixtures.
const (
	documentImage = "70a599e0-31e7-49b7-b260-868f441e862b"
	fourImage     = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
	unsharedImage = "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"
	privateImage  = "e8a4b2c6-0d17-4f93-b5e8-1c2d3e4f5a6b"
)

func defaultFixtures(t testing.TB) emulator.Fixtures {
	t.Helper()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	pin := emulator.Version{ID: "v" + scp.DefaultAPIVersion}
	if !slices.ContainsFunc(fixtures.Versions, func(v emulator.Version) bool { return v.ID == pin.ID }) {
		fixtures.Versions = append(fixtures.Versions, pin) // SCP's next version, before the emulator has it
	}
	return fixtures
}

// manyImages returns fixtures with n images of the caller and no others, not in the order of their IDs.
func manyImages(t testing.TB, n int) emulator.Fixtures {
	t.Helper()
	fixtures := defaultFixtures(t)
	fixtures.Images = make([]emulator.Image, n)
	for i := range n {
		fixtures.Images[i] = emulator.Image{
			ID:        fmt.Sprintf("%08x-31e7-49b7-b260-868f441e862b", (i*7919+1)%max(n, 1)),
			CreatedAt: fmt.Sprintf("2025-07-22T09:%02d:%02dZ", i/60%60, i%60),
		}
	}
	return fixtures
}

// fleet returns fixtures with n images, image-0000 and on, each with two members that are not in order.
func fleet(t *testing.T, n int) (fixtures emulator.Fixtures, ids []string) {
	t.Helper()
	fixtures = defaultFixtures(t)
	fixtures.Images = nil
	for i := range n {
		id := fmt.Sprintf("image-%04d", i)
		ids = append(ids, id)
		fixtures.Images = append(fixtures.Images, emulator.Image{ID: id, Members: []emulator.Member{
			{MemberID: "b", Status: "pending"}, {MemberID: "a", Status: "accepted"},
		}})
	}
	return fixtures, ids
}

// changing are fixtures in a file, which a test changes between two runs as a user would.
type changing struct {
	file     string
	fixtures emulator.Fixtures
	image    *emulator.Image
}

// newChanging returns the default fixtures in a file; image is the one with the given ID.
func newChanging(t *testing.T, imageID string) *changing {
	t.Helper()
	c := &changing{file: filepath.Join(t.TempDir(), "fixtures.json"), fixtures: defaultFixtures(t)}
	for i := range c.fixtures.Images {
		if c.fixtures.Images[i].ID == imageID {
			c.image = &c.fixtures.Images[i]
		}
	}
	c.save(t)
	return c
}

func (c *changing) save(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(c.fixtures)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
