// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// day is the date so many days from now.
func day(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }

// listed are the service's versions with 1.3 in a status, so many days before its date.
func listed(status string, days int) func(*emulator.Fixtures) {
	return func(fixtures *emulator.Fixtures) {
		fixtures.Versions = []emulator.Version{
			{ID: "v1.5", Status: "CURRENT", NotBefore: "2026-02-23"},
			{ID: "v1.3", Status: status, NotBefore: day(days)},
			{ID: "v1.2", Status: "SUPPORTED", NotBefore: day(days)},
		}
	}
}

func TestRecipesAPIVersions(t *testing.T) {
	const warning = "Warning: Check block assertion failed"
	silent := want{code: 0, says: none, never: []string{warning, "Error"}}
	for _, c := range []struct {
		name   string
		edit   func(*emulator.Fixtures)
		outage bool
		want   want
	}{
		{name: "the document's list", want: silent},
		{name: "200 days left", edit: listed("SUPPORTED", 200), want: silent},
		{name: "current, its date past", edit: listed("CURRENT", -30), want: silent},
		{name: "60 days left", edit: listed("DEPRECATED", 60), want: want{
			code: 0, says: []string{warning, "is guaranteed until " + day(60) + ". Move to 1.5."},
		}},
		{name: "supported, its date past", edit: listed("SUPPORTED", -1), want: want{
			code: 0, says: []string{warning, "was guaranteed until " + day(-1) + ". Move to 1.5."},
		}},
		{name: "deprecated, none later", edit: func(fixtures *emulator.Fixtures) {
			fixtures.Versions = []emulator.Version{
				{ID: "v1.2", Status: "SUPPORTED", NotBefore: day(60)},
				{ID: "v1.3", Status: "DEPRECATED", NotBefore: day(60)},
				{ID: "v1.4", Status: "PLANNED", NotBefore: day(90)},
			}
		}, want: want{code: 0, says: []string{warning, "no later version yet"}, never: []string{"Move to"}}},
		{name: "no longer listed", edit: func(fixtures *emulator.Fixtures) {
			fixtures.Versions = []emulator.Version{{ID: "v1.5", Status: "CURRENT"}, {ID: "v1.6", Status: "SUPPORTED"}}
		}, want: want{code: 1, says: []string{"no longer lists API version 1.3", "one of: 1.5, 1.6."}}},
		{name: "deprecated, without a date", edit: func(fixtures *emulator.Fixtures) {
			fixtures.Versions = []emulator.Version{{ID: "v1.3", Status: "DEPRECATED"}}
		}, want: want{code: 1, says: []string{"not a valid RFC3339 timestamp"}}},
		{name: "503", outage: true, want: want{code: 1, says: []string{"503"}}},
	} {
		inParallel(t, "api-versions", c.name, func(t *testing.T, r *row) {
			env := newService(t, c.edit).environment(c.outage)
			output, code := acc.NewTerraform(t, files(t, "api-versions")).Run(t, env, "plan", "-no-color", "-input=false")
			r.check(t, c.want, output, code)
		})
	}
}
