// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// benchmarkImages is one read of a list of n images, in pages of 1,000, through the provider's protocol.
func benchmarkImages(b *testing.B, n int) {
	_, env := startEmulator(b, gallery(b, n), emulator.Options{DiscardRequests: true})
	server := newProtocolServer(b, env)
	server.configure(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		if resp := server.read(b, imagesName, nil, false); len(resp.Diagnostics) > 0 {
			b.Fatal(resp.Diagnostics)
		}
	}
}

// benchmarkImagesFloor gets and decodes the same pages with the standard library alone.
func benchmarkImagesFloor(b *testing.B, n int) {
	e, env := startEmulator(b, gallery(b, n), emulator.Options{})
	server := newProtocolServer(b, env)
	server.configure(b, nil)
	server.read(b, imagesName, nil, false)
	pages := e.Requests()
	b.ReportAllocs()
	for b.Loop() {
		images := 0
		for _, page := range pages {
			request, err := http.NewRequest(http.MethodGet, "http://"+page.Host+page.URI, nil)
			if err != nil {
				b.Fatal(err)
			}
			request.Header = page.Header.Clone()
			request.Header.Del("Accept-Encoding")
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				b.Fatal(err)
			}
			var answer struct{ Images []emulator.Image }
			if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
				b.Fatal(err)
			}
			images += len(answer.Images)
			_ = response.Body.Close()
		}
		if images != n {
			b.Fatal(images)
		}
	}
}

func BenchmarkImages(b *testing.B) { b.Run("10000", func(b *testing.B) { benchmarkImages(b, 10_000) }) }
func BenchmarkImagesFloor(b *testing.B) {
	b.Run("10000", func(b *testing.B) { benchmarkImagesFloor(b, 10_000) })
}
