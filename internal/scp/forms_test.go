// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"crypto/tls"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
)

// A retry differs in what failed, and what worked is kept for the host: one image and then a fleet are read, with the default settings.
func TestARetryDiffersInWhatFailed(t *testing.T) {
	// The first connection of an HTTP/2 server ends with its request.
	var requests atomic.Int64
	firstEnds := trigger{requested: func(f *http2.Framer, stream uint32) bool {
		return requests.Add(1) > 1 && respondFrames(f, stream, "200") == nil
	}}
	for name, c := range map[string]struct {
		path        path
		within      time.Duration // for the first image
		connections int64         // in all, at most
		attempts    int           // of the first image
	}{
		"a large hello is swallowed":          {path{hello: large(swallowed)}, 12 * time.Second, 40, 2},
		"a large hello ends the connection":   {path{hello: large(ended)}, 2 * time.Second, 40, 2},
		"HTTP/2 is agreed on, and not spoken": {path{plain: true}, 2 * time.Second, 40, 2},
		"RST_STREAM HTTP_1_1_REQUIRED":        {path{http2: resetting(http2.ErrCodeHTTP11Required)}, 2 * time.Second, 40, 2},
		"RST_STREAM INADEQUATE_SECURITY":      {path{http2: resetting(http2.ErrCodeInadequateSecurity)}, 2 * time.Second, 40, 2},
		"GOAWAY HTTP_1_1_REQUIRED":            {path{http2: goingAway(http2.ErrCodeHTTP11Required)}, 2 * time.Second, 40, 2},
		"GOAWAY INADEQUATE_SECURITY":          {path{http2: goingAway(http2.ErrCodeInadequateSecurity)}, 2 * time.Second, 40, 2},
		// What the change broke is not the end, and is not kept.
		"HTTP/2 alone, and a connection that ends": {path{http2Alone: true, http2: firstEnds}, 4 * time.Second, 5, 3},
		"HTTP/2 alone, and a handshake that ends":  {path{http2Alone: true, hello: first}, 4 * time.Second, 5, 3},
		"a post-quantum key share alone, and a handshake that ends": {
			path{curves: []tls.CurveID{tls.X25519MLKEM768}, hello: first}, 4 * time.Second, 5, 3,
		},
	} {
		bubble(t, name, func(t *testing.T) {
			requests.Store(0)
			start, s := time.Now(), startPath(t, c.path)
			if _, err := read(t, s.client); err != nil || time.Since(start) > c.within {
				t.Fatalf("the first image was read in %s over %d connections: %v", time.Since(start), s.connections.Load(), err)
			}
			took := readAll(t, s.client, 300, 2*time.Minute)
			if took > time.Second || s.connections.Load() > c.connections {
				t.Errorf("it took %s and %d connections", took, s.connections.Load())
			}
		})
	}
}

// A fleet that begins before it is known what works is read too.
func TestFleetBehindALargeHelloThatIsSwallowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPath(t, path{hello: large(swallowed)})
		if took := readAll(t, s.client, 300, 2*time.Minute); took > 30*time.Second {
			t.Errorf("it took %s over %d connections", took, s.connections.Load())
		}
	})
}

// Where nothing helps, the first failure is told, with all forms, and no more than once each.
func TestEveryFormFails(t *testing.T) {
	rejects := path{http2Alone: true, http2: trigger{requested: func(*http2.Framer, uint32) bool { return false }}}
	for name, c := range map[string]struct {
		path     path
		attempts int
		forms    string
	}{
		"connections end": {path{http2: rejects.http2, noHTTP1: true}, 5, "HTTP/2 or HTTP/1.1, HTTP/1.1"},
		"handshakes end": {
			path{hello: func(int64, int64) fate { return ended }}, 5, "HTTP/2 or HTTP/1.1, HTTP/1.1 without a post-quantum key share",
		},
		"HTTP/1.1 is no way":               {rejects, 5, "HTTP/2 or HTTP/1.1, HTTP/1.1"},
		"HTTP/1.1 is no way, and the last": {rejects, 2, "HTTP/2 or HTTP/1.1, HTTP/1.1"},
		"one attempt":                      {rejects, 1, ""},
	} {
		bubble(t, name, func(t *testing.T) {
			s := startPath(t, c.path)
			s.client.config.MaxRetries = c.attempts - 1
			_, err := read(t, s.client)
			if err == nil || err.Kind != KindConnection || err.Attempts != c.attempts || err.Forms != c.forms ||
				err.Reason != "the connection ended before the response was complete" {
				t.Errorf("the error is %+v, after %q", err, err.Forms)
			}
		})
	}
}

// A form that has worked stays the one that reads begin with, whatever a connection does later.
func TestAFormThatWorkedIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		s := startPath(t, path{http2: trigger{requested: func(f *http2.Framer, stream uint32) bool {
			requests++
			return requests != 2 && respondFrames(f, stream, "200") == nil
		}}})
		s.client.config.MaxRetries = 0
		for i := range 3 {
			if _, err := read(t, s.client); (err == nil) != (i != 1) || s.http1.Load() != 0 {
				t.Errorf("read %d: %d requests over HTTP/1.1, and the error is %v", i+1, s.http1.Load(), err)
			}
		}
	})
}

// What is changed is logged, once.
func TestChangeOfFormIsLogged(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", "WARN")
	synctest.Test(t, func(t *testing.T) {
		s := startPath(t, path{http2: resetting(http2.ErrCodeHTTP11Required)})
		lines, _ := logged(t, s.client)
		if len(lines) != 1 || !strings.Contains(fmt.Sprint(lines[0]), "responded to HTTP/1.1, after") ||
			!strings.Contains(fmt.Sprint(lines[0]), "HTTP_1_1_REQUIRED") {
			t.Errorf("the lines are %v, want one of what failed and of what worked", lines)
		}
		if lines, _ := logged(t, s.client); len(lines) != 0 {
			t.Errorf("the next read logs %v", lines)
		}
	})
}

// A server may end a connection at its third ping without data, and take 21 seconds for a response, when no ping is under way.
func TestPingsAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var pings atomic.Int64
		s := startPath(t, path{http2: trigger{
			requested: func(f *http2.Framer, stream uint32) bool {
				time.AfterFunc(21*time.Second, func() { pings.Store(0); _ = respondFrames(f, stream, "200") })
				return true
			},
			pinged: func() bool { return pings.Add(1) < 3 },
		}})
		if _, err := read(t, s.client); err != nil {
			t.Errorf("after %d connections: %v", s.connections.Load(), err)
		}
		if n := s.connections.Load(); n != 1 {
			t.Errorf("there were %d connections, want 1", n)
		}
	})
}

// tokens is a trigger that takes ten requests at once and ten more in each second, and does what else to the others.
func tokens(refusals *atomic.Int64, refuse func(f *http2.Framer, stream uint32) bool) trigger {
	const rate = 10
	var mu sync.Mutex
	var last time.Time
	left := 0.0
	return trigger{requested: func(f *http2.Framer, stream uint32) bool {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		left, last = min(rate, left+now.Sub(last).Seconds()*rate), now
		if left < 1 {
			refusals.Add(1)
			return refuse(f, stream)
		}
		left--
		return respondFrames(f, stream, "200") == nil
	}}
}

// A refusal for too many requests slows down like a 429, whatever its form, and opens no connection that it need not.
func TestRefusalsOfHTTP2(t *testing.T) {
	most := func(n int64) func(int64) int64 { return func(int64) int64 { return n } }
	for _, c := range []struct {
		name        string
		refuse      func(f *http2.Framer, stream uint32) bool
		connections func(refusals int64) int64 // at most
		http1       int64                      // requests over HTTP/1.1, at most
	}{
		{"429", func(f *http2.Framer, stream uint32) bool { return respondFrames(f, stream, "429") == nil }, most(1), 0},
		{"RST_STREAM ENHANCE_YOUR_CALM", resetting(http2.ErrCodeEnhanceYourCalm).requested, most(1), 0},
		{"RST_STREAM REFUSED_STREAM", resetting(http2.ErrCodeRefusedStream).requested, most(1), 0},
		// A request that is written as its connection ends sees a broken connection, not the GOAWAY.
		{"GOAWAY ENHANCE_YOUR_CALM", goingAway(http2.ErrCodeEnhanceYourCalm).requested, func(refusals int64) int64 {
			return refusals + DefaultMaxConcurrency
		}, DefaultMaxConcurrency},
	} {
		bubble(t, c.name, func(t *testing.T) {
			var refusals atomic.Int64
			s := startPath(t, path{http2: tokens(&refusals, c.refuse)})
			took := readAll(t, s.client, 300, 2*time.Minute)
			n, connections := s.frames.requests.Load(), s.connections.Load()
			if took > 39*time.Second || n > 429 || connections > c.connections(refusals.Load()) || s.http1.Load() > c.http1 {
				t.Errorf("it took %s, %d requests, %d connections, and %d requests over HTTP/1.1", took, n, connections, s.http1.Load())
			}
		})
	}
}
