// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// A region that the fixtures name has its own images, any other those of the fixtures.
func TestRegions(t *testing.T) {
	fixtures := several()
	fixtures.Images = []emulator.Image{{ID: "west", Members: []emulator.Member{{MemberID: "m"}}}}
	fixtures.Regions = map[string]emulator.Region{
		"kr-east1": {Images: []emulator.Image{{ID: "east"}, {ID: "well", Fault: &emulator.Fault{Status: http.StatusTooManyRequests}}}},
		"empty":    {},
	}
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
	for region, want := range map[string]string{"": "west", "/kr-east1": "east well", "/empty": "", "/kr-west1": "west", "/x": "west"} {
		c := as("a", url+region+"/v1/images?sort=id:asc")
		if got := strings.Join(c.send(t).ids(t, "images", "id"), " "); got != want {
			t.Errorf("the images of %q are %s, want %s", region, got, want)
		}
		c.signedURL = url + "/v1/images?sort=id:asc"
		if region != "" {
			c.send(t).gatewayUnauthorized(t, "HmacValidFail") // signed is the URL as sent, region and all
		}
		as("a", url+region+"/v1/pending-images").send(t).object(t, http.StatusOK)
		call{method: http.MethodGet, url: url + region + "/", edit: unsigned}.send(t).object(t, http.StatusOK)
	}
	as("a", url+"/kr-west1"+membersPath("west")).send(t).object(t, http.StatusOK)
	as("a", url+"/kr-east1"+membersPath("west")).send(t).serviceError(t, http.StatusNotFound, "NotFound")
	as("a", url+"/kr-east1"+membersPath("well")).send(t).serviceError(t, http.StatusTooManyRequests, "TooManyRequests")
	as("a", url+"/kr-east1"+membersPath("a%2Fb")).send(t).serviceError(t, http.StatusNotFound, "NotFound")
	as("a", url+membersPath("east")).send(t).serviceError(t, http.StatusNotFound, "NotFound")
}

// What cannot be a region is a path that the gateway does not know, and no path is redirected.
func TestPathsThatAreNoRegions(t *testing.T) {
	url := start(t, emulator.Options{})
	for _, path := range []string{
		"/v1/v1/images", "/v1/", "/kr-east1", "/KR-EAST1/v1/images", "/kr%2Deast1/v1/images", "/-/v1/images",
		"/kr-east1/kr-west1/v1/images", "/kr-east1//v1/images", "/kr-east1/v1/images/", "//v1/images", "/kr-east1/v2/images",
	} {
		t.Run(path, func(t *testing.T) { get(url + path).send(t).gatewayNotFound(t) })
	}
}

func TestVersionListLinksToItsRegion(t *testing.T) {
	url := start(t, emulator.Options{})
	if got := (call{method: http.MethodGet, url: url + "/kr-east1/", edit: unsigned}).send(t); !strings.Contains(got.body, `"href":"`+url+`/kr-east1/"`) {
		t.Errorf("the list is %s", got.body)
	}
}

// Each region's requests are counted for themselves, and have the faults of their operation.
func TestFaultsInRegions(t *testing.T) {
	fixtures := several()
	fixtures.Faults = map[string]*emulator.Fault{"/v1/images": {Status: http.StatusServiceUnavailable, First: 1}}
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
	for _, region := range []string{"/kr-east1", "/kr-west1", ""} {
		if got := statuses(t, as("a", url+region+"/v1/images"), 2); got[0] != 503 || got[1] != 200 {
			t.Errorf("the statuses of %q are %v", region, got)
		}
	}
}

func TestRegionsThatAreRefused(t *testing.T) {
	refused(t, `{"regions":{"v1":{"images":[]}}}`, `"v1" cannot be a region`)
	refused(t, `{"regions":{"KR":{"images":[]}}}`, `"KR" cannot be a region`)
	refused(t, `{"regions":{"kr-east1":{"images":[{"id":"x"},{"id":"x"}]}}}`, "region kr-east1: image x is listed twice")
}
