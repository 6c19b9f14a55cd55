// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// A list that changed while it was read is read again from its start, three times in all. Each row is what the server sends.
func TestImagesAreReadAgain(t *testing.T) {
	gone := answering(400, serviceBody(`"gone"`, "null"))
	good := []roundTripper{page("a", "b"), page(), page("b")}
	for _, c := range []struct {
		name    string
		changed []roundTripper // one read
		reason  string         // if each read is like it
	}{
		{"a marker that is gone", []roundTripper{page("a"), gone}, "gone"},
		{"a page that repeats", []roundTripper{page("a"), page("a")}, `image "a" is in the list twice`},
		{"an image twice", []roundTripper{page("a", "b"), page("b", "c")}, `image "b" is in the list twice`},
		{"a newest that is missing", []roundTripper{page("a"), page(), page("c"), page()}, `lacks the newest, "c"`},
		{"a marker that is gone after the proof", []roundTripper{page("a"), page(), page("c"), gone}, "gone"},
		{"nothing any more", []roundTripper{page("a"), page(), page(), page()}, "the page that begins with the newest has none"},
		{"a list that shrank", []roundTripper{page("a 1", "b 2"), page(), page("a 1")}, "came first in both orders"},
	} {
		for changes, want := range map[int]string{0: "a b", 1: "a b", 2: "a b", 3: c.reason} {
			s := script(slices.Concat(slices.Repeat(c.changed, changes), good)...)
			images, err := readImages(t, t.Context(), retryingClient(s, 1), nil)
			sent := min(changes, 3)*len(c.changed) + len(good)
			if changes == 3 {
				sent -= len(good)
			}
			if len(s.sent) != sent {
				t.Errorf("%s, %d times: %d requests were sent, want %d", c.name, changes, len(s.sent), sent)
			}
			if changes < 3 && (err != nil || ids(images) != want) ||
				changes == 3 && (err == nil || err.Kind != KindListChanged || !strings.Contains(err.Summary(), want)) {
				t.Errorf("%s, %d times: got %v, %v, want %s", c.name, changes, ids(images), err, want)
			}
		}
		// max_retries = 0 repeats nothing.
		s := script(slices.Concat(c.changed, good)...)
		if _, err := readImages(t, t.Context(), fakeClient(s), nil); err == nil || len(s.sent) != len(c.changed) {
			t.Errorf("%s, without retries: the error is %v after %d requests", c.name, err, len(s.sent))
		}
	}
	// The reason is that of the last read.
	s := script(page("a"), gone, page("a"), page("a"), page("a"), page(), page("c"), page())
	if _, err := readImages(t, t.Context(), retryingClient(s, 1), nil); err == nil || !strings.Contains(err.Reason, `lacks the newest, "c"`) {
		t.Errorf("the error is %v", err)
	}
	// What is no change is not read again.
	for kind, end := range map[Kind]roundTripper{
		KindUnusable: answering(200, `{}`), KindEndpointNotFound: answering(404, `{"status":404,"error":"Not Found"}`), // the gateway's
	} {
		s := script(page("a"), end)
		if _, err := readImages(t, t.Context(), retryingClient(s, 4), nil); err == nil || err.Kind != kind || len(s.sent) != 2 {
			t.Errorf("the error is %v after %d requests", err, len(s.sent))
		}
	}
}

// What the emulator can do to a list, and what is read of it.
func TestImagesOfTheEmulator(t *testing.T) {
	for _, c := range []struct {
		images, page int
		fault        emulator.Fault
		want         string // the number of images, or of the error
		sent         int
	}{
		{25, 10, emulator.Fault{}, "25", 5},
		{25, 10, emulator.Fault{Kind: "vanish", After: 2, First: 1}, "25", 8},
		// The newest image goes between the last page and the proof.
		{2, 10, emulator.Fault{Kind: "newest-gone", After: 2}, "1", 6},
		{1, 10, emulator.Fault{Kind: "newest-gone", After: 2}, "0", 6},
		{25, 10, emulator.Fault{Kind: "newest-gone", After: 4}, "25", 5},
		// A policy hides the newest image for good: a page of one image is then empty.
		{25, 10, emulator.Fault{Kind: "newest-hidden"}, "24", 6},
		{1, 10, emulator.Fault{Kind: "newest-hidden"}, "0", 2},
		// With pages of one image all pages behind which it is newest are empty.
		{3, 1, emulator.Fault{Kind: "newest-hidden"}, "the page that begins with the newest has none", 15},
		{25, 10, emulator.Fault{Header: map[string]string{"X-Error": "failed"}}, "reports a problem", 1},
	} {
		fixtures := fixtures()
		fixtures.Faults = map[string]*emulator.Fault{"/v1/images": &c.fault}
		for i := range c.images {
			fixtures.Images = append(fixtures.Images, emulator.Image{ID: strconv.Itoa(i), CreatedAt: strconv.Itoa(2000 + i)})
		}
		e := emulator.New(emulator.Fixed(fixtures), emulator.Options{PageLimit: c.page})
		server := httptest.NewServer(e)
		client := serverClient(t, server.URL)
		client.config.MaxRetries = 1
		images, err := readImages(t, t.Context(), client, nil)
		server.Close()
		if got := strconv.Itoa(len(images)); err == nil && got != c.want || err != nil && !strings.Contains(err.Summary(), c.want) {
			t.Errorf("%d images, %s: there are %s images and the error %v, want %s", c.images, &c.fault, got, err, c.want)
		}
		if got := len(e.Requests()); got != c.sent {
			t.Errorf("%d images, %s: %d requests were sent, want %d", c.images, &c.fault, got, c.sent)
		}
	}
}
