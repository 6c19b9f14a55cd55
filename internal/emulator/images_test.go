// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// many are n images of one account, created one after another.
func many(n int) emulator.Fixtures {
	fixtures := accountsOf("a")
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		image := emulator.Image{ID: fmt.Sprintf("%05d", i*7919%n), CreatedAt: at.Add(time.Duration(i) * time.Second).Format(time.RFC3339)}
		fixtures.Images = append(fixtures.Images, image)
	}
	return fixtures
}

// A list is read until a page is empty. A server may send fewer images than asked for, and no option makes its pages larger.
func TestPages(t *testing.T) {
	for _, test := range []struct {
		images, pageLimit int
		query             string
		want              []int // the sizes of the pages
	}{
		{0, 0, "", []int{0}},
		{1, 0, "", []int{1, 0}},
		{20, 0, "", []int{20, 0}},
		{21, 0, "", []int{20, 1, 0}},
		{5, 0, "limit=2", []int{2, 2, 1, 0}},
		{1001, 0, "limit=1000&sort=created_at:asc", []int{1000, 1, 0}},
		{2500, 0, "limit=5000", []int{1000, 1000, 500, 0}},
		{2500, 5000, "limit=5000", []int{1000, 1000, 500, 0}},
		{250, 100, "limit=1000", []int{100, 100, 50, 0}},
		{30, 10, "", []int{10, 10, 10, 0}},
	} {
		url := serve(t, emulator.New(emulator.Fixed(many(test.images)), emulator.Options{PageLimit: test.pageLimit}))
		seen, sizes, marker := map[string]bool{}, []int{}, ""
		for len(sizes) <= len(test.want) {
			ids := strings.Fields(as("a", url+"/v1/images?"+test.query+marker).send(t).ids(t, "images", "id"))
			sizes = append(sizes, len(ids))
			if len(ids) == 0 {
				break
			}
			for _, id := range ids {
				seen[id] = true
			}
			marker = "&marker=" + ids[len(ids)-1]
		}
		if !slices.Equal(sizes, test.want) || len(seen) != test.images {
			t.Errorf("%d images, at most %d, %q: pages of %v with %d images, want %v", test.images, test.pageLimit, test.query, sizes,
				len(seen), test.want)
		}
	}
}

// The list of pending images has two filters and no pages: whatever else is asked for, it is whole, the latest image first.
func TestPendingImagesAreWhole(t *testing.T) {
	fixtures := many(30)
	for i := range fixtures.Images {
		image := &fixtures.Images[i]
		image.Owner, image.Members = "b", []emulator.Member{{MemberID: "a", Status: "pending"}}
		if i < 10 {
			image.SCPImageType = "shared"
		}
		if i < 5 {
			image.SCPOriginalImageType = "gpu"
		}
	}
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{PageLimit: 5}))
	for query, want := range map[string]int{
		"": 30, "limit=5": 30, "limit=0": 30, "marker=unknown": 30, "name=x": 30, "visibility=private": 30, "sort=nothing": 30,
		"scp_image_type=shared": 10, "scp_original_image_type=gpu": 5, "scp_image_type=shared&scp_original_image_type=standard": 5,
	} {
		ids := strings.Fields(as("a", url+"/v1/pending-images?"+query).send(t).ids(t, "images", "id"))
		if len(ids) != want || query == "" && (ids[0] != fixtures.Images[29].ID || ids[29] != fixtures.Images[0].ID) {
			t.Errorf("%q: the images are %q, want %d", query, ids, want)
		}
	}
}

// A region that the fixtures name has its own images, any other those of the fixtures.
func TestRegions(t *testing.T) {
	fixtures := accountsOf("a", emulator.Image{ID: "west", Members: []emulator.Member{{MemberID: "m"}}})
	fixtures.Regions = map[string]emulator.Region{
		"kr-east1": {Images: []emulator.Image{{ID: "east"}, {ID: "well", Fault: &emulator.Fault{Status: 429}}}},
		"empty":    {},
	}
	url := startWith(t, fixtures)
	for region, want := range map[string]string{"": "west", "/kr-east1": "east well", "/empty": "", "/kr-west1": "west", "/x": "west"} {
		as("a", url+region+"/v1/images?sort=id:asc").lists(t, want)
		as("a", url+region+"/v1/pending-images").lists(t, "")
	}
	for path, want := range map[string]string{
		"/kr-west1" + membersPath("west"): "200", "/kr-east1" + membersPath("west"): "404 NotFound", membersPath("east"): "404 NotFound",
		"/kr-east1" + membersPath("well"): "429 TooManyRequests", "/kr-east1" + membersPath("a%2Fb"): "404 NotFound",
	} {
		as("a", url+path).gets(t, want)
	}
}

// The document's model, field for field: a test of a client has to see which of them it leaves out.
func TestImageHasTheDocumentsFields(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.Images = append(fixtures.Images, emulator.Image{ID: "x", Name: "hers", NoOwner: true, Visibility: "public"})
	url := startWith(t, fixtures)
	for name, want := range map[string]map[string]any{
		"web-base": {
			"id": documentImage, "name": "web-base", "visibility": "shared", "owner": "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6",
			"owner_account_name": "demo", "os_distro": "alma", "status": "active", "protected": false, "created_at": "2025-07-22T08:30:00Z",
			"updated_at": "2025-07-26T12:00:00Z", "scp_image_type": "custom", "scp_original_image_type": "standard", "os_hidden": false,
		},
		"hers": {"id": "x", "owner": nil},
	} {
		image, _ := get(url+"/v1/images?name="+name).gets(t, "200").object(t)["images"].([]any)[0].(map[string]any)
		hasKeys(t, "the image", image, "checksum", "container_format", "created_at", "disk_format", "file", "id", "min_disk", "min_ram", "name",
			"os_distro", "os_hash_algo", "os_hash_value", "os_hidden", "owner", "owner_account_name", "owner_user_name", "protected",
			"root_device_name", "scp_gpu_driver", "scp_image_type", "scp_k8s_version", "scp_original_image_type", "scp_os_build_version",
			"scp_os_version", "size", "status", "updated_at", "url", "virtual_size", "visibility", "volumes")
		for key, want := range want {
			if image[key] != want {
				t.Errorf("%s of %s is %v, want %v", key, name, image[key], want)
			}
		}
	}
}
