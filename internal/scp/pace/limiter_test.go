// SPDX-License-Identifier: MPL-2.0

package pace

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

const hostName = "scp.example.com"

// provenLimiter is a gate whose host has sent a good response.
func provenLimiter(t *testing.T, size int) *Limiter {
	t.Helper()
	l := NewLimiter(size)
	send(t, l.NewRead(hostName, "first"), Result{Status: http.StatusOK, Proves: true})
	return l
}

// send is one attempt of a read, which takes no time.
func send(t *testing.T, v *Read, o Result) (throttled bool) {
	t.Helper()
	if err := v.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	return v.Done(o)
}

// closeHost has the host ask everyone to wait.
func closeHost(t *testing.T, l *Limiter, wait time.Duration) {
	t.Helper()
	time.Sleep(time.Nanosecond) // what was sent in the moment of the cut says nothing
	send(t, l.NewRead(hostName, "closing"), Result{Refused: true, RetryAfter: wait})
}

func TestLimiterBoundsWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, start := provenLimiter(t, 3), time.Now()
		var now, most atomic.Int64
		var reads sync.WaitGroup
		for range 9 {
			reads.Go(func() {
				v := l.NewRead(hostName, "x")
				if err := v.Wait(t.Context()); err != nil {
					t.Error(err)
				}
				most.Store(max(most.Load(), now.Add(1)))
				time.Sleep(time.Second)
				now.Add(-1)
				v.Done(Result{Status: http.StatusOK, Proves: true})
			})
		}
		reads.Wait()
		if most.Load() != 3 || time.Since(start) != 3*time.Second {
			t.Errorf("%d were under way at once over %s, want 3 over 3s", most.Load(), time.Since(start))
		}
	})
}

// A read whose context ends before the host opens ends at once, and says why.
func TestEnterBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := provenLimiter(t, 1)
		closeHost(t, l, time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		err := l.NewRead(hostName, "x").Wait(ctx)
		if heldBack, ok := errors.AsType[HeldBackError](err); !ok || heldBack.Asked != time.Hour || time.Since(start) != 0 {
			t.Errorf("got %v after %s, want that it is held back, at once", err, time.Since(start))
		}
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		for _, name := range []string{hostName, "third.example.com"} {
			for range 20 { // a select takes any of the ways that are open
				if err := l.NewRead(name, "x").Wait(canceled); !errors.Is(err, context.Canceled) {
					t.Fatalf("%s: got %v with the context canceled, want that", name, err)
				}
			}
		}
		if len(l.slots) != 0 {
			t.Errorf("%d slots are taken at the end", len(l.slots))
		}
	})
}

// Who is to be waited for: the server that asked, in whole seconds, or this client's own pace.
func TestHeldBackError(t *testing.T) {
	for _, c := range []struct {
		times       int // it is closed, each a deep cut
		wait, asked time.Duration
		reason      string
	}{
		{1, 90*time.Second - time.Millisecond, 90 * time.Second, "the server asked for a pause of another 1m30s"},
		{8, 0, 0, "while it was waiting to send its own"},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := provenLimiter(t, 1)
			for range c.times {
				closeHost(t, l, c.wait)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			err := l.NewRead(hostName, "x").Wait(ctx)
			if heldBack, ok := errors.AsType[HeldBackError](err); !ok || heldBack.Asked != c.asked || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("the error is %v, want %q", err, c.reason)
			}
		})
	}
}

// A read whose time is over while another one waits for the host says how long the server asked everyone to wait, if it did.
func TestHeldBackBehindAnother(t *testing.T) {
	for _, c := range []struct{ retryAfter, limit, asked time.Duration }{
		{90 * time.Second, 30 * time.Second, time.Minute},
		{0, 10 * time.Millisecond, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := provenLimiter(t, 2)
			closeHost(t, l, c.retryAfter)
			var first sync.WaitGroup
			first.Go(func() { send(t, l.NewRead(hostName, "first"), Result{}) })
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), c.limit)
			defer cancel()
			err := l.NewRead(hostName, "x").Wait(ctx)
			if heldBack, ok := errors.AsType[HeldBackError](err); !ok || heldBack.Asked != c.asked {
				t.Errorf("the error is %v, want one that it is held back for another %s", err, c.asked)
			}
			first.Wait()
		})
	}
}

// A host that closes while a read waits for its turn is closed for that read too.
func TestHostClosesBeforeTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := provenLimiter(t, 1)
		under, start := l.NewRead(hostName, "x"), time.Now()
		if err := under.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		entered := make(chan time.Duration)
		go func() {
			send(t, l.NewRead(hostName, "y"), Result{})
			entered <- time.Since(start)
		}()
		time.Sleep(time.Second)
		under.Done(Result{Refused: true, RetryAfter: 20 * time.Second})
		if at := <-entered; at != 21*time.Second {
			t.Errorf("it came in after %s, want 21s", at)
		}
	})
}

// Only a rejection beside responses to others is throttling, from when the read began or was last rejected.
func TestThrottled(t *testing.T) {
	rejected := Result{Refused: true}
	synctest.Test(t, func(t *testing.T) {
		l := provenLimiter(t, 4)
		v := l.NewRead(hostName, "x")
		if send(t, v, rejected) {
			t.Error("a rejection is throttling without any response to others")
		}
		send(t, l.NewRead(hostName, "other"), Result{Status: http.StatusOK})
		if !send(t, v, rejected) {
			t.Error("a rejection is no throttling although another was answered")
		}
		if send(t, v, rejected) {
			t.Error("one response to another counts twice")
		}
		unavailable := Result{Status: http.StatusServiceUnavailable}
		send(t, l.NewRead(hostName, "other"), Result{Status: http.StatusOK})
		for range 2 {
			send(t, l.NewRead(hostName, "other"), Result{Status: http.StatusOK})
			if send(t, v, unavailable) {
				t.Error("the 503 of one URL is throttling")
			}
		}
		send(t, l.NewRead(hostName, "third"), unavailable)
		send(t, l.NewRead(hostName, "other"), Result{Status: http.StatusOK})
		if !send(t, v, unavailable) {
			t.Error("503s of two URLs beside a response to a third are no throttling")
		}
	})
}

// Requests to a new host go one at a time until the first good response, for 10 seconds at most.
func TestOneRequestAtATimeToANewHost(t *testing.T) {
	for _, c := range []struct {
		name    string
		outcome Result
		takes   time.Duration
		want    []time.Duration // when the first four are sent
	}{
		{"good", Result{Status: 200, Proves: true}, time.Second, []time.Duration{0, time.Second, time.Second, time.Second}},
		{"wrong keys", Result{Status: 401}, 2 * time.Second, []time.Duration{0, 2 * time.Second, 4 * time.Second, 6 * time.Second}},
		{"hanging", Result{}, time.Minute, []time.Duration{0, 10 * time.Second, 10 * time.Second, 10 * time.Second}},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, start := NewLimiter(16), time.Now()
			sent := make(chan time.Duration, len(c.want))
			var reads sync.WaitGroup
			for range c.want {
				reads.Go(func() {
					v := l.NewRead(hostName, "x")
					if err := v.Wait(t.Context()); err != nil {
						t.Error(err)
					}
					sent <- time.Since(start)
					time.Sleep(c.takes)
					v.Done(c.outcome)
				})
			}
			reads.Wait()
			for i, want := range c.want {
				if got := <-sent; got != want {
					t.Errorf("%s: request %d was sent after %s, want %s", c.name, i+1, got, want)
				}
			}
		})
	}
}

// A read that waits for a new host's first response ends with its context, and leaves the way free for others.
func TestWaitForANewHostEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(16)
		first := l.NewRead(hostName, "x")
		if err := first.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := l.NewRead(hostName, "y").Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v, want the context's", err)
		}
		first.Done(Result{Status: 500})
		if start := time.Now(); send(t, l.NewRead(hostName, "z"), Result{}) || time.Since(start) != 0 {
			t.Errorf("the next request was sent after %s", time.Since(start))
		}
		// Nor does one that is held back by the host.
		closeHost(t, l, time.Hour)
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			if err := l.NewRead(hostName, "y").Wait(ctx); !errors.Is(err, HeldBackError{time.Hour}) || time.Since(start) != 0 {
				t.Errorf("the error is %v after %s, want that the host asked for an hour, at once", err, time.Since(start))
			}
		}
	})
}

// 503s of a host that has served others cut the pace, until they do not become fewer from one sample of responses to the next.
func TestCutBy503s(t *testing.T) {
	for _, c := range []struct {
		served  int   // before
		samples []int // 503s in each sample after the cut
		want    bool  // whether the pace is cut in the end
	}{
		{0, nil, false}, {1, nil, true},
		{1, []int{23}, false}, {1, []int{22}, true},
		{1, []int{20, 16}, false}, {1, []int{20, 15}, true}, {1, []int{10, 9}, true}, {1, []int{10, 10}, false},
	} {
		h, now := &host{}, time.Unix(0, 0)
		note := func(n, status int) {
			for range n {
				now = now.Add(10 * time.Millisecond)
				h.note(now.String(), now, now, Result{Status: status})
			}
		}
		note(c.served, http.StatusOK)
		note(manyBusy-1, http.StatusServiceUnavailable)
		if c.served > 0 {
			note(1, http.StatusOK)
			note(perServed, http.StatusServiceUnavailable)
		}
		if h.pace != 0 {
			t.Errorf("%v: %d 503s cut the pace", c, manyBusy-1)
		}
		note(1, http.StatusServiceUnavailable)
		now = now.Add(settle)
		for _, busy := range c.samples {
			note(busy, http.StatusServiceUnavailable)
			note(sample-busy, http.StatusOK)
		}
		if got := h.pace > 0; got != c.want {
			t.Errorf("%v: the pace is %g, want a cut one: %t", c, h.pace, c.want)
		}
	}
}
