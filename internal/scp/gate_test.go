// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestGateBoundsRequestsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		client := NewClient(Config{
			Endpoint: Endpoint{Override: "https://scp.example.com"}, MaxConcurrency: 3,
			Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				most.Store(max(most.Load(), now.Add(1)))
				time.Sleep(time.Second)
				now.Add(-1)
				return respond(http.StatusOK, `{"members":[]}`), nil
			}),
		})
		start := time.Now()
		var readers sync.WaitGroup
		for range 9 {
			readers.Go(func() {
				if _, err := client.ImageMembers(t.Context(), "", "x"); err != nil {
					t.Error(err)
				}
			})
		}
		readers.Wait()
		if most.Load() != 3 || time.Since(start) != 3*time.Second {
			t.Errorf("%d requests were under way at once over %s, want 3 over 3s", most.Load(), time.Since(start))
		}
	})
}

// A 429 holds back every request to its host, and no other's.
func TestGateHoldsBackTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		sent := map[string][]time.Duration{}
		client := NewClient(Config{
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

// closeHost is an answer that asks everyone to wait.
func closeHost(h *host, wait time.Duration) {
	h.answered("", http.StatusTooManyRequests, time.Now(), time.Now(), wait)
}

// A read that ends before the host opens ends at once, and says why.
func TestGateBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1)
		closed, other := g.host("host"), g.host("other")
		closeHost(closed, time.Hour)
		closeHost(closed, time.Second) // a shorter one does not open it sooner
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		_, err := g.enter(ctx, closed)
		if heldBack, ok := errors.AsType[heldBackError](err); !ok || heldBack.asked != time.Hour || time.Since(start) != 0 {
			t.Errorf("got %v after %s, want that it is held back, at once", err, time.Since(start))
		}
		if got := classify(err); got != ClassHeldBack {
			t.Errorf("being held back is of class %d, want ClassHeldBack", got)
		}
		leave, err := g.enter(ctx, other)
		if err != nil {
			t.Fatal(err)
		}
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		for range 20 { // a select takes any of the ways that are open
			if _, err := g.enter(canceled, other); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v with no slot free and the context cancelled, want that", err)
			}
			if _, err := g.enter(canceled, g.host("third")); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v with the context cancelled, want that", err)
			}
		}
		if _, err := g.enter(canceled, closed); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v with the host closed and the context cancelled, want that", err)
		}
		leave()
		for range 20 {
			if _, err := g.enter(canceled, other); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v with a slot free and the context cancelled, want that", err)
			}
		}
		if len(g.slots) != 0 {
			t.Errorf("%d slots are taken at the end", len(g.slots))
		}
	})
}

// A read that is held back by another's refusal says so, with how long, and counts no request that was not sent; one that has had an
// answer of its own keeps it.
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
		if second == nil || second.Class != ClassStatus || second.StatusCode != 429 || second.Tries != 1 {
			t.Errorf("the second error is %+v", second)
		}
		if first == nil || first.Class != ClassHeldBack || first.StatusCode != 503 || first.Detail != "database is down" || first.Tries != 1 {
			t.Errorf("the first error is %+v", first)
		}
		if third == nil || third.Class != ClassHeldBack || third.StatusCode != 0 || third.Tries != 0 || third.RetryAfter != 5*time.Minute {
			t.Errorf("the third error is %+v", third)
		}
		if len(s.sent) != 2 {
			t.Errorf("%d requests were sent, want 2", len(s.sent))
		}
	})
}

// Who is to be waited for is told apart: the server that asked, in whole seconds, or this client's own pace.
func TestHeldBackByWhom(t *testing.T) {
	for _, c := range []struct {
		name   string
		host   func(*host)
		asked  time.Duration
		reason string
	}{
		{"asked", func(h *host) { closeHost(h, 90*time.Second-time.Millisecond) }, 90 * time.Second, "the server asked for a pause of another 1m30s"},
		{"own pace", func(h *host) { h.pace, h.next = 0.2, time.Now().Add(5*time.Second) }, 0, "the time for this read was over before its turn came"},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(1)
			host := g.host("host")
			c.host(host)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := g.enter(ctx, host)
			if heldBack, ok := errors.AsType[heldBackError](err); !ok || heldBack.asked != c.asked || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%s: the error is %v, want %q", c.name, err, c.reason)
			}
		})
	}
}

// A read whose time is over while another one waits for the host says how long the server asked everyone to wait.
func TestHeldBackBehindAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2)
		host := g.host("host")
		closeHost(host, 90*time.Second)
		var first sync.WaitGroup
		first.Go(func() {
			if leave, err := g.enter(t.Context(), host); err == nil {
				leave()
			}
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, err := g.enter(ctx, host)
		if heldBack, ok := errors.AsType[heldBackError](err); !ok || heldBack.asked != time.Minute {
			t.Errorf("the error is %v, want one that it is held back for another minute", err)
		}
		first.Wait()
	})
}

// A read whose last request was one too many, and whose time ends while it waits to send it again, was held back.
func TestHeldBackWhilePausing(t *testing.T) {
	for status, want := range map[int]Class{429: ClassHeldBack, 500: ClassReadTimeout} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			// The wait that the answer asks for is shorter than the time: it is not the reason.
			_, err := readWithin(t, ctx, retryingClient(script(answering(status, "", "Retry-After", "0")), 4))
			if err == nil || err.Class != want || err.StatusCode != status || err.RetryAfter != 0 {
				t.Errorf("%d: the error is %+v, want class %d", status, err, want)
			}
		})
	}
}

// A 503 says nothing of how many requests there are: it holds back the read that got it, and no other.
func TestGateStaysOpenAfterA503(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := script(answering(503, "", "Retry-After", "20"), good)
		client := fakeClient(s)
		_, _ = read(t, client)
		if _, err := read(t, client); err != nil || s.waits()[0] != 0 {
			t.Errorf("the second read was sent after %v, with the error %v", s.waits(), err)
		}
	})
}

// A host that closes while a read waits for its turn is closed for that read too.
func TestGateClosesBeforeTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, start := newGate(1), time.Now()
		host := g.host("host")
		leave, err := g.enter(t.Context(), host)
		if err != nil {
			t.Fatal(err)
		}
		entered := make(chan time.Duration)
		go func() {
			leave, err := g.enter(t.Context(), host)
			if err == nil {
				leave()
			}
			entered <- time.Since(start)
		}()
		synctest.Wait()
		closeHost(host, 20*time.Second)
		leave()
		if at := <-entered; at != 20*time.Second {
			t.Errorf("it came in after %s, want 20s", at)
		}
	})
}
