// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestDecodeServiceVersions(t *testing.T) {
	tests := map[string]struct {
		body string
		want []string // numbers
		err  string
	}{
		"the document's": {
			`{"versions":[{"id":"v1.3","links":[{"href":"…","rel":"self"}],"not_before":"2026-02-23","status":"CURRENT"}]}`, []string{"1.3"}, "",
		},
		"null fields": {`{"versions":[{"id":"v1.3","not_before":null}]}`, []string{"1.3"}, ""},
		"several":     {`{"versions":[{"id":"v1.10"},{"id":"v2.0"}],"a":1}`, []string{"1.10", "2.0"}, ""},
		"more":        {`{"versions":[{"id":"v1.10"}],"more":1}`, nil, "the list continues"},
		"none":        {`{"versions":[]}`, nil, `"versions" array`},
		"no id":       {`{"versions":[{"id":"v1.3"},{}]}`, nil, `version 2 of 2 has the ID ""`},
		"no v":        {`{"versions":[{"id":"1.3"}]}`, nil, `the ID "1.3"`},
		"no number":   {`{"versions":[{"id":"vx"}]}`, nil, `the ID "vx"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			versions, err := believe(list[ServiceVersion]{name: "versions", check: checkVersions}, []byte(test.body))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("got %v and %v, want an error with %q", versions, err, test.err)
				}
				return
			}
			if err != nil || len(versions) != len(test.want) {
				t.Fatalf("got %v and %v, want %v", versions, err, test.want)
			}
			for i, number := range test.want {
				if versions[i].Number != number {
					t.Errorf("version %d is %s, want %s", i, versions[i].Number, number)
				}
			}
		})
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
