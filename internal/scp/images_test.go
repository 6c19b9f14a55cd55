// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const documentedImages = `{"images":[{"checksum":"7538e0fcb56e0e272cfd89eb384d6613","container_format":"bare",` +
	`"created_at":"2025-07-22T09:00:00Z","disk_format":"qcow2","id":"70a599e0-31e7-49b7-b260-868f441e862b","min_disk":100,` +
	`"name":"imagename","os_distro":"alma","os_hidden":false,` +
	`"owner":"a8f10467abfc4b87b64614ab36eb9ae4","owner_account_name":"AccountName","owner_user_name":"user@samsung.com","protected":true,` +
	`"scp_image_type":"custom","scp_original_image_type":"standard","status":"active",` +
	`"updated_at":"2025-07-26T12:00:00Z","visibility":"shared","volumes":null}]}`

func TestImagesAreComplete(t *testing.T) {
	for _, limit := range []int{1, 20, 100, 1000} {
		for _, n := range []int{0, 1, 20, 21, 1000, 1001, 2500} {
			s := script(paging(n, limit))
			images, err := readImages(t, t.Context(), fakeClient(s), nil)
			if err != nil {
				t.Fatalf("%d images by %d: %v", n, limit, err)
			}
			want := make([]string, n)
			for i := range want {
				want[i] = strconv.Itoa(i + 1)
			}
			slices.Sort(want)
			for i, image := range images {
				if image.ID != want[i] {
					t.Fatalf("%d images by %d: image %d is %q", n, limit, i+1, image.ID)
				}
			}
			if requests := (n+limit-1)/limit + 2; len(images) != n || len(s.sent) != requests {
				t.Errorf("%d images by %d: got %d after %d requests, want %d", n, limit, len(images), len(s.sent), requests)
			}
		}
	}
}

// Filters and order go with each page, and each page is signed for its own URL.
func TestImagesRequests(t *testing.T) {
	filters := ImageFilters{"visibility": "public", "name": "a b&c=d/é", "os_distro": "alma"}
	var got []string
	now := time.UnixMilli(vectorTimestamp)
	client := fakeClient(roundTripper(func(request *http.Request) (*http.Response, error) {
		got = append(got, request.URL.String())
		signature := vectorCredentials.signature("GET", request.URL.String(), strconv.FormatInt(now.UnixMilli(), 10))
		if request.Header.Get("Scp-Signature") != signature || request.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("the headers of %s are %v", request.URL, request.Header)
		}
		now = now.Add(time.Second)
		switch len(got) {
		case 3:
			return respond(200, `{"images":[]}`), nil
		case 4:
			return respond(200, `{"images":[{"id":"b2","visibility":"public"}]}`), nil
		}
		return respond(200, fmt.Sprintf(`{"images":[{"id":"a%d","visibility":"Public"},{"id":"b%[1]d","visibility":"public"}]}`, len(got))), nil
	}))
	client.config.Now = func() time.Time { return now }
	if images, err := readImages(t, t.Context(), client, filters); err != nil || len(images) != 4 {
		t.Fatalf("got %v, %v", images, err)
	}
	for i, marker := range []string{"", "b1", "b2", "newest"} {
		query := url.Values{"limit": {"1000"}, "sort": {"created_at:asc"}}
		if marker == "newest" {
			query, marker = url.Values{"limit": {"1"}, "sort": {"created_at:desc"}}, ""
		}
		for name, value := range filters {
			query.Set(name, value)
		}
		if marker != "" {
			query.Set("marker", marker)
		}
		// A blank is %20: a gateway that rewrites the query would make it that.
		if want := override + "/v1/images?" + strings.ReplaceAll(query.Encode(), "+", "%20"); got[i] != want {
			t.Errorf("request %d is\n%s, want\n%s", i+1, got[i], want)
		}
	}
	if !maps.Equal(filters, ImageFilters{"visibility": "public", "name": "a b&c=d/é", "os_distro": "alma"}) {
		t.Errorf("the caller's filters became %v", filters)
	}
}

func TestImagesAccepted(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"documented", documentedImages,
			[]string{"created_at=2025-07-22T09:00:00Z id=" + imageID + " name=imagename os_distro=alma os_hidden=false " +
				"owner=a8f10467abfc4b87b64614ab36eb9ae4 owner_account_name=AccountName protected=true scp_image_type=custom " +
				"scp_original_image_type=standard status=active updated_at=2025-07-26T12:00:00Z visibility=shared"}},
		{"null fields", `{"images":[{"id":"i","name":null,"protected":null}]}`, []string{"id=i"}},
		{"not protected", `{"images":[{"id":"i","protected":false}]}`, []string{"id=i protected=false"}},
		{"unknown fields", `{"a":1,"images":[{"b":[{"id":"no"}],"id":"i"}],"next":null}`, []string{"id=i"}},
		{"a next page that is asked for", `{"images":[{"id":"i"}],"next":"/v1/images?marker=i","count":1}`, []string{"id=i"}},
		{"the whole list's total", `{"total_count":1,"images":[{"id":"i"}]}`, []string{"id=i"}},
		{"ids that are alike", `{"images":[{"id":"i"},{"id":"I"}]}`, []string{"id=I", "id=i"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			images, err := readImages(t, t.Context(), fakeClient(script(answering(200, c.body), page(), answering(200, c.body))), nil)
			if err != nil || len(images) != len(c.want) {
				t.Fatalf("got %v, %v", images, err)
			}
			for i, image := range images {
				if got := spell(image); got != c.want[i] {
					t.Errorf("image %d is %s, want %s", i, got, c.want[i])
				}
			}
		})
	}
}

// None of these may be taken for a list, whatever the other pages are.
func TestImagesRejected(t *testing.T) {
	const noImages = `it has no "images" array`
	body := func(body string) []roundTripper { return []roundTripper{answering(200, body)} }
	behind := func(body string) []roundTripper { return []roundTripper{page("a", "b"), answering(200, body)} }
	visible := func(visibility string) []roundTripper {
		return []roundTripper{
			answering(200, `{"images":[{"id":"a","visibility":"public"}]}`),
			answering(200, `{"images":[{"id":"b","visibility":"public"},{"id":"c","visibility":`+visibility+`}]}`),
		}
	}
	for _, c := range []struct {
		name  string
		pages []roundTripper
		kind  Kind
		want  string
	}{
		{"no images", body(`{}`), KindUnusable, noImages},
		{"null images", body(`{"images":null}`), KindUnusable, noImages},
		{"no id", body(`{"images":[{"id":"a"},{"name":"x"}]}`), KindUnusable, "image 2 of 2 has no id"},
		{"an id that is none", body(`{"images":[{"id":"a/../b"}]}`), KindUnusable, `image 1 of 1 has the ID "a/../b"`},
		{"protected a string", body(`{"images":[{"id":"a","protected":"no"}]}`), KindUnusable, `/protected" has the wrong type`},
		{"a count", body(`{"images":[{"id":"a"}],"count":2}`), KindUnusable, "contradicts the list of length 1"},
		{"next on the empty page", body(`{"images":[],"next":"x"}`), KindUnusable, `it has the key "next", which says that the list continues`},
		{"a total next to none", body(`{"images":[],"total":3}`), KindUnusable, "contradicts the list of length 0"},

		{"no list behind the first", behind(`{}`), KindUnusable, noImages},
		{"an old page", []roundTripper{page("a"), answering(200, `{"images":[]}`, "Age", "60")}, KindStale, "60 seconds old"},
		{"next behind the last", behind(`{"images":[],"next":"x"}`), KindUnusable, `it has the key "next", which says that the list continues`},
		{"another total behind the last", behind(`{"images":[],"total":3}`), KindUnusable, "contradicts the list of length 2"},

		{"twice on a page", []roundTripper{page("a", "b", "a"), page()}, KindListChanged, `image "a" is in the list twice`},
		{"a part of an earlier page", []roundTripper{page("a", "b"), page("c"), page("b"), page()}, KindListChanged, `"b" is in the list twice`},

		{"another visibility", visible(`"private"`), KindFilterIgnored, `image 2 of 2, "c", has another visibility than public`},
		{"no visibility", visible(`null`), KindFilterIgnored, `image 2 of 2, "c", has another visibility than public`},

		{"a marker that is gone", []roundTripper{page("a"), answering(404, serviceBody(`"gone"`, "null"))}, KindListChanged, ""},
		{"404 of the first page", []roundTripper{answering(404, serviceBody(`"gone"`, "null"))}, KindUnexpectedStatus, ""},
		{"a marker that is not visible any more", []roundTripper{page("a"), answering(403, serviceBody(`"no"`, "null"))}, KindListChanged, ""},
		{"403 of the first page", []roundTripper{answering(403, serviceBody(`"no"`, "null"))}, KindForbidden, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			filters := ImageFilters{}
			if c.kind == KindFilterIgnored {
				filters["visibility"] = "public"
			}
			s := script(c.pages...)
			client := retryingClient(s, 2)
			if c.kind == KindListChanged { // which is read again
				client.config.MaxRetries = 0
			}
			_, err := readImages(t, t.Context(), client, filters)
			if err == nil || err.Kind != c.kind || !strings.Contains(err.Reason, c.want) || strings.Contains(err.Reason, "json:") ||
				err.Attempts != 1 {
				t.Errorf("the error is %+v, want kind %q with %q", err, c.kind, c.want)
			}
		})
	}
}

// A list without end is an error before this machine's memory is full.
func TestImagesWithoutEnd(t *testing.T) {
	seen := map[string]bool{}
	for i := range maxImages - 1 {
		seen[strconv.Itoa(i)] = true
	}
	failure := fakeClient(nil).imagesCheck("", seen)([]Image{{ID: "a"}, {ID: "b"}})
	if failure == nil || failure.Kind != KindUnusable || len(seen) != maxImages {
		t.Errorf("the error of one image more than %d is %v, after %d", maxImages, failure, len(seen))
	}
}
