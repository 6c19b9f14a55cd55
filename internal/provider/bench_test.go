// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// BenchmarkRead measures one read of 10,000 members through the provider's protocol.
func BenchmarkRead(b *testing.B) {
	fixtures := defaultFixtures(b)
	image := emulator.Image{ID: "many-members"}
	for i := range 10_000 {
		image.Members = append(image.Members, emulator.Member{
			MemberID: fmt.Sprintf("%032x", i*7919%10_000), Status: "accepted", CreatedAt: "2025-07-22T09:00:00Z", UpdatedAt: "2025-07-26T12:00:00Z",
		})
	}
	fixtures.Images = append(fixtures.Images, image)
	benchmarkRead(b, fixtures, imageMembersName, map[string]any{"image_id": image.ID})
}

// BenchmarkImages measures one read of a list of 10,000 images, in pages of 1,000.
func BenchmarkImages(b *testing.B) { benchmarkRead(b, manyImages(b, 10_000), imagesName, nil) }

func benchmarkRead(b *testing.B, fixtures emulator.Fixtures, dataSource string, arguments map[string]any) {
	b.Helper()
	_, env := startEmulator(b, fixtures, emulator.Options{DiscardRequests: true})
	server := startProvider(b, env)
	b.ReportAllocs()
	for b.Loop() {
		if resp := server.read(b, dataSource, arguments); len(resp.Diagnostics) > 0 {
			b.Fatal(describe(resp.Diagnostics))
		}
	}
}

// BenchmarkConfigure has keys of the usual length, with the characters that are written in many ways.
func BenchmarkConfigure(b *testing.B) {
	server := newProtocolServer(b, variables{})
	keys := map[string]any{
		"access_key": strings.Repeat("0123456789abcdef", 2), "secret_key": strings.Repeat("Ab1/+=", 7),
		"auth_token": strings.Repeat("eyJ.a_-", 100), "endpoint_override": "http://127.0.0.1:1",
	}
	b.ReportAllocs()
	for b.Loop() {
		if diagnostics := server.configure(b, keys); len(diagnostics) > 0 {
			b.Fatal(describe(diagnostics))
		}
	}
}
