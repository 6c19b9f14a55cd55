// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

const versionsConfiguration = `data "scp_virtualserver_api_versions" "test" {}`

func TestAPIVersions(t *testing.T) {
	t.Parallel()
	document := defaultFixtures(t).Versions
	tests := map[string]struct {
		versions []emulator.Version
		fault    *emulator.Fault
		want     [][3]string // version, status, not_before
		error    string
	}{
		"the document's": {
			versions: document,
			want: [][3]string{
				{"1.0", "DEPRECATED", "2025-12-31"}, {"1.1", "DEPRECATED", "2026-05-31"}, {"1.2", "SUPPORTED", "2026-08-31"},
				{"1.3", "CURRENT", "2026-02-23"},
			},
		},
		"1.3 deprecated": {
			versions: []emulator.Version{
				{ID: "v1.10", Status: "PLANNED"}, {ID: "v1.5", Status: "CURRENT", NotBefore: "2027-09-01"},
				{ID: "v1.3", Status: "DEPRECATED", NotBefore: "2027-02-23"},
			},
			want: [][3]string{{"1.3", "DEPRECATED", "2027-02-23"}, {"1.5", "CURRENT", "2027-09-01"}, {"1.10", "PLANNED", ""}},
		},
		"the pin missing": {versions: []emulator.Version{{ID: "v1.5", Status: "CURRENT"}}, want: [][3]string{{"1.5", "CURRENT", ""}}},
		"none":            {error: `Unusable Response[\s\S]*"versions"\s+array\s+is\s+empty`},
		"garbage":         {versions: []emulator.Version{{ID: "latest"}}, error: `Unusable Response[\s\S]*not\s+one\s+like\s+v1.3`},
		"HTML":            {versions: document, fault: &emulator.Fault{Kind: "html"}, error: `Unusable Response`},
		"outage":          {versions: document, fault: &emulator.Fault{Status: 503}, error: `SCP Server Error`},
		"404":             {versions: document, fault: &emulator.Fault{Status: 404}, error: `Unexpected Status[\s\S]*404 Not Found`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			fixtures := defaultFixtures(t)
			fixtures.AuthToken = "session-token"
			fixtures.Versions = test.versions
			e, env := startEmulator(t, fixtures, emulator.Options{Fault: test.fault})
			env["SCP_TF_MAX_RETRIES"] = "0"
			step := resource.TestStep{Config: versionsConfiguration}
			if test.error != "" {
				step.ExpectError = regexp.MustCompile(test.error)
			} else {
				var versions []knownvalue.Check
				for _, want := range test.want {
					versions = append(versions, knownvalue.ObjectExact(map[string]knownvalue.Check{
						"version": knownvalue.StringExact(want[0]), "status": knownvalue.StringExact(want[1]), "not_before": knownvalue.StringExact(want[2]),
					}))
				}
				address := "data.scp_virtualserver_api_versions.test"
				step.ConfigStateChecks = []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("versions"), knownvalue.ListExact(versions)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("pinned"), knownvalue.StringExact(scp.DefaultAPIVersion)),
				}
			}
			runSteps(t, env, step)
			for _, request := range e.Requests() {
				if request.URI != "/" {
					t.Errorf("the request was for %s, want /", request.URI)
				}
				for header := range request.Header {
					if strings.HasPrefix(header, "Scp-") || header == "X-Auth-Token" || header == "Authorization" {
						t.Errorf("an unsigned request carries %s", header)
					}
				}
			}
			if len(e.Requests()) == 0 {
				t.Error("no request arrived")
			}
		})
	}
}

// The advice on a rejected API version names the data source that lists the versions.
func TestRetiredVersionLeadsToTheList(t *testing.T) {
	t.Parallel()
	fixtures := defaultFixtures(t)
	fixtures.Versions = []emulator.Version{{ID: "v1.5", Status: "CURRENT"}}
	_, env := startEmulator(t, fixtures, emulator.Options{})
	runSteps(t, env, resource.TestStep{
		Config:      readConfiguration(documentImage),
		ExpectError: regexp.MustCompile(`API Version Not Accepted[\s\S]*scp_virtualserver_api_versions`),
	})
}

// The list of a region is read from that region's host.
func TestAPIVersionsRegion(t *testing.T) {
	t.Parallel()
	e, url := startBelow(t, defaultFixtures(t), "/kr-east1")
	env := variables{}.set(emulator.Environment(url+"/{region}", defaultFixtures(t))...)
	runSteps(t, env, resource.TestStep{Config: `data "scp_virtualserver_api_versions" "test" { region = "kr-east1" }`})
	if requests := e.Requests(); len(requests) == 0 || requests[0].URI != "/kr-east1/" {
		t.Errorf("got %v, want a request for /kr-east1/", requests)
	}
}
