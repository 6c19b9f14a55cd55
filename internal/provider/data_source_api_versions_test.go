// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// The versions are sorted by number, with what SCP says of them. The request carries nothing of the keys.
func TestAPIVersions(t *testing.T) {
	t.Parallel()
	document := defaultFixtures(t).Versions
	for name, test := range map[string]struct {
		versions []emulator.Version
		fault    *emulator.Fault
		want     string // version status not_before of each, or of an error the title and a part
	}{
		"the document's": {
			document, nil, "1.0 DEPRECATED 2025-12-31, 1.1 DEPRECATED 2026-05-31, 1.2 SUPPORTED 2026-08-31, 1.3 CURRENT 2026-02-23",
		},
		"1.3 deprecated": {
			[]emulator.Version{
				{ID: "v1.10", Status: "PLANNED"}, {ID: "v1.5", Status: "CURRENT", NotBefore: "2027-09-01"},
				{ID: "v1.3", Status: "DEPRECATED", NotBefore: "2027-02-23"},
			},
			nil, "1.3 DEPRECATED 2027-02-23, 1.5 CURRENT 2027-09-01, 1.10 PLANNED ",
		},
		"the pin missing": {[]emulator.Version{{ID: "v1.5", Status: "CURRENT"}}, nil, "1.5 CURRENT "},
		"none":            {nil, nil, `Unusable Response: "versions" array is empty`},
		"garbage":         {[]emulator.Version{{ID: "latest"}}, nil, "Unusable Response: not one like v1.3"},
		"HTML":            {document, &emulator.Fault{Kind: "html"}, "Unusable Response: HTML"},
		"404":             {document, &emulator.Fault{Status: 404}, "Unexpected Status: 404 Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			fixtures := defaultFixtures(t)
			fixtures.AuthToken, fixtures.Versions = "session-token", test.versions
			e, env := startEmulator(t, fixtures, emulator.Options{Fault: test.fault})
			server := startProvider(t, env)
			resp := server.read(t, apiVersionsName, nil)
			list, err := server.list(apiVersionsName, resp.State, "versions")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, version := range list {
				got = append(got, textsOf(t, version, "version", "status", "not_before"))
			}
			if title, part, failed := strings.Cut(test.want, ": "); failed {
				if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != title || !strings.Contains(resp.Diagnostics[0].Detail, part) {
					t.Errorf("got %s, want %s", describe(resp.Diagnostics), test.want)
				}
			} else if strings.Join(got, ", ") != test.want || len(resp.Diagnostics) > 0 {
				t.Errorf("got %v and %s, want %s", got, describe(resp.Diagnostics), test.want)
			} else if state, err := resp.State.Unmarshal(server.dataSources[apiVersionsName]); err != nil ||
				textsOf(t, state, "pinned") != scp.DefaultAPIVersion {
				t.Errorf("the pinned version is not %s: %v, %v", scp.DefaultAPIVersion, state, err)
			}
			for _, request := range e.Requests() {
				for header := range request.Header {
					if strings.HasPrefix(header, "Scp-") || header == "X-Auth-Token" || header == "Authorization" {
						t.Errorf("an unsigned request carries %s", header)
					}
				}
			}
			if requests := e.Requests(); len(requests) != 1 || requests[0].URI != "/" {
				t.Errorf("got the requests %v, want one for /", requests)
			}
		})
	}
}

// textsOf returns the texts of an object's attributes, with blanks between.
func textsOf(t testing.TB, object tftypes.Value, attributes ...string) string {
	t.Helper()
	var values map[string]tftypes.Value
	if err := object.As(&values); err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(attributes))
	for i, attribute := range attributes {
		if err := values[attribute].As(&texts[i]); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(texts, " ")
}
