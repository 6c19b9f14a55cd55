// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"testing"
	"time"
)

func TestLookupAPIVersion(t *testing.T) {
	const newer, refused = "newer", "refused"
	if DefaultAPIVersion != APIVersions()[0].Number {
		t.Errorf("the default is %s, not the newest", DefaultAPIVersion)
	}
	text := "it must be one of "
	for _, known := range APIVersions() {
		text += known.Number + ", "
	}
	text += "or a later version in the form major.minor"
	for number, want := range map[string]string{
		"1.3": "CURRENT", "1.2": "SUPPORTED", "1.1": StatusDeprecated, "1.0": StatusDeprecated,
		"1.4": newer, "1.10": newer, "2.0": newer, "10.0": newer, "1.99999999999999999999": newer,
		"": refused, "latest": refused, "v1.3": refused, "1": refused, "1.": refused, ".3": refused, "1.3.0": refused,
		"01.3": refused, "1.03": refused, "01.4": refused, "1.04": refused, "+1.4": refused, "-1.4": refused, "1.-4": refused, "2.-1": refused,
		"1.+4": refused, "0.9": refused, "1.4 ": refused, " 1.4": refused, "1.4\n": refused, "1,4": refused, "1.4.0": refused,
		"1.x": refused, "x.4": refused, "1.９": refused, "1.4-rc1": refused, "0x1.4": refused, "1.0_4": refused,
	} {
		t.Run(number, func(t *testing.T) {
			version, err := LookupAPIVersion(number)
			if want == refused {
				if err == nil || err.Error() != text {
					t.Errorf("the error is %v, want %s", err, text)
				}
				if version != (APIVersion{}) {
					t.Errorf("the version is %v, want none", version)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			status := want
			if want == newer {
				status = ""
			}
			if version.Number != number || version.Status != status {
				t.Errorf("got %q with the status %q, want %q with %q", version.Number, version.Status, number, status)
			}
		})
	}
}

// The date is of UTC, whatever the zone of this machine.
func TestAPIVersionPast(t *testing.T) {
	version, err := LookupAPIVersion("1.2")
	end := time.Date(2026, time.August, 31, 9, 0, 0, 0, time.FixedZone("KST", 9*60*60))
	if err != nil || version.Past(end.Add(-1)) || !version.Past(end) {
		t.Errorf("past just before: %t, at %s: %t; %v", version.Past(end.Add(-1)), end, version.Past(end), err)
	}
}
