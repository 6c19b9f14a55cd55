// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The list has the images that others offer, sorted, and each filter makes it shorter.
func TestPendingImages(t *testing.T) {
	t.Parallel()
	fixtures := defaultFixtures(t)
	accounts := fixtures.AllAccounts()
	offered := func(id, status string) emulator.Image {
		return emulator.Image{ID: id, Owner: accounts[1].ID, Members: []emulator.Member{{MemberID: accounts[0].ID, Status: status}}}
	}
	other, original := offered("c", "pending"), offered("b", "pending")
	other.SCPImageType, original.SCPOriginalImageType = "standard", "gpu"
	fixtures.Images = []emulator.Image{other, original, offered("a", "pending"), offered("accepted", "accepted"), {ID: "own"}}
	for want, arguments := range map[string]map[string]any{
		"a b c": nil,
		"c":     {"scp_image_type": "standard"},
		"b":     {"scp_original_image_type": "gpu"},
		"":      {"scp_image_type": "none"},
	} {
		_, env := startEmulator(t, fixtures, emulator.Options{})
		server := startProvider(t, env)
		resp := server.read(t, pendingName, arguments)
		if len(resp.Diagnostics) != 0 {
			t.Fatal(resp.Diagnostics[0].Summary, resp.Diagnostics[0].Detail)
		}
		list, err := server.list(pendingName, resp.State, "images")
		if got := strings.Join(ids(t, list), " "); err != nil || list == nil || got != want {
			t.Errorf("%v: the images are %q, %v, want %q", arguments, got, err, want)
		}
	}
}
