// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"strconv"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// since is what some cases ask of the engine, with the minor version of 1 that each engine has it from. The recipes
// themselves need Terraform 1.5 or OpenTofu 1.6, and "test" needs the mocks.
var since = map[string]map[string]int{
	"mocks":                    {"Terraform": 7, "OpenTofu": 8},
	"files named .tofu":        {"OpenTofu": 8},
	"-exclude":                 {"OpenTofu": 9},
	"variables with ephemeral": {"Terraform": 10, "OpenTofu": 11},
}

// has tells whether the engine of this run has something.
func has(t *testing.T, what string) bool {
	t.Helper()
	acc.NeedTerraform(t)
	engines, known := since[what]
	name, version, _ := strings.Cut(acc.Engine, " v1.")
	digits, _, _ := strings.Cut(version, ".")
	minor, err := strconv.Atoi(digits)
	if !known || err != nil {
		t.Fatalf("nothing says whether %s has %s", acc.Engine, what)
	}
	first, ever := engines[name]
	return ever && minor >= first
}

// needs skips a case that the engine of this run cannot run, and has the report say why.
func (r *row) needs(t *testing.T, things ...string) {
	t.Helper()
	for _, what := range things {
		if !has(t, what) {
			r.said = acc.Engine + " has no " + what
			t.Skip("NOT RUN: " + r.said)
		}
	}
}
