// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
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
	go func() {
		for {
			client, err := f.listener.Accept()
			if err != nil {
				return
			}
			server, err := to.dial(t.Context(), "", "")
			if err != nil {
				_ = client.Close()
				continue
			}
			t.Cleanup(func() { _, _ = client.Close(), server.Close() })
			number := f.accepted.Add(1)
			go f.pass(server, client, number, nil)
			go f.pass(client, server, number, &f.passed)
		}
	}()
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
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, documented)
	})
	f := startForwarder(t, listener)
	client := clientInMemory(t, server.URL, f.listener)
	if server.EnableHTTP2 {
		trust(client, server)
	}
	client.maxRetries = 1 // the second attempt has to be good
	return client, f
}

// readMany reads the members of n images at once and counts those that could be read.
func readMany(t *testing.T, client *Client, n int) (good int64) {
	t.Helper()
	var read atomic.Int64
	var readers sync.WaitGroup
	for i := range n {
		readers.Go(func() {
			// The documented response is of this image.
			if _, err := client.ImageMembers(t.Context(), "", imageID); err != nil {
				t.Logf("image %d: %v", i, err)
				return
			}
			read.Add(1)
		})
	}
	readers.Wait()
	return read.Load()
}

// A connection on which nothing comes any more is found out, and nothing is sent on it again: new ones work.
func TestDarkConnection(t *testing.T) {
	for _, c := range []struct {
		name    string
		http    string
		request time.Duration // the time for one attempt
		within  time.Duration
	}{
		{"found out by a ping", "HTTP/2", time.Minute, 30 * time.Second},
		{"found out by a timeout", "HTTP/2", time.Second, 30 * time.Second},
		{"found out by a timeout", "HTTP/1.1", time.Second, 30 * time.Second},
	} {
		t.Run(c.http+", "+c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, f := behindForwarder(t, c.http)
				client.requestTimeout = c.request
				if good := readMany(t, client, 1); good != 1 {
					t.Fatal("the first image cannot be read")
				}
				f.dark.Store(f.accepted.Load())
				start := time.Now()
				if good := readMany(t, client, 40); good != 40 || time.Since(start) > c.within {
					t.Errorf("%d of 40 images were read in %s", good, time.Since(start))
				}
			})
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
		client.transport.(*http.Transport).CloseIdleConnections()
		good := readMany(t, client, 16) // which leaves connections that have been used once
		for range 4 {
			good += readMany(t, client, 1)
		}
		if good != 20 {
			t.Errorf("%d of 20 images were read over %d connections", good, f.accepted.Load())
		}
	})
}

func TestNoRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := map[string]int{}
		var mu sync.Mutex
		client := retryingClient(roundTripper(func(request *http.Request) (*http.Response, error) {
			mu.Lock()
			sent[request.URL.Path]++
			mu.Unlock()
			time.Sleep(100 * time.Millisecond)
			if strings.Contains(request.URL.Path, "refused") {
				time.Sleep(time.Second) // the others are answered meanwhile
				return respond(http.StatusTooManyRequests, ""), nil
			}
			return respond(http.StatusOK, `{"members":[]}`), nil
		}), 0)
		for i := range 8 {
			_, _ = client.ImageMembers(t.Context(), "", fmt.Sprintf("image-%d", i))
		}
		var readers sync.WaitGroup
		for i := range 8 {
			readers.Go(func() {
				id := fmt.Sprintf("image-%d", i)
				if i == 0 {
					id = "refused"
				}
				_, _ = client.ImageMembers(t.Context(), "", id)
			})
		}
		readers.Wait()
		if n := sent["/v1/images/refused/members"]; n != 1 {
			t.Errorf("with no retries, a rejected request was sent %d times", n)
		}
	})
}

// socksProxy is a SOCKS proxy that gives the same replies to each connection: to the user and password, and to the connect request.
func socksProxy(t *testing.T, auth, connect byte) (listener *memoryListener, connections *atomic.Int64) {
	t.Helper()
	listener = listenInMemory(t)
	connections = new(atomic.Int64)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			buffer := make([]byte, 512)
			for _, reply := range [][]byte{{5, 2}, {1, auth}, {5, connect, 0, 1, 0, 0, 0, 0, 0, 0}} {
				if _, err := connection.Read(buffer); err != nil {
					break
				}
				_, _ = connection.Write(reply)
				if reply[0] == 1 && auth != 0 {
					break
				}
			}
			_ = connection.Close()
		}
	}()
	return listener, connections
}

// What a SOCKS proxy rejects is final and its own, as with an HTTP proxy.
func TestSOCKSProxy(t *testing.T) {
	for _, c := range []struct {
		name          string
		auth, connect byte
		kind          Kind
		status, sent  int
		reason        string
	}{
		{"password", 1, 0, KindProxyRejected, 407, 1, "username/password authentication failed"},
		{"rules", 0, 2, KindProxyRejected, 403, 1, "connection not allowed by ruleset"},
		{"unreachable", 0, 4, KindProxyFailed, 502, 3, "host unreachable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				listener, connections := socksProxy(t, c.auth, c.connect)
				client := proxied(t, "socks5://user:hunter2@"+listener.Addr().String())
				client.transport.(*http.Transport).DialContext = listener.dial
				_, err := read(t, client)
				if err == nil || err.Kind != c.kind || !err.Proxy || err.ProxyStatus != c.status || err.Attempts != c.sent ||
					connections.Load() != int64(c.sent) {
					t.Fatalf("the error is %+v after %d connections", err, connections.Load())
				}
				if !strings.Contains(err.Reason, "the SOCKS proxy did not connect: ") || !strings.Contains(err.Reason, c.reason) ||
					strings.Contains(err.Error(), "hunter2") {
					t.Errorf("the reason is %q", err.Reason)
				}
			})
		})
	}
}
