// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"go/version"
	"regexp"
	"strings"
	"time"
)

// DefaultAPIVersion is the API version that is pinned when the configuration names none.
const DefaultAPIVersion = "1.3"

// StatusDeprecated is the status word for a version that is about to be retired, or retired.
const StatusDeprecated = "DEPRECATED"

// APIVersion is one version of the virtualserver API as the vendor's document has it.
type APIVersion struct {
	Number          string // "major.minor"
	Status          string // CURRENT, SUPPORTED (bug fixes only) or DEPRECATED
	GuaranteedUntil string // the date (UTC) from which its support is no longer guaranteed; empty where the document gives none
}

// APIVersions are the versions of the image members document, newest first.
// Source: the table of versions on docs.e.samsungsdscloud.com.
func APIVersions() []APIVersion {
	return []APIVersion{
		{Number: "1.3", Status: "CURRENT"},
		{Number: "1.2", Status: "SUPPORTED", GuaranteedUntil: "2026-08-31"},
		{Number: "1.1", Status: StatusDeprecated, GuaranteedUntil: "2026-05-31"},
		{Number: "1.0", Status: StatusDeprecated, GuaranteedUntil: "2025-12-31"},
	}
}

// LookupAPIVersion finds a version by its number. A well-formed number above all known ones is returned with an empty status: SCP may have
// it, this release does not know it. Anything else is an error that lists the known versions.
func LookupAPIVersion(number string) (APIVersion, error) {
	known := APIVersions()
	var numbers []string
	for _, v := range known {
		if v.Number == number {
			return v, nil
		}
		numbers = append(numbers, v.Number)
	}
	if versionForm.MatchString(number) && compareVersions(number, known[0].Number) > 0 {
		return APIVersion{Number: number}, nil
	}
	return APIVersion{}, fmt.Errorf("it must be one of %s, or a later version in the form major.minor", strings.Join(numbers, ", "))
}

// Past reports whether the date to which the version is guaranteed has come.
func (v APIVersion) Past(now time.Time) bool {
	return v.GuaranteedUntil != "" && now.UTC().Format(time.DateOnly) >= v.GuaranteedUntil
}

// versionForm is the one way of writing a number: "1.4", not "01.4", "1.4.0" or "v1.4".
var versionForm = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)

// compareVersions orders two numbers, as [cmp.Compare] does. Go's own versions are written in the same way.
func compareVersions(a, b string) int { return version.Compare("go"+a, "go"+b) }
