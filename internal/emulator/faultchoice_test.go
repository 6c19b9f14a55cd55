// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// statuses are those of n calls, one after another.
func statuses(t *testing.T, c call, n int) []int {
	t.Helper()
	var got []int
	for range n {
		got = append(got, c.send(t).status)
	}
	return got
}

// First and Every say at which requests a fault is due.
func TestFirstAndEvery(t *testing.T) {
	for name, test := range map[string]struct {
		first, every int
		want         []int
	}{
		"neither":         {0, 0, []int{503, 503, 503, 503, 503, 503}},
		"first 1":         {1, 0, []int{503, 200, 200, 200, 200, 200}},
		"first 2":         {2, 0, []int{503, 503, 200, 200, 200, 200}},
		"every 1":         {0, 1, []int{503, 503, 503, 503, 503, 503}},
		"every 2":         {0, 2, []int{200, 503, 200, 503, 200, 503}},
		"every 3":         {0, 3, []int{200, 200, 503, 200, 200, 503}},
		"every 2 up to 4": {4, 2, []int{200, 503, 200, 503, 200, 200}},
		"every 5 up to 4": {4, 5, []int{200, 200, 200, 200, 200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			fault := emulator.Fault{Status: http.StatusServiceUnavailable, First: test.first, Every: test.every}
			if got := statuses(t, startFaulty(t, fault), 6); !slices.Equal(got, test.want) {
				t.Errorf("the statuses are %v, want %v", got, test.want)
			}
		})
	}
}

// Each URI is counted for itself, and every request for it counts, refused or not.
func TestRequestsAreCountedByURI(t *testing.T) {
	url := start(t, emulator.Options{Fault: &emulator.Fault{Status: http.StatusServiceUnavailable, First: 2}})
	one, other := get(url+membersPath(documentImage)), get(url+membersPath(noMembers))
	got := slices.Concat(statuses(t, one, 1), statuses(t, other, 1), statuses(t, one, 2), statuses(t, other, 2))
	if want := []int{503, 503, 503, 200, 503, 200}; !slices.Equal(got, want) {
		t.Errorf("the statuses are %v, want %v", got, want)
	}
	refused := get(url + membersPath(manyMembers))
	refused.secretKey = "wrong"
	if got := statuses(t, refused, 3); !slices.Equal(got, []int{503, 503, 401}) {
		t.Errorf("the statuses of a request with a bad signature are %v", got)
	}
	if got := statuses(t, get(url+membersPath(manyMembers)), 1); got[0] != 200 {
		t.Errorf("the status after them is %v", got)
	}
}

// The fault of the options is for every request: for other paths, and for the list of versions, too.
func TestFaultOfTheOptions(t *testing.T) {
	url := start(t, emulator.Options{Fault: &emulator.Fault{Status: http.StatusServiceUnavailable}})
	for _, path := range []string{"/", "/nowhere", membersPath("unknown"), membersPath(privateImage), membersPath(documentImage)} {
		get(url+path).send(t).serviceError(t, http.StatusServiceUnavailable, "ContactAdminForAssistance")
	}
}

// The fault of an image beats that of the options, also where it is not due; other images have that of the options.
func TestFaultOfTheFixturesBeatsTheOptions(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.Images = []emulator.Image{
		{ID: "own", Fault: &emulator.Fault{Status: http.StatusTooManyRequests}},
		{ID: "once", Fault: &emulator.Fault{Status: http.StatusTooManyRequests, First: 1}},
		{ID: "never", Fault: &emulator.Fault{}},
		{ID: "private", Private: true, Fault: &emulator.Fault{Kind: "gateway-404"}},
		{ID: "none"},
	}
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{Fault: &emulator.Fault{Status: http.StatusServiceUnavailable}}))
	for image, want := range map[string][]int{
		"own": {429, 429}, "once": {429, 200}, "never": {200, 200}, "private": {404, 404}, "none": {503, 503}, "unknown": {503, 503},
	} {
		if got := statuses(t, get(url+membersPath(image)), 2); !slices.Equal(got, want) {
			t.Errorf("the statuses of %s are %v, want %v", image, got, want)
		}
	}
}

// Without a fault of the options an image's touches no other.
func TestFaultOfOneImage(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.Images[0].Fault = &emulator.Fault{Status: http.StatusServiceUnavailable}
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
	get(url+membersPath(documentImage)).send(t).serviceError(t, http.StatusServiceUnavailable, "ContactAdminForAssistance")
	get(url+membersPath(manyMembers)).send(t).object(t, http.StatusOK)
	get(url+"/").send(t).object(t, http.StatusOK)
	get(url + "/nowhere").send(t).gatewayNotFound(t)
}

// A fault that changes nothing of the answer leaves the checks in force.
func TestFaultDoesNotLetIn(t *testing.T) {
	fault := emulator.Fault{Header: map[string]string{"Retry-After": "2"}}
	c := startFaulty(t, fault)
	c.secretKey = "wrong"
	c.send(t).gatewayUnauthorized(t, "HmacValidFail")
	c = startFaulty(t, fault)
	c.version = "virtualserver 9.9"
	c.send(t).serviceError(t, http.StatusNotAcceptable, "NotAcceptable")
}

// A body is in place of the usual one, not of the check: a client that signs wrongly must not be told that all is well.
func TestBodyFaultDoesNotLetIn(t *testing.T) {
	body := `{"members":[]}`
	c := startFaulty(t, emulator.Fault{Body: &body})
	c.secretKey = "wrong"
	if got := c.send(t); got.status != http.StatusUnauthorized || got.body != body {
		t.Errorf("the answer is %d %s, want 401 with the body", got.status, got.body)
	}
}
