// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

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

// Until a response proves the keys, one request at a time is sent. A list that is read without keys does not prove them.
func TestWhatProvesTheKeys(t *testing.T) {
	ofService := serviceBody(`"x"`, "null")
	for name, c := range map[string]struct {
		status int
		body   string
		proves bool
	}{
		"members":                {200, documented, true},
		"403 of the service":     {403, ofService, true},
		"404 of the service":     {404, ofService, true},
		"400 of the service":     {400, ofService, false},
		"403 of something else":  {403, "<html>", false},
		"404 of something else":  {404, `{"message":"no Route matched"}`, false},
		"no list, but a success": {200, `{}`, true},
	} {
		bubble(t, name, func(t *testing.T) {
			var underWay, most atomic.Int32
			client := fakeClient(roundTripper(func(request *http.Request) (*http.Response, error) {
				if request.URL.Path == "/" {
					return respond(200, `{"versions":[{"id":"v1.3"}]}`), nil
				}
				most.Store(max(most.Load(), underWay.Add(1)))
				defer underWay.Add(-1)
				time.Sleep(time.Second)
				return respond(c.status, c.body), nil
			}))
			if _, err := client.ServiceVersions(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			_, _ = read(t, client)
			atOnce(3, func(int) { _, _ = read(t, client) })
			if proves := most.Load() > 1; proves != c.proves {
				t.Errorf("after it %d requests were under way, want several: %t", most.Load(), c.proves)
			}
		})
	}
}

// A read that is held back by another's rejection says so, with how long, and counts no request that was not sent; one that has had a
// response of its own keeps it.
func TestHeldBackReadsSayWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := answering(503, serviceBody(`"database is down"`, "null"))
		s := script(down, answering(429, "", "Retry-After", "300"))
		client := retryingClient(s, 4)
		ctx := within(t, time.Minute)
		var first *Error
		var reader sync.WaitGroup
		reader.Go(func() { _, first = readWithin(t, ctx, client) })
		synctest.Wait()
		_, second := readWithin(t, ctx, client) // gets the 429
		_, third := readWithin(t, ctx, client)
		reader.Wait()
		if second == nil || second.Kind != KindTooManyRequests || second.StatusCode != 429 || second.Attempts != 1 {
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

// A read whose last request was one too many, and whose time ends while it waits to send it again, was held back. A cancel is a cancel.
func TestHeldBackWhilePausing(t *testing.T) {
	for _, c := range []struct {
		status int
		cancel time.Duration
		want   Kind
	}{{429, time.Second, KindHeldBack}, {500, time.Second, KindReadTimeout}, {429, 100 * time.Millisecond, KindCanceled}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(within(t, 200*time.Millisecond))
			defer time.AfterFunc(c.cancel, cancel).Stop()
			// The wait that the response asks for is shorter than the time: it is not the reason.
			_, err := readWithin(t, ctx, retryingClient(script(answering(c.status, "", "Retry-After", "0")), 4))
			if err == nil || err.Kind != c.want || err.StatusCode != c.status || err.RetryAfter != 0 {
				t.Errorf("%d: the error is %+v, want kind %q", c.status, err, c.want)
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

// A rejection for too many requests is a matter of time while the host answers others, if there are any retries.
func TestThrottledAttemptsDoNotCount(t *testing.T) {
	for retries, left := range map[int]int{1: 0, 0: 5} {
		synctest.Test(t, func(t *testing.T) {
			rejections := 6
			client := retryingClient(roundTripper(func(request *http.Request) (*http.Response, error) {
				if strings.Contains(request.URL.Path, "rejected") && rejections > 0 {
					rejections--
					time.Sleep(time.Second) // others are answered meanwhile
					return respond(http.StatusTooManyRequests, ""), nil
				}
				return respond(http.StatusOK, `{"members":[]}`), nil
			}), retries)
			ctx, cancel := context.WithCancel(t.Context())
			var others sync.WaitGroup
			others.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					_, _ = client.ImageMembers(ctx, "", fmt.Sprint(i))
					time.Sleep(50 * time.Millisecond)
				}
			})
			time.Sleep(time.Second)
			if _, err := client.ImageMembers(t.Context(), "", "rejected"); (err != nil) != (left > 0) || rejections != left {
				t.Errorf("with %d retries and %d rejections left, the error is %v", retries, rejections, err)
			}
			cancel()
			others.Wait()
		})
	}
}
