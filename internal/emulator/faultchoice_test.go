// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// statuses are those of n calls, one after another.
func statuses(t *testing.T, c call, n int) (got []int) {
	t.Helper()
	for range n {
		got = append(got, c.send(t).status)
	}
	return got
}

// After, First and Every say at which requests a fault is due.
func TestCountsOfFaults(t *testing.T) {
	for _, test := range []struct {
		after, first, every int
		want                []int
	}{
		{0, 0, 0, []int{503, 503, 503, 503, 503, 503}},
		{0, 1, 0, []int{503, 200, 200, 200, 200, 200}},
		{0, 0, 3, []int{200, 200, 503, 200, 200, 503}},
		{0, 4, 2, []int{200, 503, 200, 503, 200, 200}},
		{0, 4, 5, []int{200, 200, 200, 200, 200, 200}},
		{2, 0, 0, []int{200, 200, 503, 503, 503, 503}},
		{1, 2, 0, []int{200, 503, 503, 200, 200, 200}},
		{1, 0, 2, []int{200, 200, 503, 200, 503, 200}},
	} {
		fault := emulator.Fault{Status: http.StatusServiceUnavailable, After: test.after, First: test.first, Every: test.every}
		if got := statuses(t, startFaulty(t, fault), 6); !slices.Equal(got, test.want) {
			t.Errorf("after %d, first %d, every %d: the statuses are %v, want %v", test.after, test.first, test.every, got, test.want)
		}
	}
}

// Each path is counted for itself, with its region and without its query, and a rejected request counts too.
func TestRequestsAreCountedByPath(t *testing.T) {
	url := start(t, emulator.Options{Fault: &emulator.Fault{Status: http.StatusServiceUnavailable, First: 2}})
	wrong := get(url + membersPath(manyMembers))
	wrong.secretKey = "wrong"
	for _, step := range []struct {
		c    call
		want int
	}{
		{get(url + membersPath(documentImage)), 503}, {get(url + membersPath(noMembers)), 503},
		{get(url + membersPath(documentImage) + "?a=b"), 503},
		{get(url + membersPath(documentImage)), 200}, {get(url + membersPath(noMembers)), 503}, {get(url + membersPath(noMembers)), 200},
		{wrong, 503}, {wrong, 503}, {wrong, 401}, {get(url + membersPath(manyMembers)), 200},
		{get(url + "/kr-east1/v1/images"), 503}, {get(url + "/v1/images"), 503}, {get(url + "/kr-east1/v1/images"), 503},
		{get(url + "/kr-east1/v1/images"), 200},
	} {
		if got := step.c.send(t).status; got != step.want {
			t.Errorf("%s: the status is %d, want %d", step.c.url, got, step.want)
		}
	}
}

// The fault of an image comes before that of an operation, and both before that of the options, also where they are not due. The
// options' is for every other request, the list of versions too.
func TestPrecedenceOfFaults(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.Images = []emulator.Image{
		{ID: "own", Fault: &emulator.Fault{Status: http.StatusTooManyRequests}},
		{ID: "once", Fault: &emulator.Fault{Status: http.StatusTooManyRequests, First: 1}},
		{ID: "never", Fault: &emulator.Fault{}},
		{ID: "private", Visibility: "private", Fault: &emulator.Fault{Kind: "gateway-404"}},
		{ID: "none"},
	}
	fixtures.Faults = map[string]*emulator.Fault{"/v1/images": {Status: http.StatusBadGateway, First: 1}, "/v1/pending-images": nil}
	for _, options := range []emulator.Options{{}, {Fault: &emulator.Fault{Status: http.StatusServiceUnavailable}}} {
		url := serve(t, emulator.New(emulator.Fixed(fixtures), options))
		for path, want := range map[string][]int{
			membersPath("own"): {429, 429}, membersPath("once"): {429, 200}, membersPath("never"): {200, 200}, membersPath("private"): {404, 404},
			"/v1/images": {502, 200}, "/kr-east1/v1/images": {502, 200},
			membersPath("none"): {200, 200}, membersPath("unknown"): {404, 404}, "/v1/pending-images": {200, 200}, "/": {200, 200},
			"/nowhere": {404, 404},
		} {
			if options.Fault != nil && (want[0] == 200 && path != membersPath("never") || path == membersPath("unknown") || path == "/nowhere") {
				want = []int{503, 503}
			}
			if got := statuses(t, get(url+path), 2); !slices.Equal(got, want) {
				t.Errorf("the statuses of %s are %v, want %v", path, got, want)
			}
		}
	}
}

// A fault changes the reply, not the checks before it: a client that signs wrongly is not told that all is well.
func TestFaultsDoNotLetIn(t *testing.T) {
	body := `{"members":[]}`
	c := startFaulty(t, emulator.Fault{Header: map[string]string{"Retry-After": "2"}})
	c.version = "virtualserver 9.9"
	c.gets(t, "406 NotAcceptable")
	c.secretKey = "wrong"
	c.gets(t, "401 HmacValidFail")
	c = startFaulty(t, emulator.Fault{Body: &body})
	c.secretKey = "wrong"
	if got := c.send(t); got.status != http.StatusUnauthorized || got.body != body {
		t.Errorf("the reply is %d %s, want 401 with the body", got.status, got.body)
	}
}

// README sends readers to the documentation of Fault for its kinds.
func TestKindsAreDocumented(t *testing.T) {
	source, err := os.ReadFile("faults.go")
	if err != nil {
		t.Fatal(err)
	}
	_, err = emulator.ParseFault(`{"kind":"x"}`)
	_, kinds, _ := strings.Cut(err.Error(), "the kinds are ")
	for kind := range strings.SplitSeq(kinds, ", ") {
		if !strings.Contains(string(source), "\t//\t"+kind+"  ") {
			t.Errorf("the comment of Fault.Kind has no line for %s", kind)
		}
	}
}
