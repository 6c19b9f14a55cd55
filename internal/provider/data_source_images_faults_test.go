// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// listFault is a fault of a list of 25 images in pages of ten, and its outcome.
type listFault struct {
	fault     emulator.Fault
	arguments map[string]any
	want      []string // of the diagnostic; none for the complete list
	requests  int
}

func listFaults() map[string]listFault {
	private := map[string]any{"visibility": "private"}
	return map[string]listFault{
		"the marker is ignored": {fault: emulator.Fault{Kind: "marker-ignored"}, requests: 6,
			want: []string{"List Is Not Complete", "is in the list twice", "a proxy may remove the query"}},
		"a page repeats": {fault: emulator.Fault{Kind: "repeat"}, requests: 6,
			want: []string{"List Is Not Complete", "is in the list twice", "Run again"}},
		"the marker is gone": {fault: emulator.Fault{Kind: "vanish"}, requests: 6,
			want: []string{"List Is Not Complete", "400 Bad Request", "Run again"}},
		"the marker is gone, once":    {fault: emulator.Fault{Kind: "vanish", After: 1, First: 1}, requests: 7},
		"the marker is refused, once": {fault: emulator.Fault{Status: 400, After: 2, First: 1}, requests: 8},
		"the filter is ignored": {fault: emulator.Fault{Kind: "filter-ignored"}, arguments: private, requests: 1,
			want: []string{"Filter Ignored", "another visibility than private", "leave visibility out"}},
		"a next page on the empty one": {fault: emulator.Fault{Kind: "next-on-empty"}, requests: 4,
			want: []string{"Unusable Response", `"next", which says that the list continues`, "instead of returning a shorter list"}},
		"another total": {fault: emulator.Fault{Extra: map[string]any{"total_count": 24}}, requests: 4,
			want: []string{"Unusable Response", `"total_count", which contradicts the list of length 25`}},
		"cut off": {
			fault: emulator.Fault{Kind: "cut-off", After: 1}, requests: 3,
			want: []string{"Connection Failed", "ended before the response was complete"},
		},
		"403": {fault: emulator.Fault{Status: 403}, requests: 1, want: []string{"Permission Denied", "virtualserver:ListImages"}},
		"404": {fault: emulator.Fault{Status: 404}, requests: 1, want: []string{"Unexpected Status", "404 Not Found"}},
		"400": {
			fault: emulator.Fault{Status: 400}, requests: 1, want: []string{"Request Rejected", "Check the data source's filters"},
		},
		"a page fails once": {fault: emulator.Fault{Status: 503, After: 1, First: 1}, requests: 6},
		"an empty page with images behind it": {fault: emulator.Fault{Kind: "empty-page"}, requests: 12,
			want: []string{"List Is Not Complete", "lacks the newest", "empty page"}},
		"an empty page, once":             {fault: emulator.Fault{Kind: "empty-page", After: 1, First: 1}, requests: 6},
		"the marker is not visible, once": {fault: emulator.Fault{Status: 403, After: 1, First: 1}, requests: 7},
		"the right total":                 {fault: emulator.Fault{Extra: map[string]any{"total_count": 25}}, requests: 5},
		"a next page elsewhere":           {fault: emulator.Fault{Extra: map[string]any{"next": "/v1/images?marker=x"}, First: 3}, requests: 5},
	}
}

// startListFault starts the emulator of a case.
func startListFault(t *testing.T, test listFault) (*emulator.Emulator, variables) {
	t.Helper()
	fixtures := manyImages(t, 25)
	fixtures.Faults = map[string]*emulator.Fault{"/v1/images": &test.fault}
	e, env := startEmulator(t, fixtures, emulator.Options{PageLimit: 10})
	env["SCP_TF_MAX_RETRIES"] = "1"
	return e, env
}

// Each fault of a list gives a diagnostic and no list, unless a retry helps.
func TestImagesFaults(t *testing.T) {
	t.Parallel()
	for name, test := range listFaults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, env := startListFault(t, test)
			server := startProvider(t, env)
			resp := server.read(t, imagesName, test.arguments)
			if got := len(e.Requests()); got != test.requests {
				t.Errorf("%d requests were sent, want %d", got, test.requests)
			}
			list, err := server.list(imagesName, resp.State, "images")
			if err != nil {
				t.Fatal(err)
			}
			if test.want == nil {
				if len(resp.Diagnostics) != 0 || len(list) != 25 {
					t.Errorf("there are %d images and the diagnostics %v, want all 25", len(list), describe(resp.Diagnostics))
				}
				return
			}
			if len(resp.Diagnostics) != 1 || list != nil {
				t.Fatalf("there are %d images and the diagnostics %v, want one and no list", len(list), describe(resp.Diagnostics))
			}
			text := resp.Diagnostics[0].Summary + "\n" + resp.Diagnostics[0].Detail
			for _, want := range test.want {
				if !strings.Contains(text, want) || !strings.HasPrefix(text, test.want[0]+"\n") {
					t.Errorf("the diagnostic does not say %q:\n%s", want, text)
				}
			}
			if strings.Contains(text, "image_id") || strings.Contains(text, "its members") {
				t.Errorf("the diagnostic of a list is about one image:\n%s", text)
			}
		})
	}
}
