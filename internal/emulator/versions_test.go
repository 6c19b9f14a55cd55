// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

func TestVersionHeader(t *testing.T) {
	url := start(t, emulator.Options{})
	for header, want := range map[string]int{
		"virtualserver 1.3": http.StatusOK,
		"virtualserver 1.2": http.StatusOK,
		"virtualserver 1.1": http.StatusOK,
		"virtualserver 1.0": http.StatusOK,
		"":                  http.StatusOK, // not sent: the current version answers

		"virtualserver 1.4":   http.StatusNotAcceptable,
		"virtualserver 0.9":   http.StatusNotAcceptable,
		"virtualserver 2.0":   http.StatusNotAcceptable,
		"virtualserver 1":     http.StatusNotAcceptable,
		"virtualserver 1.3.0": http.StatusNotAcceptable,
		"virtualserver 01.3":  http.StatusNotAcceptable,
		"virtualserver v1.3":  http.StatusNotAcceptable,
		"virtualserver  1.3":  http.StatusNotAcceptable,
		"virtualserver":       http.StatusNotAcceptable,
		"virtualserver/1.3":   http.StatusNotAcceptable,
		"virtualserver1.3":    http.StatusNotAcceptable,
		"Virtualserver 1.3":   http.StatusNotAcceptable,
		"virtual-server 1.3":  http.StatusNotAcceptable,
		"iam 1.3":             http.StatusNotAcceptable,
		"1.3":                 http.StatusNotAcceptable,
		"garbage":             http.StatusNotAcceptable,
	} {
		t.Run(header, func(t *testing.T) {
			c := get(url + membersPath(documentImage))
			c.version = header
			got := c.send(t)
			if want == http.StatusOK {
				got.object(t, want)
				return
			}
			got.serviceError(t, want, "NotAcceptable")
		})
	}
}

// A header that is there but says nothing is not one that is absent.
func TestEmptyVersionHeader(t *testing.T) {
	c := get(start(t, emulator.Options{}) + membersPath(documentImage))
	c.edit = func(r *http.Request) { r.Header["Scp-Api-Version"] = []string{""} }
	c.send(t).serviceError(t, http.StatusNotAcceptable, "NotAcceptable")
}

// The gateway comes first: who is not let in is not told about versions.
func TestSignatureIsCheckedBeforeTheVersion(t *testing.T) {
	c := get(start(t, emulator.Options{}) + membersPath(documentImage))
	c.version, c.secretKey = "virtualserver 9.9", "wrong"
	c.send(t).gatewayUnauthorized(t, "HmacValidFail")
}

// The list decides: a version that the fixtures retire is refused, one that they add is served.
func TestVersionsOfTheFixtures(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.Versions = []emulator.Version{{ID: "v1.5", NotBefore: "2027-01-01", Status: "CURRENT"}}
	c := get(serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{})) + membersPath(documentImage))
	c.send(t).serviceError(t, http.StatusNotAcceptable, "NotAcceptable")
	c.version = "virtualserver 1.5"
	c.send(t).object(t, http.StatusOK)
}

// versionList is the documented answer of a service's root whose own URL is self.
func versionList(self string) map[string]any {
	list := []any{}
	for _, v := range [][3]string{
		{"v1.3", "2026-02-23", "CURRENT"}, {"v1.2", "2026-08-31", "SUPPORTED"}, {"v1.1", "2026-05-31", "DEPRECATED"}, {"v1.0", "2025-12-31", "DEPRECATED"},
	} {
		list = append(list, map[string]any{"id": v[0], "not_before": v[1], "status": v[2],
			"links": []any{map[string]any{"href": self, "rel": "self"}}})
	}
	return map[string]any{"versions": list}
}

// The list is for anyone: no signature is asked for, and a bad one or a bad version does no harm.
func TestVersionList(t *testing.T) {
	url := start(t, emulator.Options{})
	for name, c := range map[string]call{
		"not signed":       {method: http.MethodGet, url: url + "/", edit: unsigned},
		"without a slash":  {method: http.MethodGet, url: url, edit: unsigned},
		"signed":           get(url + "/"),
		"badly signed":     {method: http.MethodGet, url: url + "/", accessKey: "unknown", timestamp: "now"},
		"with a bad pin":   {method: http.MethodGet, url: url + "/", version: "garbage", edit: unsigned},
		"with a query too": {method: http.MethodGet, url: url + "/?a=b", edit: unsigned},
	} {
		t.Run(name, func(t *testing.T) {
			if got, want := c.send(t).object(t, http.StatusOK), versionList(url+"/"); !reflect.DeepEqual(got, want) {
				t.Errorf("the list is %v, want %v", got, want)
			}
		})
	}
}

func TestVersionListWithoutVersions(t *testing.T) {
	url := serve(t, emulator.New(emulator.Fixed(emulator.Fixtures{}), emulator.Options{}))
	if got := (call{method: http.MethodGet, url: url + "/", edit: unsigned}).send(t); got.status != http.StatusOK || got.body != "{\"versions\":[]}\n" {
		t.Errorf("the answer is %d %s", got.status, got.body)
	}
}

// A link that leads elsewhere than to the list that it is in would be useless.
func TestVersionListLinksToItself(t *testing.T) {
	t.Run("TLS", func(t *testing.T) {
		server := httptest.NewTLSServer(emulator.New(emulator.Default, emulator.Options{}))
		t.Cleanup(server.Close)
		got := call{method: http.MethodGet, url: server.URL + "/", edit: unsigned}.sendBy(t, server.Client()).object(t, http.StatusOK)
		if want := versionList(server.URL + "/"); !reflect.DeepEqual(got, want) {
			t.Errorf("the list is %v, want %v", got, want)
		}
	})
	t.Run("below a prefix", func(t *testing.T) {
		url := serve(t, http.StripPrefix("/kr-west1", emulator.New(emulator.Default, emulator.Options{})))
		got := call{method: http.MethodGet, url: url + "/kr-west1/", edit: unsigned}.send(t).object(t, http.StatusOK)
		if want := versionList(url + "/kr-west1/"); !reflect.DeepEqual(got, want) {
			t.Errorf("the list is %v, want %v", got, want)
		}
	})
}
