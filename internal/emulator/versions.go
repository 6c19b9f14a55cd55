// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Version is an entry of the service's list of versions, as its root lists it.
type Version struct {
	ID        string `json:"id"` // with a v: "v1.3"
	NotBefore string `json:"not_before"`
	Status    string `json:"status"`
}

// apiVersions replies to GET / of the service.
func apiVersions(c call) *reply {
	type link struct {
		Href string `json:"href"`
		Rel  string `json:"rel"`
	}
	type version struct {
		Version
		Links []link `json:"links"`
	}
	path, _, _ := strings.Cut(c.RequestURI, "?")
	self := []link{{Href: origin(c.Request) + path, Rel: "self"}}
	versions := []version{}
	for _, v := range c.fixtures.Versions {
		versions = append(versions, version{v, self})
	}
	return &reply{http.StatusOK, map[string]any{"versions": versions}}
}

// checkVersion returns the reply to a request for a version that is not in the list, or nil. Without the header
// the current version responds. What SCP says to a retired version is not documented; 406 was seen once.
func checkVersion(c call) *reply {
	header, sent := c.Header["Scp-Api-Version"]
	if !sent {
		return nil
	}
	number, ok := strings.CutPrefix(header[0], "virtualserver ")
	if ok && slices.ContainsFunc(c.fixtures.Versions, func(v Version) bool { return v.ID == "v"+number }) {
		return nil
	}
	return serviceError(http.StatusNotAcceptable, "NotAcceptable", fmt.Sprintf("Scp-Api-Version %q is not supported.", header[0]))
}
