// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"net/http"
	"regexp"
	"strings"
)

var label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// isRegion reports whether a region can be called so. v1 begins the paths without a region.
func isRegion(name string) bool { return name != "v1" && label.MatchString(name) }

// withoutRegion returns r as if its path had no region before it, with the region as a value of the path. The
// signature is over the URL as sent, which RequestURI still has.
func withoutRegion(r *http.Request) *http.Request {
	region, _, found := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	if !found || !isRegion(region) {
		return r
	}
	stripped, url := *r, *r.URL
	url.Path = strings.TrimPrefix(url.Path, "/"+region)
	url.RawPath = strings.TrimPrefix(url.RawPath, "/"+region)
	stripped.URL = &url
	stripped.SetPathValue("region", region)
	return &stripped
}
