// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// A page that is cut off was cut off on its way: it is asked for again, as after any failure that may pass, with attempts of its own.
func TestImagesRetries(t *testing.T) {
	half := answering(200, documentedImages[:len(documentedImages)/2])
	synctest.Test(t, func(t *testing.T) {
		s := script(answering(503, ""), page("a"), half, answering(502, ""), page("b"),
			answering(429, "", "Retry-After", "7"), page("c"), page(), page("c"))
		images, err := readImages(t, t.Context(), retryingClient(s, 2), nil)
		if err != nil || len(images) != 3 || len(s.sent) != 9 {
			t.Fatalf("got %v, %v after %d requests", images, err, len(s.sent))
		}
		if s.waits()[5] < 7*time.Second {
			t.Errorf("the waits are %v, want 7s after the 429", s.waits())
		}
		signatures := map[string]bool{}
		for _, request := range s.sent {
			signatures[request.Header.Get("Scp-Signature")] = true
		}
		if markers := s.sent[3].URL.Query().Get("marker") + s.sent[6].URL.Query().Get("marker"); len(signatures) != 9 || markers != "ab" {
			t.Errorf("there are %d signatures for 9 requests; the markers are %s", len(signatures), markers)
		}
		s = script(page("a"), answering(503, ""))
		if _, err := readImages(t, t.Context(), retryingClient(s, 2), nil); err == nil || err.StatusCode != 503 || err.Attempts != 3 {
			t.Errorf("a page that stays away: the error is %+v", err)
		}
	})
}

// One time bounds all pages, the proof and the reads of a list that changes.
func TestImagesEnd(t *testing.T) {
	for sent, pages := range map[int][]roundTripper{3: {page("a"), page(), page("a")}, 5: {page("a"), page("a")}} {
		synctest.Test(t, func(t *testing.T) {
			s := script(pages...)
			client := retryingClient(roundTripper(func(request *http.Request) (*http.Response, error) {
				time.Sleep(3 * time.Second)
				response, _ := s.RoundTrip(request)
				return response, request.Context().Err()
			}), 1)
			_, err := readImages(t, within(t, time.Duration(3*sent-1)*time.Second), client, nil)
			if err == nil || err.Kind != KindReadTimeout || len(s.sent) != sent {
				t.Errorf("the error is %+v after %d pages, want %d", err, len(s.sent), sent)
			}
		})
	}
}

// A filter that could only bring an empty list is not sent.
func TestNothingIsSentForABadFilter(t *testing.T) {
	client := fakeClient(sendsNothing(t))
	const empty, ends = "it must be a non-empty string without control characters", "it must not begin or end with white space"
	for _, c := range []struct{ name, value, want string }{
		{"status", "", empty}, {"status", "a\nb", empty}, {"name", "\x00", empty}, {"status", "a\u0085", empty}, {"name", "\x7f", empty},
		{"os_distro", " alma", ends}, {"scp_image_type", "custom ", ends}, {"visibility", " publik", ends},
		{"status", "ACTIVE", `it must be "active": in small letters`}, {"status", "Active ", `it must be "active"`},
		{"visibility", "Public", `it must be "public"`}, {"visibility", "public ", `it must be "public"`},
		{"visibility", "SHARED", `it must be "shared"`},
	} {
		want := fmt.Sprintf("the filter %s = %q cannot be used: %s", c.name, c.value, c.want)
		images, err := client.Images(t.Context(), "", ImageFilters{c.name: c.value})
		if images != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v with the error %v, want %s", images, err, want)
		}
	}
	for _, c := range []struct{ name, value string }{
		{"name", " my image "}, {"name", "ACTIVE"}, {"visibility", "publik"}, {"status", "active"},
	} {
		if err := CheckImageFilter(c.name, c.value); err != nil {
			t.Errorf("%s = %q: the error is %v", c.name, c.value, err)
		}
	}
}

// A visibility that SCP's documents do not name is asked for, and an empty list of it is no news.
func TestUnknownVisibility(t *testing.T) {
	unknown := ImageFilters{"visibility": "publik"}
	_, err := readImages(t, t.Context(), fakeClient(page()), unknown)
	if err == nil || err.Kind != KindUnknownFilter || !strings.Contains(err.Reason, "publik") {
		t.Errorf("without images: the error is %v", err)
	}
	image := answering(200, `{"images":[{"id":"a","visibility":"publik"}]}`)
	if images, err := readImages(t, t.Context(), fakeClient(script(image, page(), image)), unknown); err != nil || len(images) != 1 {
		t.Errorf("with an image: got %v, %v", images, err)
	}
	if images, err := readImages(t, t.Context(), fakeClient(page()), ImageFilters{"visibility": "public"}); err != nil || len(images) != 0 {
		t.Errorf("a known one: got %v, %v", images, err)
	}
}

// An empty page is believed only if the newest image is in the list. Each row is what the server sends; the last is repeated.
func TestImagesEndIsProven(t *testing.T) {
	for _, c := range []struct {
		name  string
		pages []roundTripper
		want  string // the IDs, or an error with this reason
		sent  int
	}{
		{"no images", []roundTripper{page(), page()}, "", 2},
		{"proven", []roundTripper{page("a"), page(), page("a")}, "a", 3},
		{"a newer one than asked for", []roundTripper{page("a", "b"), page(), page("b", "a")}, "a b", 3},
		{"an empty page with an image behind it", []roundTripper{page("a"), page(), page("b"), page("b"), page()}, "a b", 5},
		{"an empty first page", []roundTripper{page(), page("b"), page("a", "b"), page()}, "a b", 4},
		{"the newest is filtered out", []roundTripper{page("a"), page(), page(), page("a")}, "a", 4},
		{"a first page that stays empty", []roundTripper{page(), page("b"), page()}, `lacks the newest, "b"`, 3},
		{"still another one is missing", []roundTripper{page("a"), page(), page("c"), page("b"), page()}, `lacks the newest, "c"`, 5},
		{"images of one moment", []roundTripper{page("a 1", "b 1"), page(), page("a 1")}, "a b", 3},
		// The proof is no list: neither totals nor a next page of it count, an error does.
		{"a proof with a next page", []roundTripper{page("a"), page(), answering(200, `{"images":[{"id":"a"}],"next":"x","total":7}`)}, "a", 3},
		{"a proof with an error", []roundTripper{page("a"), page(), answering(200, `{"images":[{"id":"a"}],"error":"x"}`)},
			"reports a problem", 3},
		{"a proof with an image without ID", []roundTripper{page("a"), page(), answering(200, `{"images":[{}]}`)}, "has no id", 3},
		{"a proof that is rejected", []roundTripper{page("a"), page(), answering(400, serviceBody(`"no sort"`, "null"))}, "no sort", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := script(c.pages...)
			images, err := readImages(t, t.Context(), fakeClient(s), nil)
			if len(s.sent) != c.sent {
				t.Errorf("%d requests were sent, want %d", len(s.sent), c.sent)
			}
			if err != nil && !strings.Contains(err.Summary(), c.want) || err == nil && ids(images) != c.want {
				t.Errorf("got %v, %v, want %s", ids(images), err, c.want)
			}
			if err != nil && strings.Contains(c.want, "newest") && (err.Kind != KindListChanged || err.StatusCode != 200 || err.Attempts != 1) {
				t.Errorf("the error is %+v", err)
			}
		})
	}
}

// An ID that gives back a secret gets into no URL, which is logged: neither of the next page nor of another read.
func TestMarkersWithSecretsAreNotSent(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", "TRACE")
	var output bytes.Buffer
	first := answering(200, `{"test-secret":1,"images":[{"id":"a"}]}`, "Warning", `299 - "test-secret"`)
	client := fakeClient(script(first, page("test-secret")))
	_, err := client.Images(tflogtest.RootLogger(t.Context(), &output), "", nil)
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindUnusable || !strings.Contains(e.Reason, "contains a secret") {
		t.Errorf("the error is %v", err)
	}
	if text := output.String() + fmt.Sprint(err); strings.Contains(text, "test-secret") {
		t.Errorf("the secret is in %s", text)
	}
}
