// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// A fault of a list gives one diagnostic and no list, unless a retry helps. More faults are in package scp's tests.
func TestListFaults(t *testing.T) {
	t.Parallel()
	private := map[string]any{"visibility": "private"}
	for _, test := range []struct {
		dataSource string
		arguments  map[string]any
		fault      emulator.Fault
		want       string // the title and a part of the diagnostic; empty for the complete list of 25 images
	}{
		{imagesName, nil, emulator.Fault{Status: 503, After: 1, First: 1}, ""},
		{imagesName, nil, emulator.Fault{Kind: "vanish", After: 1, First: 1}, ""},
		{imagesName, nil, emulator.Fault{Kind: "marker-ignored"}, "List Is Not Complete: is in the list twice"},
		{imagesName, nil, emulator.Fault{Kind: "vanish"}, "List Is Not Complete: 400 Bad Request"},
		{imagesName, nil, emulator.Fault{Kind: "empty-page"}, "List Is Not Complete: lacks the newest"},
		{imagesName, private, emulator.Fault{Kind: "filter-ignored"}, "Filter Ignored: another visibility than private"},
		{imagesName, nil, emulator.Fault{Kind: "next-on-empty"}, `Unusable Response: "next", which says that the list continues`},
		{imagesName, nil, emulator.Fault{Kind: "cut-off", After: 1}, "Connection Failed: ended before the response was complete"},
		{imagesName, nil, emulator.Fault{Status: 403}, "Permission Denied: virtualserver:ListImages"},
		{imagesName, nil, emulator.Fault{Status: 400}, "Request Rejected: Check the data source's filters"},

		{pendingName, nil, emulator.Fault{Kind: "next-on-empty"}, `Unusable Response: "next", which says that the list continues`},
		{pendingName, nil, emulator.Fault{Kind: "html"}, "Unusable Response: HTML"},
		{pendingName, nil, emulator.Fault{Body: new(`{}`)}, `Unusable Response: no "images" array`},
		{pendingName, nil, emulator.Fault{Body: new(`{"images":[{"id":"a","visibility":"shared"},{"id":"a","visibility":"shared"}]}`)},
			"List Is Not Complete: is in the list twice"},
		{pendingName, nil, emulator.Fault{Body: new(`{"images":[{"id":"a","visibility":"public"}]}`)}, "Filter Ignored: has another visibility"},
		{pendingName, nil, emulator.Fault{Status: 403}, "Permission Denied: virtualserver:ListPendingImages"},
		{pendingName, nil, emulator.Fault{Status: 400}, "Request Rejected: Check the data source's filters"},
	} {
		fixtures := manyImages(t, 25)
		fixtures.Faults = map[string]*emulator.Fault{"/v1/images": &test.fault, "/v1/pending-images": &test.fault}
		_, env := startEmulator(t, fixtures, emulator.Options{PageLimit: 10})
		env["SCP_TF_MAX_RETRIES"] = "1"
		server := startProvider(t, env)
		resp := server.read(t, test.dataSource, test.arguments)
		list, err := server.list(test.dataSource, resp.State, "images")
		if err != nil {
			t.Fatal(err)
		}
		got := describe(resp.Diagnostics)
		title, part, failed := strings.Cut(test.want, ": ")
		switch {
		case !failed && (len(resp.Diagnostics) > 0 || len(list) != 25):
			t.Errorf("%s, %v: there are %d images, want 25: %s", test.dataSource, &test.fault, len(list), got)
		case failed && (len(resp.Diagnostics) != 1 || list != nil || resp.Diagnostics[0].Summary != title || !strings.Contains(got, part)):
			t.Errorf("%s, %v: want %s, and no list:\n%s", test.dataSource, &test.fault, test.want, got)
		case strings.Contains(got, "image_id") || strings.Contains(got, "its members"):
			t.Errorf("%s, %v: it is about one image:\n%s", test.dataSource, &test.fault, got)
		}
	}
}
