// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The end of a read's time, and a cancel, end it during an attempt and between two. A cause of the caller's own changes nothing.
func TestReadEnds(t *testing.T) {
	for name, answer := range map[string]roundTripper{
		"hang": hanging, "back-off": answering(503, serviceBody(`"busy"`, "null")), "back-off after a transport error": failing(io.EOF),
	} {
		for kind, after := range map[Kind]time.Duration{KindReadTimeout: 20 * time.Second, KindCanceled: 200 * time.Millisecond} {
			bubble(t, fmt.Sprintf("%s, %s", name, after), func(t *testing.T) {
				ctx, end := context.WithTimeout(t.Context(), 20*time.Second)
				defer end()
				ctx, cancel := context.WithCancelCause(ctx)
				defer cancel(nil)
				if kind == KindCanceled {
					time.AfterFunc(after, func() { cancel(errors.New("Ctrl-C")) })
				}
				s := script(answer)
				_, err := readWithin(t, ctx, retryingClient(s, 10))
				if err == nil || err.Kind != kind || err.Attempts != len(s.sent) || err.Elapsed != after || kind == KindCanceled && len(s.sent) != 1 {
					t.Errorf("the error is %+v after %d requests", err, len(s.sent))
				}
				if busy := name == "back-off"; err != nil && (busy != (err.StatusCode == 503) || busy != (err.Detail == "busy")) {
					t.Errorf("the last response is in it: %t, want %t", err.StatusCode == 503, busy)
				}
			})
		}
	}
}

func TestRequestTimeout(t *testing.T) {
	for _, timeout := range []time.Duration{DefaultRequestTimeout, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := script(hanging, good)
			client := retryingClient(s, 1)
			client.config.RequestTimeout = timeout
			if _, err := read(t, client); err != nil {
				t.Fatal(err)
			}
			if wait := s.waits()[0]; wait < timeout+250*time.Millisecond || wait > timeout+750*time.Millisecond {
				t.Errorf("the next attempt came after %s, want %s and a back-off", wait, timeout)
			}
			_, err := read(t, retryingClient(script(hanging), 0))
			if err == nil || err.Kind != KindRequestTimeout || err.Reason != "no complete response came within the time for one request" ||
				err.StatusCode != 0 {
				t.Errorf("the error is %+v", err)
			}
		})
	}
}

// Whatever a transport makes of the end of the context, the reason is the context's.
func TestContextEndsInTheBody(t *testing.T) {
	for _, c := range []struct {
		name           string
		request, whole time.Duration
		kind           Kind
		reason         string
	}{
		{"request", time.Second, time.Minute, KindRequestTimeout, "no complete response came within the time for one request"},
		{"whole read", time.Minute, time.Second, KindReadTimeout, "the time for the whole read was over"},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := fakeClient(brokenBody(func(request *http.Request) error {
				<-request.Context().Done()
				return errors.New("use of closed connection")
			}))
			client.config.RequestTimeout = c.request
			ctx := within(t, c.whole)
			_, err := readWithin(t, ctx, client)
			if err == nil || err.Kind != c.kind || err.Reason != c.reason || err.StatusCode != 200 || err.Elapsed != time.Second {
				t.Errorf("%s: the error is %+v", c.name, err)
			}
		})
	}
}

// If the context ends during an attempt that failed for good, that failure is returned.
func TestCancelDuringAnAttempt(t *testing.T) {
	for _, c := range []struct {
		name string
		step roundTripper
		kind Kind
	}{
		{"404", answering(404, ""), KindEndpointNotFound},
		{"200 without members", answering(200, "{}"), KindUnusable},
		{"503", answering(503, ""), KindCanceled},
		{"EOF", failing(io.EOF), KindCanceled},
		{"no such host", failing(errNoSuchHost), KindCanceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, retries := range []int{4, 0} { // without any, the end of the context is still why there is no other attempt
				ctx, cancel := context.WithCancel(t.Context())
				s := script(func(request *http.Request) (*http.Response, error) {
					cancel()
					return c.step(request)
				})
				_, err := readWithin(t, ctx, retryingClient(s, retries))
				if err == nil || err.Kind != c.kind || err.Attempts != 1 {
					t.Errorf("with %d retries the error is %+v, want kind %q", retries, err, c.kind)
				}
			}
		})
	}
}

func TestEndedContext(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }))
	defer server.Close()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	expired, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for ctx, want := range map[context.Context]Kind{cancelled: KindCanceled, expired: KindReadTimeout} {
		client := serverClient(t, server.URL)
		client.config.MaxRetries = 4
		_, err := readWithin(t, ctx, client)
		if err == nil || err.Kind != want {
			t.Errorf("the error is %+v, want kind %q", err, want)
		}
	}
}

// No goroutine outlives a read, however it ended; only the pool's connections do, until they are closed.
func TestNoGoroutineIsLeft(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for _, kind := range []string{"", "hang", "reset", "cut-off", "trickle", "endless", "html", "gateway-404"} {
		server := httptest.NewServer(emulated(emulator.Options{Fault: &emulator.Fault{Kind: kind}}))
		transport := newTransport(Config{RequestTimeout: DefaultRequestTimeout})
		client := newClient(Config{Credentials: vectorCredentials, Endpoint: Endpoint{Override: server.URL}, Transport: transport, MaxRetries: 2})
		for range 3 {
			timeout := 20 * time.Millisecond
			if kind == "" {
				timeout = 10 * time.Second // a good response may take its time on a busy machine
			}
			ctx, cancel := context.WithTimeout(context.Background(), timeout)
			members, err := client.ImageMembers(ctx, "", imageID)
			cancel()
			if (err == nil) != (kind == "") || (members == nil) == (kind == "") {
				t.Errorf("%q: got %v, %v", kind, members, err)
			}
		}
		transport.CloseIdleConnections()
		server.Close()
		if err := goleak.Find(before); err != nil {
			t.Errorf("%q: %v", kind, err)
		}
	}
}
