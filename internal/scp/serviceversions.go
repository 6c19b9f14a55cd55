// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"slices"
	"strings"
)

// ServiceVersion is an API version that the service says it has. A nil field was null or absent.
// Source: "API version list" on docs.e.samsungsdscloud.com.
type ServiceVersion struct {
	Number    string  `json:"id"`         // "major.minor"; the API's id has a v before it
	Status    *string `json:"status"`     // CURRENT, SUPPORTED, DEPRECATED, PLANNED
	NotBefore *string `json:"not_before"` // a date, as the API sent it
}

// ServiceVersions returns the versions that the service has at this moment, sorted by number and never none. The request is not signed and
// carries no credentials.
func (c *Client) ServiceVersions(ctx context.Context, region string) ([]ServiceVersion, error) {
	versions, failure := readList(WithLog(ctx), c, region, operation{path: []string{"/"}, unsigned: true},
		list[ServiceVersion]{name: "versions", check: checkVersions})
	if failure != nil {
		return nil, failure
	}
	slices.SortStableFunc(versions, func(a, b ServiceVersion) int { return compareVersions(a.Number, b.Number) })
	return versions, nil
}

// checkVersions takes the v from the IDs of the versions, of which there must be one.
func checkVersions(versions []ServiceVersion) *Error {
	if len(versions) == 0 {
		return unusableList(`its "versions" array is empty`)
	}
	for i := range versions {
		number, ok := strings.CutPrefix(versions[i].Number, "v")
		if !ok || !versionForm.MatchString(number) {
			return unusableList("version %d of %d has the ID %q, not one like v1.3", i+1, len(versions), versions[i].Number)
		}
		versions[i].Number = number
	}
	return nil
}
