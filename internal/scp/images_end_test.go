// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// A page that is cut off was cut off on its way: it is asked for again, as after any failure that may pass, with tries of its own.
func TestImagesRetries(t *testing.T) {
	half := answering(200, documentedImages[:len(documentedImages)/2])
	synctest.Test(t, func(t *testing.T) {
		s := script(answering(503, ""), page("a"), half, answering(502, ""), page("b"), answering(429, "", "Retry-After", "7"), page("c"), page())
		images, err := readImages(t, t.Context(), retryingClient(s, 2), nil)
		if err != nil || len(images) != 3 || len(s.sent) != 8 {
			t.Fatalf("got %v, %v after %d requests", images, err, len(s.sent))
		}
		if s.waits()[5] < 7*time.Second {
			t.Errorf("the waits are %v, want 7s after the 429", s.waits())
		}
		signatures := map[string]bool{}
		for _, request := range s.sent {
			signatures[request.Header.Get("Scp-Signature")] = true
		}
		if markers := s.sent[3].URL.Query().Get("marker") + s.sent[6].URL.Query().Get("marker"); len(signatures) != 8 || markers != "ab" {
			t.Errorf("there are %d signatures for 8 requests; the markers are %s", len(signatures), markers)
		}
		s = script(page("a"), answering(503, ""))
		if _, err := readImages(t, t.Context(), retryingClient(s, 2), nil); err == nil || err.StatusCode != 503 || err.Attempts != 3 {
			t.Errorf("a page that stays away: the error is %+v", err)
		}
	})
}

// One time bounds all pages, and a cancelled context ends the list at any of them.
func TestImagesEnd(t *testing.T) {
	slow := roundTripper(func(request *http.Request) (*http.Response, error) {
		time.Sleep(3 * time.Second)
		marker, _ := strconv.Atoi(request.URL.Query().Get("marker"))
		return page(strconv.Itoa(marker + 1))(request)
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start, s := time.Now(), script(slow)
		_, err := readImages(t, ctx, fakeClient(s), nil)
		if err == nil || err.Kind != KindReadTimeout || time.Since(start) > 12*time.Second || len(s.sent) != 4 {
			t.Errorf("the error is %+v after %s and %d requests", err, time.Since(start), len(s.sent))
		}
	})
	for name, last := range map[string]roundTripper{"hang": hanging, "back-off": answering(503, "", "Retry-After", "60")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(5*time.Second, cancel)
				start := time.Now()
				_, err := readImages(t, ctx, retryingClient(script(page("a"), last), 4), nil)
				if err == nil || err.Kind != KindCanceled || time.Since(start) != 5*time.Second {
					t.Errorf("the error is %+v after %s", err, time.Since(start))
				}
			})
		})
	}
}

// A list that never ends is left at a bound.
func TestImagesBound(t *testing.T) {
	pages := fakeClient(nil).newImagePages(nil)
	pages.images = make([]Image, maxImages-1)
	if flaw := pages.add([]Image{{ID: "a"}}); flaw != nil {
		t.Errorf("a list of just the bound: %v", flaw)
	}
	if flaw := pages.add([]Image{{ID: "b"}}); flaw == nil || !strings.Contains(flaw.reason, "more than 200000 images") {
		t.Errorf("beyond the bound: %v", flaw)
	}
}

func TestNothingIsSentForABadFilter(t *testing.T) {
	client := fakeClient(roundTripper(func(request *http.Request) (*http.Response, error) {
		t.Errorf("sent %s", request.URL)
		return nil, errors.New("sent")
	}))
	for _, value := range []string{"", "a\nb", "\x00", "a\u0085", "\x7f"} {
		want := fmt.Sprintf("the filter status = %q cannot be used: it must be a non-empty string without control characters", value)
		images, err := client.Images(t.Context(), "", ImageFilters{"name": "a", "status": value})
		if images != nil || err == nil || err.Error() != want {
			t.Errorf("got %v with the error %v, want %s", images, err, want)
		}
	}
}

// Keys that are ignored are named in one warning for all pages.
func TestUnknownKeysOfAListAreLogged(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", "WARN")
	var output bytes.Buffer
	zoned := func(zone, id string) roundTripper {
		return answering(200, fmt.Sprintf(`{%q:"a","images":[{"id":%q}]}`, zone, id))
	}
	client := fakeClient(script(zoned("zone", "a"), zoned("zone", "b"), zoned("region", "c"), page()))
	if _, err := client.Images(tflogtest.RootLogger(t.Context(), &output), "", nil); err != nil {
		t.Fatal(err)
	}
	lines, err := tflogtest.MultilineJSONDecode(&output)
	if err != nil || len(lines) != 1 || lines[0]["keys"] != "region, zone" {
		t.Errorf("the lines are %v, want one warning of region and zone", lines)
	}
}

// An id that gives back a secret gets into no URL, which is logged.
func TestSecretsAreNoMarkers(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", "TRACE")
	var output bytes.Buffer
	client := fakeClient(script(page("a", "test-secret"), page()))
	_, err := client.Images(tflogtest.RootLogger(t.Context(), &output), "", nil)
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindUnusable || !strings.Contains(e.Reason, "contains a secret") {
		t.Errorf("the error is %v", err)
	}
	if text := output.String() + fmt.Sprint(err); strings.Contains(text, "test-secret") {
		t.Errorf("the secret is in %s", text)
	}
}
