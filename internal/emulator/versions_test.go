// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// A version of the list is served, and the current one without a header. The gateway comes first: a bad signature gets no word
// about versions.
func TestVersionHeader(t *testing.T) {
	url := start(t, emulator.Options{})
	for _, path := range []string{membersPath(documentImage), "/v1/images", "/v1/pending-images"} {
		c := get(url + path)
		for _, good := range []string{"virtualserver 1.3", "virtualserver 1.2", "virtualserver 1.1", "virtualserver 1.0", ""} {
			c.version = good
			c.gets(t, "200")
		}
		for _, bad := range []string{
			"virtualserver 1.4", "virtualserver 0.9", "virtualserver 2.0", "virtualserver 1", "virtualserver 1.3.0", "virtualserver 01.3",
			"virtualserver v1.3", "virtualserver  1.3", "virtualserver", "virtualserver/1.3", "virtualserver1.3", "Virtualserver 1.3",
			"virtual-server 1.3", "iam 1.3", "1.3", "garbage",
		} {
			c.version = bad
			c.gets(t, "406 NotAcceptable")
		}
		c.edit = func(r *http.Request) { r.Header["Scp-Api-Version"] = []string{""} } // there, but empty
		c.gets(t, "406 NotAcceptable")
		c.secretKey = "wrong"
		c.gets(t, "401 HmacValidFail")
	}
	// The list decides: a version that the fixtures retire is rejected, one that they add is served.
	fixtures := defaultFixtures(t)
	fixtures.Versions = []emulator.Version{{ID: "v1.5"}}
	c := get(startWith(t, fixtures) + membersPath(documentImage))
	c.gets(t, "406 NotAcceptable")
	c.version = "virtualserver 1.5"
	c.gets(t, "200")
}

// The list needs no signature, and a bad one or a bad version does no harm. Its links lead to itself.
func TestVersionList(t *testing.T) {
	url := start(t, emulator.Options{})
	badPin := bare(url + "/")
	badPin.version = "garbage"
	for _, c := range []call{
		bare(url + "/"), bare(url), get(url + "/"), {method: http.MethodGet, url: url + "/", accessKey: "unknown", timestamp: "now"}, badPin,
		bare(url + "/?a=b"), bare(url + "/kr-east1/"),
	} {
		self := url + "/"
		if c.url == url+"/kr-east1/" {
			self = c.url
		}
		want := []any{}
		for _, v := range [][3]string{
			{"v1.3", "2026-02-23", "CURRENT"}, {"v1.2", "2026-08-31", "SUPPORTED"}, {"v1.1", "2026-05-31", "DEPRECATED"},
			{"v1.0", "2025-12-31", "DEPRECATED"},
		} {
			want = append(want, map[string]any{"id": v[0], "not_before": v[1], "status": v[2],
				"links": []any{map[string]any{"href": self, "rel": "self"}}})
		}
		if got := c.gets(t, "200").object(t); !reflect.DeepEqual(got, map[string]any{"versions": want}) {
			t.Errorf("%s: the list is %v, want %v", c.url, got, want)
		}
	}
	if got := bare(startWith(t, emulator.Fixtures{})+"/").gets(t, "200"); got.body != "{\"versions\":[]}\n" {
		t.Errorf("without versions the list is %s", got.body)
	}
}
