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

// A response that contradicts its list is an error.
func TestPendingImagesFaults(t *testing.T) {
	t.Parallel()
	for want, fault := range map[string]emulator.Fault{
		`Unusable Response: "next", which says that the list continues`: {Kind: "next-on-empty"},
		"Unusable Response: HTML":              {Kind: "html"},
		`Unusable Response: no "images" array`: {Body: new(`{}`)},
		"List Is Not Complete: is in the list twice": {
			Body: new(`{"images":[{"id":"a","visibility":"shared"},{"id":"a","visibility":"shared"}]}`),
		},
		`Filter Ignored: has another visibility than shared`: {Body: new(`{"images":[{"id":"a","visibility":"public"}]}`)},
		"Permission Denied: virtualserver:ListPendingImages": {Status: 403},
		"Request Rejected: the data source's filters":        {Status: 400},
		"Unexpected Status: 404 Not Found":                   {Status: 404},
	} {
		fixtures := defaultFixtures(t)
		fixtures.Images, fixtures.Faults = nil, map[string]*emulator.Fault{"/v1/pending-images": &fault}
		_, env := startEmulator(t, fixtures, emulator.Options{})
		server := startProvider(t, env)
		resp := server.read(t, pendingName, nil)
		if len(resp.Diagnostics) != 1 {
			t.Errorf("%s: the diagnostics are %v", want, describe(resp.Diagnostics))
			continue
		}
		got := resp.Diagnostics[0]
		if summary, detail, _ := strings.Cut(want, ": "); got.Summary != summary || !strings.Contains(got.Detail, detail) {
			t.Errorf("got %s, want %s:\n%s", got.Summary, want, got.Detail)
		}
	}
}
