// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
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

// What a proxy rejects is final, and it says how to log in; what it could not reach may be there the next time.
func TestProxyRejects(t *testing.T) {
	responds := func(head string) []string { return []string{"HTTP/1.1 " + head + "\r\nContent-Length: 0\r\n\r\n"} }
	// It wants a password, does not accept it, or responds to the request to connect.
	socks := func(auth string, reply ...string) []string {
		return append([]string{"\x05\x02", "\x01" + auth}, reply...)
	}
	const offering, connected = "407 Proxy Authentication Required\r\nProxy-Authenticate:", "\x00\x01\x00\x00\x00\x00\x00\x00"
	for _, c := range []struct {
		replies []string // to what a connection brings, by turns; then it ends
		kind    Kind
		sent    int
		reason  string
	}{
		{responds("403 Forbidden"), KindProxyRejects, 1, "403 Forbidden and did not connect"},
		{responds("405 Method Not Allowed"), KindProxyRejects, 1, "405 Method Not Allowed and did not connect"},
		{responds("404 Not Found"), KindProxyFailed, 3, "404 Not Found and did not connect"},
		{responds("502 Bad Gateway"), KindProxyFailed, 3, "502 Bad Gateway and did not connect"},
		{responds("429 x"), KindProxyFailed, 3, "429 Too Many Requests and did not connect"},
		{responds("401 x\r\nProxy-Authenticate: Basic realm=x"), KindProxyLogin, 1,
			"401 Unauthorized and did not connect: it offers Basic realm=x"},
		{responds(offering), KindProxyLogin, 1, "407 Proxy Authentication Required and did not connect"},
		{responds(offering + " Negotiate\r\nProxy-Authenticate:\r\nProxy-Authenticate: NTLM"), KindProxyLogin, 1,
			"407 Proxy Authentication Required and did not connect: it offers Negotiate, NTLM"},
		{socks("\x01"), KindProxyLogin, 1, "username/password authentication failed"},
		{[]string{"\x05\xff"}, KindProxyLogin, 1, "no acceptable authentication methods"},
		{socks("\x00", "\x05\x02"+connected), KindProxyRejects, 1, "connection not allowed by ruleset"},
		{socks("\x00", "\x05\x04"+connected), KindProxyFailed, 3, "host unreachable"},
		{socks("\x00", "\x05\x07"+connected), KindProxyRejects, 1, "command not supported"},
	} {
		bubble(t, c.reason, func(t *testing.T) {
			listener, connections := listenInMemory(t), new(atomic.Int64)
			accept(listener, func(connection net.Conn) {
				connections.Add(1)
				for _, reply := range c.replies {
					_, _ = connection.Read(make([]byte, 4096))
					_, _ = connection.Write([]byte(reply))
				}
				_ = connection.Close()
			})
			scheme, begin := "http", "the proxy responded "
			if c.replies[0][0] == 5 {
				scheme, begin = "socks5", "socks connect tcp: " // and both addresses, over a real network
			}
			client := proxied(t, scheme+"://user:hunter2@"+listener.Addr().String())
			client.config.Transport.(*http.Transport).DialContext = listener.dial
			_, err := read(t, client)
			if err == nil || err.Kind != c.kind || err.StatusCode != 0 || err.Attempts != c.sent || connections.Load() != int64(c.sent) ||
				err.failsEveryRequest() != (c.sent == 1) || err.Reason != begin+c.reason {
				t.Errorf("the error is %+v after %d connections, want %q", err, connections.Load(), begin+c.reason)
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
