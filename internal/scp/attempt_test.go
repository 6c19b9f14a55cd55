// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
)

var triggers = map[string]trigger{
	"nginx return 444":          {requested: func(*http2.Framer, uint32) bool { return false }},
	"RST_STREAM PROTOCOL_ERROR": resetting(http2.ErrCodeProtocol), "RST_STREAM REFUSED_STREAM": resetting(http2.ErrCodeRefusedStream),
	"GOAWAY for each request": {requested: func(f *http2.Framer, _ uint32) bool {
		return f.WriteGoAway(0, http2.ErrCodeNo, nil) == nil
	}},
	"GOAWAY and the end for each request": {requested: func(f *http2.Framer, _ uint32) bool {
		_ = f.WriteGoAway(0, http2.ErrCodeNo, nil)
		return false
	}},
	"GOAWAY that explains itself": {requested: func(f *http2.Framer, stream uint32) bool {
		return f.WriteGoAway(stream, http2.ErrCodeInternal, []byte("remote error: tls: malformed HTTP ENHANCE_YOUR_CALM")) == nil && false
	}},
	"GOAWAY on connect": {connected: func(f *http2.Framer) bool { return f.WriteGoAway(0, http2.ErrCodeNo, nil) == nil },
		requested: func(*http2.Framer, uint32) bool { return true }},
}

// Whatever a server does to its connections, an attempt opens a handful and sends a handful of requests; then it fails for what it is.
// With max_retries = 0 a request is sent once, also when net/http would send it again by itself.
func TestAttemptOpensFewConnections(t *testing.T) {
	for name, trigger := range triggers {
		for _, retries := range []int{0, 1} {
			bubble(t, fmt.Sprintf("%s, %d retries", name, retries), func(t *testing.T) {
				server := startPath(t, path{http2: trigger, noHTTP1: true})
				server.client.config.MaxRetries = retries
				ctx := within(t, 30*time.Second)
				_, err := readWithin(t, ctx, server.client)
				connections, requests := server.connections.Load(), server.frames.requests.Load()
				if err == nil || err.Kind != KindConnection || strings.Contains(err.Reason, "context") {
					t.Fatalf("the error is %+v", err)
				}
				most := int64(2 * (maxConnections + 1))
				if connections > most || requests > most || retries == 0 && requests > 1 {
					t.Errorf("%d connections and %d requests", connections, requests)
				}
				if retries > 0 && (int64(err.Attempts) < max(2, requests-1) || int64(err.Attempts) > max(2, requests+1)) {
					t.Errorf("the error tells of %d requests, and %d were sent", err.Attempts, requests)
				}
			})
		}
	}
}

// The same holds for a fleet, whose requests share a connection.
func TestAttemptsOfAFleetOpenFewConnections(t *testing.T) {
	for name, trigger := range triggers {
		bubble(t, name, func(t *testing.T) {
			server := startPath(t, path{http2: trigger, noHTTP1: true})
			server.client.config.MaxRetries = 0
			const fleet = 20
			for _, err := range errorsOf(t, server.client, fleet) {
				if err == nil {
					t.Error("there is no error")
				}
			}
			connections, requests := server.connections.Load(), server.frames.requests.Load()
			if most := int64(fleet * (maxConnections + 1)); connections > most || requests > most {
				t.Errorf("%d connections and %d requests, want %d at most", connections, requests, most)
			}
		})
	}
}

// After a 101 the connection is the caller's, and net/http no longer ends it with the context. In a bubble, what hangs is an error.
func TestSwitchedProtocolDoesNotHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, listener := serverInMemory(t, false, func(w http.ResponseWriter, _ *http.Request) {
			connection, _, _ := w.(http.Hijacker).Hijack()
			t.Cleanup(func() { _ = connection.Close() })
			_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		})
		if _, err := read(t, clientInMemory(t, server.URL, listener)); err == nil || err.StatusCode != 101 {
			t.Errorf("the error is %v", err)
		}
	})
}

// closingBody notes that it was closed.
type closingBody struct {
	io.Reader
	closed bool
}

func (b *closingBody) Close() error {
	b.closed = true
	return nil
}

// A response's body that stays open, and a context that is not ended, are leaks: of the connection and of a timer.
func TestNothingOfAnAttemptStaysOpen(t *testing.T) {
	for _, c := range []struct {
		status int
		body   io.Reader
	}{
		{200, strings.NewReader(documented)}, {200, strings.NewReader("{}")}, {200, strings.NewReader(strings.Repeat(" ", maxBodySize+2))},
		{200, cutOffBody{strings.NewReader("{")}}, {404, strings.NewReader("{}")},
		{503, strings.NewReader(strings.Repeat(" ", maxErrorBodySize+2))},
		{101, strings.NewReader("")}, {302, strings.NewReader("")},
	} {
		body := &closingBody{Reader: c.body}
		var ended <-chan struct{}
		_, _ = read(t, fakeClient(roundTripper(func(request *http.Request) (*http.Response, error) {
			ended = request.Context().Done()
			response := respond(c.status, "")
			response.Body = body
			return response, nil
		})))
		if !body.closed {
			t.Errorf("%d: the body is not closed", c.status)
		}
		select {
		case <-ended:
		default:
			t.Errorf("%d: the attempt's context is not ended", c.status)
		}
	}
}
