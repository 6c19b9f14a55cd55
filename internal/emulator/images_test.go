// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// ids returns the key of each object of the list that the answer holds, and nothing else.
func (r reply) ids(t *testing.T, list, key string) []string {
	t.Helper()
	body := r.object(t, http.StatusOK)
	hasKeys(t, "the body", body, list)
	objects, ok := body[list].([]any)
	if !ok {
		t.Fatalf("%s is not a list: %s", list, r.body)
	}
	var ids []string
	for _, object := range objects {
		id, _ := object.(map[string]any)[key].(string)
		ids = append(ids, id)
	}
	return ids
}

// several are images of one account that differ in all that they can be sorted and filtered by.
func several() emulator.Fixtures {
	return emulator.Fixtures{
		Versions: []emulator.Version{{ID: "v1.3"}},
		Accounts: accounts("a"),
		Images: []emulator.Image{
			{ID: "1", Name: "x", OSDistro: "alma", Status: "active", Visibility: "shared", SCPImageType: "custom", SCPOriginalImageType: "gpu", CreatedAt: "2026-01-02T00:00:00Z", UpdatedAt: "2026-02-03T00:00:00Z"},
			{ID: "2", Name: "y", OSDistro: "rocky", Status: "queued", Visibility: "private", SCPImageType: "custom", SCPOriginalImageType: "k8s", CreatedAt: "2026-01-01T00:00:00Z", UpdatedAt: "2026-02-04T00:00:00Z"},
			{ID: "4", Name: "x", OSDistro: "alma", Status: "active", Visibility: "public", SCPImageType: "other", SCPOriginalImageType: "gpu", CreatedAt: "2026-01-01T00:00:00Z", UpdatedAt: "2026-02-02T00:00:00Z"},
			{ID: "3", Name: "z b", OSDistro: "rhel", Status: "active", Visibility: "community", SCPImageType: "other", SCPOriginalImageType: "gpu", CreatedAt: "2026-01-03T00:00:00Z", UpdatedAt: "2026-02-01T00:00:00Z"},
		},
	}
}

func TestSortingAndFilters(t *testing.T) {
	url := serve(t, emulator.New(emulator.Fixed(several()), emulator.Options{}))
	for query, want := range map[string]string{
		"":                             "3 1 4 2",
		"sort=created_at:asc":          "2 4 1 3",
		"sort=updated_at:asc":          "3 4 1 2",
		"sort=id:desc":                 "4 3 2 1",
		"sort=status:desc,id:desc":     "2 4 3 1",
		"sort=name:asc,created_at:asc": "4 1 2 3",

		"name=x":                               "1 4",
		"name=z%20b":                           "3",
		"name=X":                               "",
		"name=":                                "",
		"os_distro=rhel":                       "3",
		"status=queued":                        "2",
		"visibility=private":                   "2",
		"visibility=public":                    "4",
		"visibility=shared":                    "1",
		"visibility=community":                 "3",
		"scp_image_type=other":                 "3 4",
		"scp_original_image_type=k8s":          "2",
		"name=x&scp_image_type=other":          "4",
		"name=x&sort=id:desc":                  "4 1",
		"name=x&sort=id:desc&limit=1":          "4", // the page is of what is left
		"name=x&sort=id:desc&limit=1&marker=4": "1",
		"name=x&sort=id:desc&marker=2":         "1", // a marker that the filter leaves out has its place all the same
	} {
		t.Run(query, func(t *testing.T) {
			if got := strings.Join(as("a", url+"/v1/images?"+query).send(t).ids(t, "images", "id"), " "); got != want {
				t.Errorf("the images are %s, want %s", got, want)
			}
		})
	}
}

// Both lists ask for a signature and a version as any operation does.
func TestListsAreSignedAndVersioned(t *testing.T) {
	url := start(t, emulator.Options{})
	for _, path := range []string{"/v1/images", "/v1/pending-images"} {
		c := get(url + path + "?sort=id:asc")
		c.signedURL = url + path
		c.send(t).gatewayUnauthorized(t, "HmacValidFail")
		c = get(url + path)
		c.version = "virtualserver 9.9"
		c.send(t).serviceError(t, http.StatusNotAcceptable, "NotAcceptable")
		c.edit = unsigned
		c.send(t).gatewayNotFound(t)
	}
}

// many are n images of one account, created one after another.
func many(n int) emulator.Fixtures {
	fixtures := emulator.Fixtures{Versions: []emulator.Version{{ID: "v1.3"}}, Accounts: accounts("a")}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		image := emulator.Image{ID: fmt.Sprintf("%05d", i*7919%n), CreatedAt: at.Add(time.Duration(i) * time.Second).Format(time.RFC3339)}
		fixtures.Images = append(fixtures.Images, image)
	}
	return fixtures
}

// pages reads a whole list until a page is empty and returns the sizes of its pages and how many images there were.
func pages(t *testing.T, url, query string) (sizes []int, images int) {
	t.Helper()
	seen := map[string]bool{}
	for marker := ""; ; {
		ids := as("a", url+"/v1/images?"+query+marker).send(t).ids(t, "images", "id")
		sizes = append(sizes, len(ids))
		for _, id := range ids {
			seen[id] = true
		}
		if len(ids) == 0 || len(sizes) > 1000 {
			return sizes, len(seen)
		}
		marker = "&marker=" + ids[len(ids)-1]
	}
}

func TestPages(t *testing.T) {
	for _, test := range []struct {
		images, pageLimit int
		query             string
		want              []int
	}{
		{0, 0, "", []int{0}},
		{1, 0, "", []int{1, 0}},
		{20, 0, "", []int{20, 0}},
		{21, 0, "", []int{20, 1, 0}},
		{5, 0, "limit=2", []int{2, 2, 1, 0}},
		{1001, 0, "limit=1000&sort=created_at:asc", []int{1000, 1, 0}},
		{2500, 0, "limit=5000", []int{1000, 1000, 500, 0}},
		{2500, 5000, "limit=5000", []int{1000, 1000, 500, 0}}, // no option makes pages larger than SCP's
		{250, 100, "limit=1000", []int{100, 100, 50, 0}},      // a server may send fewer than asked for
		{30, 10, "", []int{10, 10, 10, 0}},
	} {
		url := serve(t, emulator.New(emulator.Fixed(many(test.images)), emulator.Options{PageLimit: test.pageLimit}))
		if sizes, n := pages(t, url, test.query); !slices.Equal(sizes, test.want) || n != test.images {
			t.Errorf("%d images, at most %d, %q: pages of %v with %d images, want %v", test.images, test.pageLimit, test.query, sizes, n, test.want)
		}
	}
}

// The document's model, field for field: a test of a client has to see which of them it leaves out.
func TestImageHasTheDocumentsFields(t *testing.T) {
	url := start(t, emulator.Options{})
	body := get(url+"/v1/images?name=web-base").send(t).object(t, http.StatusOK)
	image, _ := body["images"].([]any)[0].(map[string]any)
	hasKeys(t, "the image", image, "checksum", "container_format", "created_at", "disk_format", "file", "id", "min_disk", "min_ram", "name",
		"os_distro", "os_hash_algo", "os_hash_value", "os_hidden", "owner", "owner_account_name", "owner_user_name", "protected",
		"root_device_name", "scp_gpu_driver", "scp_image_type", "scp_k8s_version", "scp_original_image_type", "scp_os_build_version",
		"scp_os_version", "size", "status", "updated_at", "url", "virtual_size", "visibility", "volumes")
	for key, want := range map[string]any{
		"id": documentImage, "name": "web-base", "visibility": "shared", "owner": "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6",
		"owner_account_name": "demo", "os_distro": "alma", "status": "active", "protected": false, "created_at": "2025-07-22T08:30:00Z",
		"updated_at": "2025-07-26T12:00:00Z", "scp_image_type": "custom", "scp_original_image_type": "standard",
	} {
		if image[key] != want {
			t.Errorf("%s is %v, want %v", key, image[key], want)
		}
	}
}

// What comes with the emulator shows each way in which an image comes into a list, and to both accounts.
func TestDefaultLists(t *testing.T) {
	url := start(t, emulator.Options{})
	for path, want := range map[string][2]string{
		"/v1/images":         {"partner-gateway scratch batch-base db-base web-base Alma Linux 9.4", "partner-agent partner-gateway Alma Linux 9.4"},
		"/v1/pending-images": {"partner-agent", "web-base"},
	} {
		partner := get(url + path)
		partner.accessKey, partner.secretKey = "partner-access-key", "partner-secret-key"
		for i, c := range []call{get(url + path), partner} {
			if got := strings.Join(c.send(t).ids(t, "images", "name"), " "); got != want[i] {
				t.Errorf("%s of account %d is %s, want %s", path, i, got, want[i])
			}
		}
	}
}

// Fixtures with all that they can say are the same when they are written and read again.
func TestImagesAreWrittenAsTheyAreRead(t *testing.T) {
	for _, fixtures := range []emulator.Fixtures{defaultFixtures(t), several(), paged()} {
		text, err := json.Marshal(fixtures)
		if err != nil {
			t.Fatal(err)
		}
		file := t.TempDir() + "/fixtures.json"
		write(t, file, string(text))
		read, err := emulator.File(file)()
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(read); string(again) != string(text) {
			t.Errorf("%s reads as %s", text, again)
		}
	}
}
