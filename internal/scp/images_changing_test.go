// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// Lists of many pages that are read while images come and go have every image that was there all the time, and none that never was, or
// are an error that says so.
func TestImagesWhileTheyChange(t *testing.T) {
	for _, pace := range []struct{ changes, requests int }{{1, 1}, {13, 1}, {1, 3}, {40, 7}} {
		fixtures, ever := fixtures(), map[string]bool{}
		add := func(id string, created time.Time) {
			ever[id] = true
			fixtures.Images = append(fixtures.Images, emulator.Image{ID: id, CreatedAt: created.Format(time.RFC3339)})
		}
		const untouched = 125 // every second image
		for i := range 2 * untouched {
			add(fmt.Sprintf("%s-%06d", []string{"old", "touched"}[i%2], i), time.Date(2025, 1, 1, 0, 0, i/3, 0, time.UTC)) // three at a time
		}
		// A change creates an image, and deletes, hides or takes away another one.
		changes, requests := 0, 0
		change := func() {
			add(fmt.Sprintf("new-%06d", changes), time.Date(2026, 1, 1, 0, 0, changes, 0, time.UTC))
			touched := slices.IndexFunc(fixtures.Images, func(image emulator.Image) bool {
				return !strings.HasPrefix(image.ID, "old-") && !image.OSHidden && image.Owner == ""
			})
			switch changes++; changes % 3 {
			case 0:
				fixtures.Images = slices.Delete(slices.Clone(fixtures.Images), touched, touched+1)
			case 1:
				fixtures.Images[touched].OSHidden = true
			default:
				fixtures.Images[touched].Owner, fixtures.Images[touched].Visibility = "somebody-else", "private"
			}
		}
		e := emulator.New(func() (emulator.Fixtures, error) { return fixtures, nil }, emulator.Options{PageLimit: 25})
		client := fakeClient(nil)
		client.config.Endpoint.Override = "http://127.0.0.1"
		client.config.Transport = roundTripper(func(request *http.Request) (*http.Response, error) {
			requests++ // a list to which each request adds an image has no end
			for i := 0; i < pace.changes && requests%pace.requests == 0 && changes < 100; i++ {
				change()
			}
			return inProcess(e)(request)
		})
		for range 3 {
			images, err := readImages(t, t.Context(), client, nil)
			if err != nil && err.Kind != KindListChanged {
				t.Errorf("%v: the error is %v", pace, err)
			}
			old := 0
			for _, image := range images {
				if strings.HasPrefix(image.ID, "old-") {
					old++
				}
				if !ever[image.ID] {
					t.Errorf("%v: image %s never was", pace, image.ID)
				}
			}
			if err == nil && old != untouched {
				t.Errorf("%v: the list has %d of %d images that were there all the time", pace, old, untouched)
			}
		}
	}
}
