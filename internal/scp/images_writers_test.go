// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// An account whose newest image is replaced once a second is read 200 times, each page in 100 ms. The time is that of a clock that the
// requests move on. No list is one that the account never had meanwhile; errors are rare, and none if the writer keeps its pace.
func TestImagesUnderAWriter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const lists, latency = 200, 100 * time.Millisecond
	for _, c := range []struct {
		name   string
		images int
		wait   func() time.Duration // until the next change
		errors int                  // at most
	}{
		{"two images, each second", 2, func() time.Duration { return time.Second }, 0},
		{"one image, each second", 1, func() time.Duration { return time.Second }, 0},
		{"two images, at random", 2, func() time.Duration { return time.Duration(random.ExpFloat64() * float64(time.Second)) }, 3},
		{"one image, at random", 1, func() time.Duration { return time.Duration(random.ExpFloat64() * float64(time.Second)) }, 3},
	} {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		fixtures := fixtures()
		image := func(n int) emulator.Image {
			return emulator.Image{ID: fmt.Sprintf("image-%d", n), CreatedAt: now.Format(time.RFC3339Nano)}
		}
		for n := range c.images {
			fixtures.Images = append(fixtures.Images, image(n))
		}
		changes, next := 0, now.Add(c.wait())
		e := emulator.New(func() (emulator.Fixtures, error) {
			for ; !now.Before(next); next = next.Add(c.wait()) {
				changes++
				fixtures.Images = append(slices.Clone(fixtures.Images[:c.images-1]), image(c.images-1+changes))
			}
			return fixtures, nil
		}, emulator.Options{Now: func() time.Time { return now }, DiscardRequests: true})
		reads, requests := 0, 0
		client := newClient(Config{
			Credentials: vectorCredentials, Endpoint: Endpoint{Override: "http://127.0.0.1"}, MaxRetries: DefaultMaxRetries,
			Now: func() time.Time { return now },
			Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
				requests++
				if query := request.URL.Query(); !query.Has("marker") && query.Get("sort") == "created_at:asc" {
					reads++
				}
				now = now.Add(latency)
				return inProcess(e)(request)
			}),
		})
		failed := 0
		for range lists {
			now = now.Add(time.Duration(random.IntN(1000)) * time.Millisecond)
			before := changes
			images, err := readImages(t, t.Context(), client, nil)
			if err != nil {
				failed++
				if err.Kind != KindListChanged {
					t.Errorf("%s: the error is %v", c.name, err)
				}
				continue
			}
			if len(images) != c.images {
				t.Fatalf("%s: there are %d images", c.name, len(images))
			}
			var newest int
			_, scanned := fmt.Sscanf(images[c.images-1].ID, "image-%d", &newest)
			if newest -= c.images - 1; scanned != nil || newest < before || newest > changes || c.images == 2 && images[0].ID != "image-0" {
				t.Errorf("%s: after %d to %d changes the list ends with that of change %d", c.name, before, changes, newest)
			}
		}
		if failed > c.errors || reads == lists {
			t.Errorf("%s: %d of %d lists failed, want at most %d; there were %d reads", c.name, failed, lists, c.errors, reads)
		}
	}
}
