// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// counting is a transport that takes a second for each request, and counts them.
func counting(sent *atomic.Int64, next roundTripper) roundTripper {
	return func(request *http.Request) (*http.Response, error) {
		sent.Add(1)
		time.Sleep(time.Second)
		return next(request)
	}
}

// errorsOf reads n images at once and returns the errors.
func errorsOf(t *testing.T, client *Client, n int) []*Error {
	t.Helper()
	errs := make([]*Error, n)
	atOnce(n, func(i int) {
		_, err := client.ImageMembers(t.Context(), "", fmt.Sprintf("image-%d", i))
		errs[i], _ = errors.AsType[*Error](err)
	})
	return errs
}

// What every request would fail with is sent once: the others are given the failure, also those of the next minute.
func TestWhatFailsEveryRequestIsSentOnce(t *testing.T) {
	for name, c := range map[string]struct {
		answer roundTripper
		sent   int64 // for ten reads
	}{
		"wrong keys":         {answering(401, `{"code":"HmacValidFail"}`), 1},
		"unknown name":       {failing(errNoSuchHost), 1},
		"no TLS":             {failing(notYetValid(-time.Hour)), 1},
		"a 403 of the image": {answering(403, serviceBody(`"x"`, "null")), 10},
		"an outage":          {answering(503, ""), 10},
	} {
		bubble(t, name, func(t *testing.T) {
			var sent atomic.Int64
			client := fakeClient(counting(&sent, c.answer))
			// The machine's clock is set while it runs.
			client.config.Now = func() time.Time { return time.Now().Add(time.Duration(sent.Load()) * time.Hour) }
			own := 0
			for i, e := range errorsOf(t, client, 10) {
				if e == nil || e.Request.URL.Path != fmt.Sprintf("/v1/images/image-%d/members", i) {
					t.Fatalf("image %d: the error is %+v", i, e)
				}
				own += e.Attempts
			}
			if sent.Load() != c.sent || own != int(c.sent) {
				t.Fatalf("%d requests were sent, and the errors tell of %d, want %d", sent.Load(), own, c.sent)
			}
			if c.sent > 1 {
				return
			}
			time.Sleep(30 * time.Second)
			_, e := read(t, client)
			if sent.Load() != 1 || !e.failsEveryRequest() || e.Attempts != 0 || e.Age != 30*time.Second {
				t.Errorf("half a minute later %d requests were sent, and the error is %+v", sent.Load(), e)
			}
			time.Sleep(31 * time.Second)
			if _, e := read(t, client); sent.Load() != 2 || e.Attempts != 1 || e.Age != 0 {
				t.Errorf("a minute later %d requests were sent, and the error is %+v", sent.Load(), e)
			}
		})
	}
}

// A 401 is of signed requests; a name that does not exist is of all. Neither is of another host.
func TestWhoIsGivenAFailure(t *testing.T) {
	for name, c := range map[string]struct {
		answer         roundTripper
		unsigned, both int64 // requests after an unsigned read, and a signed one after it
	}{
		"401":          {answering(401, ""), 1, 2},
		"a login page": {answering(401, "<html>"), 1, 2},
		"unknown name": {failing(errNoSuchHost), 1, 1},
	} {
		for _, signedFirst := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, signed first: %t", name, signedFirst), func(t *testing.T) {
				var sent atomic.Int64
				client := newClient(Config{Endpoint: Endpoint{Environment: "e"}, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					sent.Add(1)
					return c.answer(r)
				})})
				reads := []func(region string) error{
					func(region string) error { _, err := client.ServiceVersions(t.Context(), region); return err },
					func(region string) error { _, err := client.ImageMembers(t.Context(), region, imageID); return err },
				}
				if signedFirst {
					reads[0], reads[1] = reads[1], reads[0]
				}
				for i, want := range []int64{c.unsigned, c.both} {
					if err := reads[i]("kr-west1"); err == nil || sent.Load() != want {
						t.Errorf("after read %d, %d requests were sent, want %d: %v", i+1, sent.Load(), want, err)
					}
				}
				if err := reads[1]("kr-east1"); err == nil || sent.Load() != c.both+1 {
					t.Errorf("another host's request was not sent: %v", err)
				}
			})
		}
	}
}

// Keys that are revoked in the middle of a fleet stop the rest of it, and what failed before.
func TestKeysRevokedInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int64
		client := retryingClient(roundTripper(func(r *http.Request) (*http.Response, error) {
			n := sent.Add(1)
			time.Sleep(20 * time.Millisecond)
			switch {
			case n > 50:
				return respond(401, ""), nil
			case n%10 == 0:
				return respond(500, ""), nil // and would be sent again
			}
			return good(r)
		}), 4)
		failed, given := 0, 0
		for _, e := range errorsOf(t, client, 300) {
			if e == nil {
				continue
			}
			if failed++; e.Kind != KindUnauthorized {
				t.Errorf("the error is %+v", e)
			}
			if e.Attempts == 0 {
				given++
			}
		}
		if failed != 255 || given < 300-50-DefaultMaxConcurrency || sent.Load() > 50+DefaultMaxConcurrency {
			t.Errorf("%d images failed, %d of them without a request, and %d requests were sent", failed, given, sent.Load())
		}
	})
}

// An endpoint that is dead makes a fleet fail in the time of one read, with the reason, if it rejects connections; and in the read's time
// if it swallows them.
func TestFleetOfADeadEndpoint(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for name, c := range map[string]struct {
		answer roundTripper
		within time.Duration
		kind   Kind
	}{
		"rejects":  {failing(refused), 12 * time.Second, KindConnection},
		"swallows": {hanging, 2 * time.Minute, KindReadTimeout},
	} {
		bubble(t, name, func(t *testing.T) {
			start := time.Now()
			client := retryingClient(c.answer, DefaultMaxRetries)
			ctx := within(t, 2*time.Minute)
			atOnce(40, func(int) {
				if _, err := readWithin(t, ctx, client); err == nil || err.Kind != c.kind || err.Attempts == 0 {
					t.Errorf("the error is %+v", err)
				}
			})
			if took := time.Since(start); took > c.within {
				t.Errorf("it took %s, want %s at most", took, c.within)
			}
		})
	}
}
