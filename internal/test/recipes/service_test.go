// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

const (
	// image is the emulator's image with these four members.
	image     = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
	accepted1 = "0c6e1d5a9b3f4827b1a2c3d4e5f60718"
	accepted2 = "5d2f8e1c7a604b39a8b7c6d5e4f30291"
	pending   = "9a7b6c5d4e3f42108f9e8d7c6b5a4938"
	rejected  = "f4d3a0c2b1e84796a5d8c7b6e9f01234"

	// other is its image with one member.
	other       = "70a599e0-31e7-49b7-b260-868f441e862b"
	otherMember = "a8f10467abfc4b87b64614ab36eb9ae4"

	// unshared is its image that is shared with no one.
	unshared = "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"

	// account is the emulator's first account, and that of images.json. scratch is its private image.
	account = "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6"
	scratch = "e8a4b2c6-0d17-4f93-b5e8-1c2d3e4f5a6b"

	// partner is another account, which shares both of its images with account.
	partner       = "a8f10467abfc4b87b64614ab36eb9ae4"
	partners      = "6d7e8f90-a1b2-4c3d-8e4f-5061728394a5"
	partnersOther = "92b3c4d5-e6f7-4081-9a2b-3c4d5e6f7081"

	stranger = "77777777777777777777777777777777"
)

// everyone is whom image is shared with.
var everyone = []string{accepted1, accepted2, pending, rejected}

// service is an emulator whose fixtures may be replaced between two runs.
type service struct {
	fixtures atomic.Pointer[emulator.Fixtures]
	env      []string // with an address that has the region
	plain    []string // without it
	outage   []string
}

// newService starts a service with the default fixtures, changed by edit if there is one.
func newService(t *testing.T, edit func(*emulator.Fixtures)) *service {
	t.Helper()
	s := &service{}
	s.edit(t, edit)
	read := func() (emulator.Fixtures, error) { return *s.fixtures.Load(), nil }
	start := func(fault *emulator.Fault) (regional, plain []string) {
		server := httptest.NewServer(emulator.New(read, emulator.Options{Fault: fault}))
		t.Cleanup(server.Close)
		plain = append(emulator.Environment(server.URL, *s.fixtures.Load()), "SCP_TF_MAX_RETRIES=0", "TF_VAR_endpoint="+server.URL)
		return append(slices.Clone(plain), "SCP_TF_ENDPOINT_OVERRIDE="+server.URL+"/{region}", "SCP_TF_DEFAULT_REGION=kr-west1"), plain
	}
	s.env, s.plain = start(nil)
	s.outage, _ = start(&emulator.Fault{Status: http.StatusServiceUnavailable})
	return s
}

// environment points the provider at the service or, in an outage, at one that answers 503.
func (s *service) environment(outage bool) []string {
	if outage {
		return s.outage
	}
	return s.env
}

// edit replaces the fixtures by the default ones, changed.
func (s *service) edit(t *testing.T, edit func(*emulator.Fixtures)) {
	t.Helper()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(&fixtures)
	}
	s.fixtures.Store(&fixtures)
}

// find returns an image of the fixtures.
func find(fixtures *emulator.Fixtures, id string) *emulator.Image {
	for i := range fixtures.Images {
		if fixtures.Images[i].ID == id {
			return &fixtures.Images[i]
		}
	}
	panic("the fixtures have no image " + id)
}

// share shares an image with an account.
func share(fixtures *emulator.Fixtures, id, account string) {
	found := find(fixtures, id)
	found.Members = append(found.Members, emulator.Member{
		MemberID: account, Status: "pending", CreatedAt: "2026-11-01T00:00:00Z", UpdatedAt: "2026-11-01T00:00:00Z",
	})
}

// allowList is the text of an images.json of account.
func allowList(t *testing.T, images map[string][]string) string {
	t.Helper()
	return allowListWith(t, map[string]any{"images": images})
}
