// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// proxied is a client whose requests go through the proxy at address.
func proxied(t *testing.T, proxy string) *Client {
	t.Helper()
	at, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	client := serverClient(t, "https://virtualserver.example.com")
	client.config.Transport.(*http.Transport).Proxy = http.ProxyURL(at)
	client.config.MaxRetries = 2
	return client
}

// rejectedByProxy is the error of a proxy's response to CONNECT.
func rejectedByProxy(status int) error { return proxyRejection(&http.Response{StatusCode: status}) }

// connectProxy responds to every CONNECT with status, and counts them.
func connectProxy(t *testing.T, status string) (listener *memoryListener, asked *atomic.Int64) {
	t.Helper()
	listener, asked = listenInMemory(t), new(atomic.Int64)
	accept(listener, func(connection net.Conn) {
		request, err := http.ReadRequest(bufio.NewReader(connection))
		if err == nil && request.Method == http.MethodConnect {
			asked.Add(1)
			_, _ = connection.Write([]byte("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n"))
		}
		_ = connection.Close()
	})
	return listener, asked
}

// What a proxy rejects is final, and it says how to log in; what it could not reach may be there the next time.
func TestProxyRejects(t *testing.T) {
	for _, c := range []struct {
		status   string
		attempts int
		kind     Kind
		offers   string
	}{
		{"407 Proxy Authentication Required", 1, KindProxyLogin, ""},
		{"403 Forbidden", 1, KindProxyRejects, ""},
		{"502 Bad Gateway", 3, KindProxyFailed, ""},
		{"401 Unauthorized\r\nProxy-Authenticate: Basic realm=x", 1, KindProxyLogin, ": it offers Basic"},
		{"407 Proxy Authentication Required\r\nProxy-Authenticate:", 1, KindProxyLogin, ""},
		{"407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate:\r\nProxy-Authenticate: NTLM", 1,
			KindProxyLogin, ": it offers Negotiate, NTLM"},
		{"404 Not Found", 3, KindProxyFailed, ""},
		{"405 Method Not Allowed", 1, KindProxyRejects, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			listener, asked := connectProxy(t, c.status)
			client := proxied(t, "http://user:hunter2@"+listener.Addr().String())
			client.config.Transport.(*http.Transport).DialContext = listener.dial
			_, err := read(t, client)
			if err == nil || err.Kind != c.kind || err.StatusCode != 0 ||
				err.Attempts != c.attempts || err.FailsEveryRequest() != (c.attempts == 1) || asked.Load() != int64(c.attempts) {
				t.Errorf("%s: the error is %+v after %d requests to connect", c.status, err, asked.Load())
			}
			want := "the proxy responded " + strings.SplitN(c.status, "\r", 2)[0] + " and did not connect" + c.offers
			if err != nil && err.Reason != want {
				t.Errorf("%s: the reason is %q, want %q", c.status, err.Reason, want)
			}
		})
	}
}

// A proxy that cannot be reached is not taken for SCP.
func TestProxyThatCannotBeReached(t *testing.T) {
	t.Parallel() // it resolves names
	plain, _ := quietServer(t, (*httptest.Server).Start)
	for name, c := range map[string]struct {
		proxy string
		kind  Kind
		host  string
	}{
		"no such name": {"http://no-such-proxy.invalid:3128", KindProxyAddress, "no-such-proxy.invalid"},
		"refused":      {"http://127.0.0.1:1", KindProxyConnection, ""},
		"not TLS":      {strings.Replace(plain.URL, "http:", "https:", 1), KindProxyAddress, ""},
	} {
		client := proxied(t, c.proxy)
		client.config.MaxRetries = 0
		_, err := read(t, client)
		if err == nil || err.Kind != c.kind || err.Host != c.host {
			t.Errorf("%s: the error is %+v", name, err)
		}
	}
	_, err := read(t, serverClient(t, "https://no-such-host.invalid"))
	if err == nil || err.Kind != KindDNS || err.Host != "no-such-host.invalid" {
		t.Errorf("the endpoint's own name: the error is %+v", err)
	}
}

// socksProxy is a SOCKS proxy that gives the same replies to each connection: to the user and password, and to the connect request.
func socksProxy(t *testing.T, auth, connect byte) (listener *memoryListener, connections *atomic.Int64) {
	t.Helper()
	listener, connections = listenInMemory(t), new(atomic.Int64)
	accept(listener, func(connection net.Conn) {
		defer func() { _ = connection.Close() }()
		connections.Add(1)
		buffer := make([]byte, 512)
		for _, reply := range [][]byte{{5, 2}, {1, auth}, {5, connect, 0, 1, 0, 0, 0, 0, 0, 0}} {
			if _, err := connection.Read(buffer); err != nil {
				return
			}
			_, _ = connection.Write(reply)
			if reply[0] == 1 && auth != 0 {
				return
			}
		}
	})
	return listener, connections
}

// What a SOCKS proxy rejects is final and its own, as with an HTTP proxy.
func TestSOCKSProxy(t *testing.T) {
	for _, c := range []struct {
		name          string
		auth, connect byte
		kind          Kind
		sent          int
		reason        string
	}{
		{"password", 1, 0, KindProxyLogin, 1, "username/password authentication failed"},
		{"rules", 0, 2, KindProxyRejects, 1, "connection not allowed by ruleset"},
		{"unreachable", 0, 4, KindProxyFailed, 3, "host unreachable"},
		{"command", 0, 7, KindProxyRejects, 1, "command not supported"},
	} {
		bubble(t, c.name, func(t *testing.T) {
			listener, connections := socksProxy(t, c.auth, c.connect)
			client := proxied(t, "socks5://user:hunter2@"+listener.Addr().String())
			client.config.Transport.(*http.Transport).DialContext = listener.dial
			_, err := read(t, client)
			if err == nil || err.Kind != c.kind || err.Attempts != c.sent ||
				connections.Load() != int64(c.sent) {
				t.Fatalf("the error is %+v after %d connections", err, connections.Load())
			}
			if want := "socks connect tcp: " + c.reason; err.Reason != want { // both addresses are there too, if they are of a real network
				t.Errorf("the reason is %q, want %q", err.Reason, want)
			}
		})
	}
}
