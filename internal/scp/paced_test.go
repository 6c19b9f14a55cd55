// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
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
func readAll(t testing.TB, client *Client, n int, within time.Duration) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	start := time.Now()
	var readers sync.WaitGroup
	var mu sync.Mutex
	failed := 0
	for i := range n {
		readers.Go(func() {
			if _, err := client.ImageMembers(ctx, "", fmt.Sprintf("image-%d", i)); err != nil {
				mu.Lock()
				defer mu.Unlock()
				if failed++; failed == 1 {
					t.Errorf("a read failed: %v", err)
				}
			}
		})
	}
	readers.Wait()
	if failed > 0 {
		t.Errorf("%d of %d reads failed", failed, n)
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
					t.Run(fmt.Sprintf("%d at %d a second, burst %v, %s", status, rate, burst, name), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							l := &limiter{interval: time.Second / time.Duration(rate), burst: burst, status: status, latency: latency}
							client := newClient(Config{Endpoint: Endpoint{Override: override}, MaxRetries: DefaultMaxRetries, Transport: l})
							took := readAll(t, client, 300, 2*time.Minute)
							ideal := 300 * l.interval
							t.Logf("%s, %.2f of the ideal time, %d refusals", took.Round(10*time.Millisecond), took.Seconds()/ideal.Seconds(), l.refused)
							if took > ideal*13/10 || l.refused > 300/4 {
								t.Errorf("it took %s with %d refusals, want %s and 75 at most", took, l.refused, ideal*13/10)
							}
						})
					})
				}
			}
		}
	}
}

// A limit that is lifted is forgotten, and one image whose server fails slows down no other.
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
		var readers sync.WaitGroup
		for i := range 320 {
			readers.Go(func() {
				_, err := client.ImageMembers(t.Context(), "", fmt.Sprintf("image-%d", i))
				if (err != nil) != (i == 5) {
					t.Errorf("image-%d: the error is %v", i, err)
				}
			})
		}
		readers.Wait()
		if last > 1100*time.Millisecond {
			t.Errorf("the others took %s, want 1s and one request's time", last)
		}
	})
}

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
		var readers sync.WaitGroup
		for i := range 300 {
			readers.Go(func() {
				_, err := client.ImageMembers(t.Context(), "", fmt.Sprintf("image-%d", i))
				if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindBusy || e.Attempts != 5 {
					t.Errorf("image-%d: the error is %+v", i, err)
				}
			})
		}
		readers.Wait()
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
		t.Logf("%s, %d refusals", took, l.refused)
		if l.refused > 100 || took > 25*time.Second {
			t.Errorf("it took %s with %d refusals, want 25s and 100 at most", took, l.refused)
		}
	})
}

// A 429 holds back every request to its host, and no other's.
func TestPacedHoldsBackTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		sent := map[string][]time.Duration{}
		client := newClient(Config{
			Endpoint: Endpoint{Environment: "e"}, MaxRetries: 1,
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				image := strings.Split(r.URL.Path, "/")[3]
				sent[image] = append(sent[image], time.Since(start))
				if image == "first" && len(sent[image]) == 1 {
					return respond(http.StatusTooManyRequests, "", "Retry-After", "20"), nil
				}
				return respond(http.StatusOK, `{"members":[]}`), nil
			}),
		})
		read := func(region, image string) {
			if _, err := client.ImageMembers(t.Context(), region, image); err != nil {
				t.Error(err)
			}
		}
		var readers sync.WaitGroup
		readers.Go(func() { read("kr-west1", "first") })
		synctest.Wait()
		readers.Go(func() { read("kr-west1", "same") })
		readers.Go(func() { read("kr-east1", "other") })
		readers.Wait()
		if got := sent["other"]; len(got) != 1 || got[0] != 0 {
			t.Errorf("the other host's request was sent at %v, want at once", got)
		}
		for image, count := range map[string]int{"first": 2, "same": 1} {
			got := sent[image]
			if len(got) != count || got[count-1] < 20*time.Second || got[count-1] > 21*time.Second {
				t.Errorf("the requests for %s were sent at %v, want the last of %d after 20s", image, got, count)
			}
		}
	})
}

// A read that is held back by another's rejection says so, with how long, and counts no request that was not sent; one that has had an
// response of its own keeps it.
func TestHeldBackReadsSayWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := answering(503, serviceBody(`"database is down"`, "null"))
		s := script(down, answering(429, "", "Retry-After", "300"))
		client := retryingClient(s, 4)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var first *Error
		var reader sync.WaitGroup
		reader.Go(func() { _, first = readWithin(t, ctx, client) })
		synctest.Wait()
		_, second := readWithin(t, ctx, client) // gets the 429
		_, third := readWithin(t, ctx, client)
		reader.Wait()
		if second == nil || second.Kind != KindBusy || second.StatusCode != 429 || second.Attempts != 1 {
			t.Errorf("the second error is %+v", second)
		}
		if first == nil || first.Kind != KindHeldBack || first.RetryAfter < 4*time.Minute || first.StatusCode != 503 ||
			first.Detail != "database is down" || first.Attempts != 1 {
			t.Errorf("the first error is %+v", first)
		}
		if third == nil || third.Kind != KindHeldBack || third.StatusCode != 0 || third.Attempts != 0 || third.RetryAfter != 5*time.Minute {
			t.Errorf("the third error is %+v", third)
		}
		if len(s.sent) != 2 {
			t.Errorf("%d requests were sent, want 2", len(s.sent))
		}
	})
}

// A read whose last request was one too many, and whose time ends while it waits to send it again, was held back.
func TestHeldBackWhilePausing(t *testing.T) {
	for status, want := range map[int]Kind{429: KindHeldBack, 500: KindReadTimeout} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			// The wait that the response asks for is shorter than the time: it is not the reason.
			_, err := readWithin(t, ctx, retryingClient(script(answering(status, "", "Retry-After", "0")), 4))
			if err == nil || err.Kind != want || err.StatusCode != status || err.RetryAfter != 0 {
				t.Errorf("%d: the error is %+v, want kind %d", status, err, want)
			}
		})
	}
}

// A 503 says nothing of how many requests there are: it holds back the read that got it, and no other.
func TestPacedStaysOpenAfterA503(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := script(answering(503, "", "Retry-After", "20"), good)
		client := fakeClient(s)
		_, _ = read(t, client)
		if _, err := read(t, client); err != nil || s.waits()[0] != 0 {
			t.Errorf("the second read was sent after %v, with the error %v", s.waits(), err)
		}
	})
}

// A rejection for too many requests is a matter of time while the host answers others, however few retries there are.
func TestThrottledAttemptsDoNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rejections := 6
		client := retryingClient(roundTripper(func(request *http.Request) (*http.Response, error) {
			if strings.Contains(request.URL.Path, "rejected") && rejections > 0 {
				rejections--
				return respond(http.StatusTooManyRequests, ""), nil
			}
			return respond(http.StatusOK, `{"members":[]}`), nil
		}), 1)
		ctx, cancel := context.WithCancel(t.Context())
		var others sync.WaitGroup
		others.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				_, _ = client.ImageMembers(ctx, "", fmt.Sprint(i))
				time.Sleep(50 * time.Millisecond)
			}
		})
		time.Sleep(time.Second)
		if _, err := client.ImageMembers(t.Context(), "", "rejected"); err != nil || rejections > 0 {
			t.Errorf("with %d rejections left, the error is %v", rejections, err)
		}
		cancel()
		others.Wait()
	})
}
