// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// limiter rejects a request that comes sooner than its interval after the last one that it took, once a burst is used up, as nginx does.
type limiter struct {
	interval time.Duration
	burst    float64
	status   int
	latency  func() time.Duration
	header   []string

	mu             sync.Mutex
	excess         float64
	last           time.Time
	taken, refused int
}

func (l *limiter) RoundTrip(request *http.Request) (*http.Response, error) {
	time.Sleep(l.latency() / 2)
	defer func() { time.Sleep(l.latency() / 2) }()
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.interval > 0 {
		excess := 0.0 // of the first
		if !l.last.IsZero() {
			excess = max(0, l.excess+1-float64(now.Sub(l.last))/float64(l.interval))
		}
		if excess > l.burst {
			l.refused++
			return respond(l.status, "", l.header...), nil
		}
		l.excess, l.last = excess, now
	}
	l.taken++
	return respond(200, `{"members":[]}`), nil
}

// readAll reads n images at once, as a fleet does, and returns how long it took.
func readAll(t testing.TB, client *Client, n int, limit time.Duration) time.Duration {
	t.Helper()
	ctx := within(t, limit)
	start := time.Now()
	var failed atomic.Int64
	atOnce(n, func(i int) {
		if _, err := client.ImageMembers(ctx, "", fmt.Sprintf("image-%d", i)); err != nil && failed.Add(1) == 1 {
			t.Errorf("a read failed: %v", err)
		}
	})
	if failed.Load() > 0 {
		t.Errorf("%d of %d reads failed", failed.Load(), n)
	}
	return time.Since(start)
}

// A fleet reads at the server's pace: every image, in little more than the time that the limit leaves, and with few rejections.
func TestFleetAtTheServersPace(t *testing.T) {
	slow := func(least, most time.Duration) func() time.Duration {
		return func() time.Duration { return least + rand.N(most-least) }
	}
	latencies := map[string]func() time.Duration{
		"near": slow(time.Millisecond, 8*time.Millisecond), "far": slow(100*time.Millisecond, 108*time.Millisecond),
	}
	for _, status := range []int{429, 503} {
		for _, rate := range []int{5, 10, 20} {
			for _, burst := range []float64{0, 1, 20} {
				for name, latency := range latencies {
					bubble(t, fmt.Sprintf("%d at %d a second, burst %v, %s", status, rate, burst, name), func(t *testing.T) {
						l := &limiter{interval: time.Second / time.Duration(rate), burst: burst, status: status, latency: latency}
						client := newClient(Config{Endpoint: Endpoint{Override: override}, MaxRetries: DefaultMaxRetries, Transport: l})
						took := readAll(t, client, 300, 2*time.Minute)
						ideal := 300 * l.interval
						if took > ideal*13/10 || l.refused > 300/4 {
							t.Errorf("it took %s with %d refusals, want %s and 75 at most", took, l.refused, ideal*13/10)
						}
					})
				}
			}
		}
	}
}

// One image whose server fails slows down no other.
func TestPaceOfABrokenImage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, last := time.Now(), time.Duration(0)
		var mu sync.Mutex
		client := retryingClient(roundTripper(func(r *http.Request) (*http.Response, error) {
			time.Sleep(50 * time.Millisecond)
			if r.URL.Path == "/v1/images/image-5/members" {
				return respond(503, ""), nil
			}
			mu.Lock()
			defer mu.Unlock()
			last = time.Since(start)
			return respond(200, `{"members":[]}`), nil
		}), 4)
		atOnce(320, func(i int) {
			_, err := client.ImageMembers(t.Context(), "", fmt.Sprintf("image-%d", i))
			if (err != nil) != (i == 5) {
				t.Errorf("image-%d: the error is %v", i, err)
			}
		})
		if last > 1100*time.Millisecond {
			t.Errorf("the others took %s, want 1s and one request's time", last)
		}
	})
}

// A limit that is lifted is forgotten.
func TestPaceIsForgottenWithTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &limiter{interval: 50 * time.Millisecond, status: 429, latency: func() time.Duration { return 50 * time.Millisecond }}
		client := newClient(Config{Endpoint: Endpoint{Override: override}, MaxRetries: 4, Transport: l})
		readAll(t, client, 100, time.Minute)
		l.mu.Lock()
		l.interval = 0
		l.mu.Unlock()
		readAll(t, client, 3000, time.Minute) // finds out
		if took := readAll(t, client, 1600, time.Minute); took > 6*time.Second {
			t.Errorf("1,600 reads of 50 ms, 16 at once, took %s, want 5s", took)
		}
	})
}

// An outage is no limit: no read waits for another's turn, and each read ends after its attempts.
func TestPaceOfAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := retryingClient(roundTripper(func(*http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Millisecond)
			return respond(503, ""), nil
		}), 4)
		start := time.Now()
		atOnce(300, func(i int) {
			_, err := client.ImageMembers(t.Context(), "", fmt.Sprintf("image-%d", i))
			if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindServerError || e.Attempts != 5 {
				t.Errorf("image-%d: the error is %+v", i, err)
			}
		})
		if took := time.Since(start); took > 25*time.Second {
			t.Errorf("it took %s, want the 10s in which a new host is asked one at a time, and the pauses of one read", took)
		}
	})
}

// A limit that sets in far below the pace is found in a few rejections.
func TestPaceOfALimitThatSetsIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &limiter{interval: 50 * time.Millisecond, burst: 300, status: 429, latency: func() time.Duration { return 100 * time.Millisecond }}
		client := newClient(Config{Endpoint: Endpoint{Override: override}, MaxRetries: 4, Transport: l})
		took := readAll(t, client, 600, 2*time.Minute)
		if l.refused > 100 || took > 25*time.Second {
			t.Errorf("it took %s with %d refusals, want 25s and 100 at most", took, l.refused)
		}
	})
}
