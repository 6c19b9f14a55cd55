// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// changing are fixtures with images that a writer changes while they are read. The untouched ones are there all the time.
type changing struct {
	fixtures emulator.Fixtures
	ever     map[string]bool
}

func (c *changing) read() (emulator.Fixtures, error) {
	fixtures := c.fixtures
	fixtures.Images = slices.Clone(c.fixtures.Images)
	return fixtures, nil
}

// write makes the n-th change: an image is created, deleted, hidden, or taken from this account.
func (c *changing) write(n int) {
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

// Lists that are read while images come and go have every image that was there all the time, and none that never was, or are an error that
// says so.
func TestImagesWhileTheyChange(t *testing.T) {
	for _, pace := range []struct{ changes, requests int }{{1, 1}, {5, 1}, {13, 1}, {1, 3}, {40, 7}, {1, 10}} {
		c := &changing{ever: map[string]bool{}, fixtures: emulator.Fixtures{
			AccessKey: vectorCredentials.AccessKey, SecretKey: vectorCredentials.SecretKey, Versions: []emulator.Version{{ID: "v1.3"}},
		}}
		const untouched = 250
		for i := range 500 {
			id, created := fmt.Sprintf("old-%06d", i), time.Date(2025, 1, 1, 0, 0, i/3, 0, time.UTC) // three at a time
			if i%2 == 1 {
				id = fmt.Sprintf("touched-%06d", i)
			}
			c.ever[id] = true
			c.fixtures.Images = append(c.fixtures.Images, emulator.Image{ID: id, CreatedAt: created.Format(time.RFC3339)})
		}
		emulated, requests, written := emulator.New(c.read, emulator.Options{PageLimit: 25}), 0, 0
		client := newClient(Config{Credentials: vectorCredentials, Endpoint: Endpoint{Override: "http://127.0.0.1"},
			Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
				if requests++; requests%pace.requests == 0 && written < 150 { // a list to which each request adds an image has no end
					for range pace.changes {
						c.write(written)
						written++
					}
				}
				request.RequestURI = request.URL.RequestURI()
				recorder := httptest.NewRecorder()
				emulated.ServeHTTP(recorder, request)
				return recorder.Result(), nil
			})})
		complete := 0
		for range 4 {
			images, err := readImages(t, t.Context(), client, nil)
			if err != nil {
				if err.Kind != KindListChanged {
					t.Errorf("%v: the error is %v", pace, err)
				}
				continue
			}
			complete++
			old := 0
			for _, image := range images {
				if strings.HasPrefix(image.ID, "old-") {
					old++
				}
				if !c.ever[image.ID] {
					t.Errorf("%v: image %s never was", pace, image.ID)
				}
			}
			if old != untouched {
				t.Errorf("%v: the list has %d of %d images that were there all the time", pace, old, untouched)
			}
		}
		if pace.requests > 2 && complete == 0 {
			t.Errorf("%v: no list could be read", pace)
		}
		t.Logf("%v: %d of 4 lists could be read", pace, complete)
	}
}
