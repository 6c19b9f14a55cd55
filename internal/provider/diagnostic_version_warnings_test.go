// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

func TestVersionWarnings(t *testing.T) {
	t.Parallel()
	at := func(date string) time.Time {
		t.Helper()
		moment, err := time.Parse(time.DateTime, date)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	tests := map[string]struct {
		version string
		now     time.Time
		summary string
		detail  string
	}{
		"current":               {"1.3", at("2030-01-01 00:00:00"), "", ""},
		"supported, before":     {"1.2", at("2026-08-30 23:59:59"), "", ""},
		"supported, on the day": {"1.2", at("2026-08-31 00:00:00"), "API Version Past Its Guaranteed Date", "until 2026-08-31"},
		"deprecated, before":    {"1.1", at("2026-05-01 00:00:00"), "Deprecated API Version", "only until 2026-05-31."},
		"deprecated, after":     {"1.0", at("2026-01-01 00:00:00"), "API Version Past Its Guaranteed Date", "until 2025-12-31"},
		"newer":                 {"1.5", at("2026-01-01 00:00:00"), "Untested API Version", "version 1.5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			version, err := scp.LookupAPIVersion(test.version)
			if err != nil {
				t.Fatal(err)
			}
			diags := versionWarnings(version, "the environment variable SCP_TF_API_VERSION", test.now)
			if test.summary == "" {
				if len(diags) != 0 {
					t.Errorf("got %v, want no warning", diags)
				}
				return
			}
			if len(diags) != 1 || diags[0].Summary() != test.summary || !strings.Contains(diags[0].Detail(), test.detail) ||
				!strings.Contains(diags[0].Detail(), "by the environment variable SCP_TF_API_VERSION") {
				t.Errorf("got %v, want one warning %q with %q", diags, test.summary, test.detail)
			}
		})
	}
}
