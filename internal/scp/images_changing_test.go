// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// changing are fixtures with images that a writer changes while they are read. The untouched ones are there all the time.
type changing struct {
	mu       sync.Mutex
	fixtures emulator.Fixtures
	ever     map[string]bool
}

func (c *changing) read() (emulator.Fixtures, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fixtures := c.fixtures
	fixtures.Images = slices.Clone(c.fixtures.Images)
	return fixtures, nil
}

// write makes the n-th change: an image is created, deleted, hidden, or taken from this account.
func (c *changing) write(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	created := time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC).Format(time.RFC3339)
	id := fmt.Sprintf("new-%06d", n)
	c.ever[id] = true
	c.fixtures.Images = append(c.fixtures.Images, emulator.Image{ID: id, CreatedAt: created})
	touched := slices.IndexFunc(c.fixtures.Images, func(image emulator.Image) bool {
		return !strings.HasPrefix(image.ID, "old-") && !image.OSHidden && image.Owner == ""
	})
	switch n % 3 {
	case 0:
		c.fixtures.Images = slices.Delete(c.fixtures.Images, touched, touched+1)
	case 1:
		c.fixtures.Images[touched].OSHidden = true
	default:
		c.fixtures.Images[touched].Owner, c.fixtures.Images[touched].Visibility = "somebody-else", "private"
	}
}

// Lists that are read while images come and go have every image that was there all the time, and none that never was. A list whose marker
// is gone is an error.
func TestImagesWhileTheyChange(t *testing.T) {
	t.Parallel() // it reads for real
	c := &changing{ever: map[string]bool{}, fixtures: emulator.Fixtures{
		AccessKey: vectorCredentials.AccessKey, SecretKey: vectorCredentials.SecretKey, Versions: []emulator.Version{{ID: "v1.3"}},
	}}
	const untouched, lists = 2400, 10
	for i := range 2500 {
		id, created := fmt.Sprintf("old-%06d", i), time.Date(2025, 1, 1, 0, 0, i/3, 0, time.UTC) // three at a time
		if i%25 == 24 {
			id = fmt.Sprintf("touched-%06d", i)
		}
		c.ever[id] = true
		c.fixtures.Images = append(c.fixtures.Images, emulator.Image{ID: id, CreatedAt: created.Format(time.RFC3339)})
	}
	server := httptest.NewServer(emulator.New(c.read, emulator.Options{PageLimit: 100}))
	defer server.Close()
	stop := make(chan struct{})
	var writer, readers sync.WaitGroup
	writer.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				c.write(n)
			}
		}
	})
	var mu sync.Mutex
	complete, changed := 0, 0
	for range lists {
		readers.Go(func() {
			images, err := readImages(t, t.Context(), serverClient(t, server.URL), nil)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				changed++
				if err.Kind != KindListChanged {
					t.Errorf("the error is %v", err)
				}
				return
			}
			complete++
			old := 0
			c.mu.Lock()
			defer c.mu.Unlock()
			for _, image := range images {
				if strings.HasPrefix(image.ID, "old-") {
					old++
				}
				if !c.ever[image.ID] {
					t.Errorf("image %s never was", image.ID)
				}
			}
			if old != untouched {
				t.Errorf("the list has %d of %d images that were there all the time", old, untouched)
			}
		})
	}
	readers.Wait()
	close(stop)
	writer.Wait()
	t.Logf("%d of %d lists were read, %d changed too much while they were read", complete, lists, changed)
	if complete == 0 {
		t.Error("no list could be read")
	}
}
