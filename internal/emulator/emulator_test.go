// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The images of the default fixtures: the document's, one with many members, one with none, one never shared.
const (
	documentImage = "70a599e0-31e7-49b7-b260-868f441e862b"
	manyMembers   = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
	noMembers     = "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"
	privateImage  = "e8a4b2c6-0d17-4f93-b5e8-1c2d3e4f5a6b"
)

func membersPath(image string) string { return "/v1/images/" + image + "/members" }

func defaultFixtures(t *testing.T) emulator.Fixtures {
	t.Helper()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	return fixtures
}

// accountsOf returns fixtures with these accounts, whose keys are made of their IDs, and these images.
func accountsOf(ids string, images ...emulator.Image) emulator.Fixtures {
	fixtures := emulator.Fixtures{Versions: []emulator.Version{{ID: "v1.3"}}, Images: images}
	for id := range strings.FieldsSeq(ids) {
		fixtures.Accounts = append(fixtures.Accounts, emulator.Account{ID: id, AccessKey: id + "-key", SecretKey: id + "-secret"})
	}
	return fixtures
}

// serve starts handler and returns its URL.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// start starts an emulator with the default fixtures and returns its URL.
func start(t *testing.T, options emulator.Options) string {
	t.Helper()
	return serve(t, emulator.New(emulator.Default, options))
}

// startWith starts an emulator with fixtures and returns its URL.
func startWith(t *testing.T, fixtures emulator.Fixtures) string {
	t.Helper()
	return serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
}

// No path is redirected, also one that is not clean, as of an endpoint with a slash at its end.
func TestUnknownPaths(t *testing.T) {
	url := start(t, emulator.Options{})
	for _, path := range []string{
		"/v1/images/" + documentImage, "/v1/images/", membersPath(documentImage) + "/", "/v2/images/" + documentImage + "/members",
		membersPath(documentImage) + "/a8f10467abfc4b87b64614ab36eb9ae4", "/favicon.ico",
		"/" + membersPath(documentImage), "/v1/images/../images/" + documentImage + "/members", "/v1/./images",
		// These cannot be regions.
		"/v1/v1/images", "/v1/", "/kr-east1", "/KR-EAST1/v1/images", "/kr%2Deast1/v1/images", "/-/v1/images", "/kr-east1/kr-west1/v1/images",
		"/kr-east1//v1/images", "/kr-east1/v1/images/", "//v1/images", "/kr-east1/v2/images",
	} {
		get(url+path).gets(t, "404 gateway")
	}
	for _, path := range []string{"/", membersPath(documentImage)} {
		c := get(url + path)
		c.method = http.MethodPost
		c.gets(t, "404 gateway")
	}
	bare(url+"/v1/images").gets(t, "404 gateway")
}

// A rejected request is recorded too, with the URI as it was sent.
func TestRequestsAreRecorded(t *testing.T) {
	e := emulator.New(emulator.Default, emulator.Options{})
	url := serve(t, e)
	if got := e.Requests(); len(got) != 0 {
		t.Fatalf("there are %d requests before the first", len(got))
	}
	get(url + "/kr-west1" + membersPath(documentImage) + "?a=b%20c").send(t)
	call{method: http.MethodPost, url: url + "/nowhere", edit: unsigned}.send(t)
	host := strings.TrimPrefix(url, "http://")
	want := []string{"GET " + host + " /kr-west1" + membersPath(documentImage) + "?a=b%20c demo-access-key", "POST " + host + " /nowhere"}
	e.Requests()[0].Method = "changed" // of a copy
	var got []string
	for _, r := range e.Requests() {
		got = append(got, strings.TrimSpace(fmt.Sprintln(r.Method, r.Host, r.URI, r.Header.Get("Scp-Accesskey"))))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the requests are %q, want %q", got, want)
	}
	e = emulator.New(emulator.Default, emulator.Options{DiscardRequests: true})
	get(serve(t, e)+membersPath(documentImage)).gets(t, "200")
	if got := e.Requests(); len(got) != 0 {
		t.Errorf("%d requests are kept", len(got))
	}
}
