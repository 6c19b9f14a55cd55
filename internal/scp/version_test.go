// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"slices"
	"testing"
	"time"
)

func TestAPIVersionsOfTheDocument(t *testing.T) {
	want := []string{
		"1.3 CURRENT 0001-01-01T00:00:00Z", "1.2 SUPPORTED 2026-08-31T00:00:00Z", "1.1 DEPRECATED 2026-05-31T00:00:00Z",
		"1.0 DEPRECATED 2025-12-31T00:00:00Z",
	}
	var got []string
	for _, v := range APIVersions() {
		got = append(got, v.Number+" "+v.Status+" "+v.GuaranteedUntil.Format(time.RFC3339))
	}
	if !slices.Equal(got, want) || DefaultAPIVersion != APIVersions()[0].Number {
		t.Errorf("the versions are %q, want %q; the default is %s", got, want, DefaultAPIVersion)
	}
}

func TestLookupAPIVersion(t *testing.T) {
	const newer, refused = "newer", "refused"
	text := "it must be one of "
	for _, known := range APIVersions() {
		text += known.Number + ", "
	}
	text += "or a later version in the form major.minor"
	for number, want := range map[string]string{
		"1.3": StatusCurrent, "1.2": StatusSupported, "1.1": StatusDeprecated, "1.0": StatusDeprecated,
		"1.4": newer, "1.10": newer, "2.0": newer, "10.0": newer, "1.9223372036854775807": newer,
		"": refused, "latest": refused, "v1.3": refused, "1": refused, "1.": refused, ".3": refused, "1.3.0": refused,
		"01.3": refused, "1.03": refused, "01.4": refused, "1.04": refused, "+1.4": refused, "-1.4": refused, "1.-4": refused, "2.-1": refused,
		"1.+4": refused, "0.9": refused, "1.4 ": refused, " 1.4": refused, "1.4\n": refused, "1,4": refused, "1.4.0": refused,
		"1.x": refused, "x.4": refused, "1.９": refused, "1.4-rc1": refused, "0x1.4": refused, "1.0_4": refused,
		"1.99999999999999999999": refused, "99999999999999999999.0": refused, "1.9223372036854775808": refused,
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

func TestAPIVersionPast(t *testing.T) {
	seoul := time.FixedZone("KST", 9*60*60)
	for _, c := range []struct {
		number string
		now    time.Time
		want   bool
	}{
		{"1.3", time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{"1.2", time.Date(2026, 8, 30, 23, 59, 59, 999999999, time.UTC), false},
		{"1.2", time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC), true},
		{"1.2", time.Date(2026, 8, 31, 8, 59, 59, 0, seoul), false}, // an instant, not the caller's calendar
		{"1.2", time.Date(2026, 8, 31, 9, 0, 0, 0, seoul), true},
		{"1.4", time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC), false},
	} {
		version, err := LookupAPIVersion(c.number)
		if err != nil {
			t.Fatal(err)
		}
		if got := version.Past(c.now); got != c.want {
			t.Errorf("%s at %s: past is %t, want %t", c.number, c.now, got, c.want)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"1.3", "1.3", 0}, {"1.10", "1.9", 1}, {"1.9", "1.10", -1}, {"2.0", "1.99", 1}, {"1.99", "2.0", -1},
		{"10.0", "9.9", 1}, {"", "0.0", 0}, {"x.1", "0.1", 0}, {"1", "1.0", 0},
	} {
		if got := compareVersions(c.a, c.b); got != c.want {
			t.Errorf("compareVersions(%q, %q) is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
