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

// A read that ends before the host opens ends at once, and says why.
func TestGateBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1)
		g.close("host", time.Hour)
		g.close("host", time.Second) // a shorter one does not open it sooner
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if _, err := g.enter(ctx, "host"); !errors.Is(err, errHeldBack) || time.Since(start) != 0 {
			t.Errorf("got %v after %s, want that it is held back, at once", err, time.Since(start))
		}
		if got := classify(errHeldBack); got != ClassReadTimeout {
			t.Errorf("being held back is of class %d, want ClassReadTimeout", got)
		}
		leave, err := g.enter(ctx, "other")
		if err != nil {
			t.Fatal(err)
		}
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := g.enter(canceled, "other"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v with no slot free and the context cancelled, want that", err)
		}
		if _, err := g.enter(canceled, "host"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v with the host closed and the context cancelled, want that", err)
		}
		leave()
		if len(g.slots) != 0 {
			t.Errorf("%d slots are taken at the end", len(g.slots))
		}
	})
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
		leave, err := g.enter(t.Context(), "host")
		if err != nil {
			t.Fatal(err)
		}
		entered := make(chan time.Duration)
		go func() {
			leave, err := g.enter(t.Context(), "host")
			if err == nil {
				leave()
			}
			entered <- time.Since(start)
		}()
		synctest.Wait()
		g.close("host", 20*time.Second)
		leave()
		if at := <-entered; at != 20*time.Second {
			t.Errorf("it came in after %s, want 20s", at)
		}
	})
}
