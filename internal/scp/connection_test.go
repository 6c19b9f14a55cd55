// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// forwarder passes connections on to a server, as a load balancer does, with what each may do to them.
type forwarder struct {
	listener *memoryListener
	dark     atomic.Int64 // connections up to this number pass nothing on any more
	limit    atomic.Int64 // bytes of responses after which a connection ends; 0 for none
	passed   atomic.Int64 // bytes of responses, over all connections
	accepted atomic.Int64
}

func startForwarder(t *testing.T, to *memoryListener) *forwarder {
	t.Helper()
	f := &forwarder{listener: listenInMemory(t)}
	accept(f.listener, func(client net.Conn) {
		server, err := to.dial(t.Context(), "", "")
		if err != nil {
			_ = client.Close()
			return
		}
		t.Cleanup(func() { _, _ = client.Close(), server.Close() })
		number := f.accepted.Add(1)
		go f.pass(server, client, number, nil)
		f.pass(client, server, number, &f.passed)
	})
	return f
}

// pass copies what comes from one end to the other. Responses are counted.
func (f *forwarder) pass(to, from net.Conn, number int64, count *atomic.Int64) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buffer, limit := make([]byte, 512), f.limit.Load()
	for passed := int64(0); ; {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if number <= f.dark.Load() {
			continue
		}
		if count == nil {
			_, _ = to.Write(buffer[:n])
			continue
		}
		count.Add(int64(n))
		if limit > 0 {
			n = int(min(int64(n), limit-passed))
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
		if passed += int64(n); limit > 0 && passed >= limit {
			return
		}
	}
}

// behindForwarder is a client of a server whose responses are documented ones, over the given protocol: HTTP/1.1, without TLS, or HTTP/2.
func behindForwarder(t *testing.T, protocol string) (*Client, *forwarder) {
	t.Helper()
	server, listener := serverInMemory(t, protocol == "HTTP/2", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, documented)
	})
	f := startForwarder(t, listener)
	client := clientInMemory(t, server.URL, f.listener)
	if server.EnableHTTP2 {
		trust(client, server)
	}
	client.config.MaxRetries = 1 // the second attempt has to be good
	return client, f
}

// readMany reads the members of n images at once and counts those that could be read.
func readMany(t *testing.T, client *Client, n int) (good int) {
	t.Helper()
	var read atomic.Int64
	atOnce(n, func(i int) {
		// The documented response is of this image.
		if _, err := client.ImageMembers(t.Context(), "", imageID); err != nil {
			t.Logf("image %d: %v", i, err)
			return
		}
		read.Add(1)
	})
	return int(read.Load())
}

// A connection on which nothing comes any more is found out, and nothing is sent on it again: new ones work.
func TestDarkConnection(t *testing.T) {
	for _, c := range []struct {
		name    string
		http    string
		request time.Duration // the time for one attempt
		images  int
		within  time.Duration
	}{
		{"found out by a ping", "HTTP/2", DefaultRequestTimeout, 40, 20 * time.Second},
		{"found out by a ping, of a large fleet", "HTTP/2", DefaultRequestTimeout, 1000, 20 * time.Second},
		{"found out by a timeout", "HTTP/2", time.Second, 40, 30 * time.Second},
		{"found out by a timeout", "HTTP/1.1", time.Second, 40, 30 * time.Second},
	} {
		bubble(t, c.http+", "+c.name, func(t *testing.T) {
			client, f := behindForwarder(t, c.http)
			client.config.RequestTimeout = c.request
			if good := readMany(t, client, 1); good != 1 {
				t.Fatal("the first image cannot be read")
			}
			f.dark.Store(f.accepted.Load())
			start := time.Now()
			if good := readMany(t, client, c.images); good != c.images || time.Since(start) > c.within {
				t.Errorf("%d of %d images were read in %s", good, c.images, time.Since(start))
			}
		})
	}
}

// A connection that ends in the middle of a response is not tried with others like it: a fresh one has room for a whole response.
func TestConnectionsThatEndEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, f := behindForwarder(t, "HTTP/1.1")
		if good := readMany(t, client, 1); good != 1 {
			t.Fatal("the first image cannot be read")
		}
		f.limit.Store(f.passed.Load() + 100) // one response and a part of a second
		client.config.Transport.(*http.Transport).CloseIdleConnections()
		for _, n := range []int{16, 1, 16, 1, 1, 1} { // many leave connections that have been used once, in the usual form and in another one
			if good := readMany(t, client, n); good != n {
				t.Errorf("%d of %d images were read, over %d connections so far", good, n, f.accepted.Load())
			}
		}
	})
}

// Where pooled connections end with the request, net/http sends it again by itself: a few times, and never if nothing is to be repeated.
func TestPooledConnectionsThatEnd(t *testing.T) {
	for retries, most := range map[int]int64{0: 1, 1: 2 * (maxConnections + 1)} {
		synctest.Test(t, func(t *testing.T) {
			var sent atomic.Int64
			var ends atomic.Bool
			server, listener := serverInMemory(t, false, func(w http.ResponseWriter, _ *http.Request) {
				if sent.Add(1); ends.Load() {
					panic(http.ErrAbortHandler)
				}
				time.Sleep(time.Second) // each of a fleet has a connection of its own
				writeJSON(w, documented)
			})
			client := clientInMemory(t, server.URL, listener)
			if good := readMany(t, client, 1) + readMany(t, client, 16); good != 17 {
				t.Fatalf("%d of 17 images were read", good)
			}
			ends.Store(true)
			sent.Store(0)
			client.config.MaxRetries = retries
			if _, err := read(t, client); err == nil || err.Kind != KindConnection || sent.Load() > most {
				t.Errorf("with %d retries %d requests were sent, want %d at most: %v", retries, sent.Load(), most, err)
			}
		})
	}
}
