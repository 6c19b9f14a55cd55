// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestDecodeServiceVersions(t *testing.T) {
	for _, c := range []struct{ body, want string }{ // the numbers, or a part of the error
		{`{"versions":[{"id":"v1.3","links":[{"href":"…","rel":"self"}],"not_before":"2026-02-23","status":"CURRENT"}]}`, "1.3"},
		{`{"versions":[{"id":"v1.3","not_before":null},{"id":"v2.0"},{"id":"v1.10"}],"a":1}`, "1.3 1.10 2.0"},
		{`{"versions":[{"id":"v1.10"}],"more":1}`, "the list continues"},
		{`{"versions":[]}`, `"versions" array is empty`},
		{`{"versions":[{"id":"v1.3"},{}]}`, `version 2 of 2 has the ID ""`},
		{`{"versions":[{"id":"1.3"}]}`, `the ID "1.3"`},
		{`{"versions":[{"id":"vx"}]}`, `the ID "vx"`},
	} {
		versions, err := fakeClient(answering(200, c.body)).ServiceVersions(t.Context(), "")
		var numbers []string
		for _, version := range versions {
			numbers = append(numbers, version.Number)
		}
		if err == nil && strings.Join(numbers, " ") != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v and %v, want %s", c.body, numbers, err, c.want)
		}
	}
}

// The list is public: neither the keys nor a signature are shown to whatever answers at the root, nor is a version pinned.
func TestServiceVersionsAreReadWithoutCredentials(t *testing.T) {
	var sent *http.Request
	client := fakeClient(roundTripper(func(request *http.Request) (*http.Response, error) {
		sent = request
		return respond(200, `{"versions":[{"id":"v1.3"}]}`), nil
	}))
	client.config.Credentials.AuthToken = "session-token"
	if _, err := client.ServiceVersions(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	want := http.Header{
		"Accept": {"application/json"}, "Accept-Language": {"en-US"}, "Cache-Control": {"no-cache"}, "Pragma": {"no-cache"}, "User-Agent": {""},
	}
	if sent.URL.String() != override+"/" || !reflect.DeepEqual(sent.Header, want) {
		t.Errorf("sent %s with %v, want %v", sent.URL, sent.Header, want)
	}
}
