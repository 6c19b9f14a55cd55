// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// ids returns the IDs of a list of images.
func ids(t testing.TB, list []tftypes.Value) []string {
	t.Helper()
	ids := make([]string, len(list))
	for i, image := range list {
		ids[i] = textsOf(t, image, "id")
	}
	return ids
}

// All images are read from all pages, sorted, with one request for each page, one for the empty page and one for the proof. More sizes are
// in package scp's tests.
func TestImagesAreComplete(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ images, pageLimit, requests int }{{0, 20, 2}, {2500, 1000, 5}} {
		t.Run(fmt.Sprintf("%d by %d", test.images, test.pageLimit), func(t *testing.T) {
			t.Parallel()
			fixtures := manyImages(t, test.images)
			e, env := startEmulator(t, fixtures, emulator.Options{PageLimit: test.pageLimit})
			server := startProvider(t, env)
			resp := server.read(t, imagesName, nil)
			list, err := server.list(imagesName, resp.State, "images")
			if err != nil || list == nil {
				t.Fatalf("the list is %v, %v with the diagnostics %v", list, err, describe(resp.Diagnostics))
			}
			var want []string
			for _, image := range fixtures.Images {
				want = append(want, image.ID)
			}
			slices.Sort(want)
			if got := ids(t, list); !slices.Equal(got, want) {
				t.Errorf("there are %d images, want %d, sorted", len(got), len(want))
			}
			if got := len(e.Requests()); got != test.requests {
				t.Errorf("%d requests were sent, want %d", got, test.requests)
			}
		})
	}
}

// The list says which endpoint sent it, in the form in which it was asked.
func TestImagesEndpoint(t *testing.T) {
	t.Parallel()
	e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	address := env["SCP_TF_ENDPOINT_OVERRIDE"]
	for override, want := range map[string]string{"": "", "/": "", "/{region}": "/kr-west1", "/{region}/": "/kr-west1"} {
		arguments := map[string]any{}
		if want != "" {
			arguments["region"] = "kr-west1"
		}
		env["SCP_TF_ENDPOINT_OVERRIDE"] = address + override
		server := startProvider(t, env)
		state, err := server.read(t, imagesName, arguments).State.Unmarshal(server.dataSources[imagesName])
		if err != nil {
			t.Fatal(err)
		}
		if got := textsOf(t, state, "endpoint"); got != address+want {
			t.Errorf("the endpoint is %s, want %s", got, address+want)
		}
		requests := e.Requests()
		if last := requests[len(requests)-1]; !strings.HasPrefix("http://"+last.Host+last.URI, address+want+"/v1/images?") {
			t.Errorf("the request was for %s on %s, want it below %s", last.URI, last.Host, address+want)
		}
	}
}

// Each filter is sent under its own name and makes the list shorter.
func TestImagesFilters(t *testing.T) {
	t.Parallel()
	fixtures := defaultFixtures(t)
	other := fixtures.AllAccounts()[1].ID
	fixtures.Images = []emulator.Image{
		{ID: "plain"},
		{ID: "named", Name: "a name & more"},
		{ID: "rocky", OSDistro: "rocky"},
		{ID: "queued", Status: "queued"},
		{ID: "public", Visibility: "public", Owner: other},
		{ID: "other-type", SCPImageType: "standard"},
		{ID: "other-original", SCPOriginalImageType: "gpu"},
	}
	for name, test := range map[string]struct{ value, want string }{
		"name": {"a name & more", "named"}, "os_distro": {"rocky", "rocky"}, "status": {"queued", "queued"}, "visibility": {"public", "public"},
		"scp_image_type": {"standard", "other-type"}, "scp_original_image_type": {"gpu", "other-original"},
	} {
		t.Run(name, func(t *testing.T) {
			_, env := startEmulator(t, fixtures, emulator.Options{})
			server := startProvider(t, env)
			resp := server.read(t, imagesName, map[string]any{name: test.value})
			if len(resp.Diagnostics) != 0 {
				t.Fatal(resp.Diagnostics[0].Summary, resp.Diagnostics[0].Detail)
			}
			list, err := server.list(imagesName, resp.State, "images")
			if err != nil || strings.Join(ids(t, list), " ") != test.want {
				t.Errorf("the images are %v, %v, want %s", list, err, test.want)
			}
		})
	}
}
