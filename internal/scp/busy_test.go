// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// A limit that rejects with 503 takes little more than its own time, and few requests.
func TestPaceOfALimitThatRejectsWith503(t *testing.T) {
	for _, latency := range []time.Duration{time.Millisecond, 20 * time.Millisecond, 100 * time.Millisecond} {
		bubble(t, latency.String(), func(t *testing.T) {
			l := &limiter{interval: time.Second / 10, burst: 9, status: 503, latency: func() time.Duration { return latency }}
			client := newClient(Config{Endpoint: Endpoint{Override: override}, MaxRetries: DefaultMaxRetries, Transport: l})
			took := readAll(t, client, 200, 2*time.Minute)
			if took > 21*time.Second || l.refused > 50 {
				t.Errorf("it took %s and %d requests, want 21s and 250 at most", took, 200+l.refused)
			}
		})
	}
}

// 503s that do not depend on the pace do not slow down, nor do they fail a read while the host serves others.
func TestPaceOfRandom503s(t *testing.T) {
	for name, share := range map[string]float64{"a tenth": 0.1, "three tenths": 0.3} {
		bubble(t, name, func(t *testing.T) {
			var mu sync.Mutex
			random := rand.New(rand.NewPCG(1, 2))
			client := retryingClient(roundTripper(func(*http.Request) (*http.Response, error) {
				time.Sleep(20 * time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				if random.Float64() < share {
					return respond(503, ""), nil
				}
				return respond(200, `{"members":[]}`), nil
			}), DefaultMaxRetries)
			if took := readAll(t, client, 300, 2*time.Minute); took > 8*time.Second {
				t.Errorf("it took %s, want 8s at most", took)
			}
		})
	}
}

// An outage that begins behind a list of images is no limit: each read ends after its attempts.
func TestPaceOfAnOutageBehindAList(t *testing.T) {
	for name, c := range map[string]struct {
		served string // an image that is served 60 ms after the first 503
		within time.Duration
	}{
		"of all": {"none", 18 * time.Second}, "of all but one": {"image-7", 20 * time.Second},
	} {
		bubble(t, name, func(t *testing.T) {
			client := retryingClient(roundTripper(func(r *http.Request) (*http.Response, error) {
				switch {
				case !strings.HasSuffix(r.URL.Path, "/members"):
					return paging(50, 1000)(r)
				case strings.Contains(r.URL.Path, c.served):
					time.Sleep(80 * time.Millisecond)
					return respond(200, `{"members":[]}`), nil
				}
				time.Sleep(20 * time.Millisecond)
				return respond(503, ""), nil
			}), DefaultMaxRetries)
			if _, err := readImages(t, t.Context(), client, nil); err != nil {
				t.Fatal(err)
			}
			start, failed := time.Now(), 0
			for _, e := range errorsOf(t, client, 50) {
				if e != nil {
					if failed++; !e.temporary() || e.StatusCode != 503 || e.Attempts < 5 || e.Attempts > 6 {
						t.Errorf("the error is %+v", e)
					}
				}
			}
			if took := time.Since(start); took > c.within || failed < 49 {
				t.Errorf("%d images failed in %s, want %s at most", failed, took, c.within)
			}
		})
	}
}
