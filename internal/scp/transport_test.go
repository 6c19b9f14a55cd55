// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// errNoSuchHost is as net gives it.
var errNoSuchHost = &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "scp.example.com", IsNotFound: true}}

// quietServer does not write to the test's log what it thinks of clients that turn away.
func quietServer(t *testing.T, change func(*httptest.Server)) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	connections := new(atomic.Int32)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, documented)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	change(server)
	t.Cleanup(server.Close)
	return server, connections
}

func TestTLSErrorsAreNotRetried(t *testing.T) {
	usual := func(*tls.Config) {}
	old := func(c *tls.Config) { c.MaxVersion, c.MinVersion = tls.VersionTLS11, tls.VersionTLS10 }
	mutual := func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }
	for _, c := range []struct {
		name           string
		server, client func(*tls.Config) // nil for no TLS, and for a client that does not trust the server
		kind           Kind
		want           string
	}{
		{"unknown CA", usual, nil, KindTLS, "certificate signed by unknown authority"},
		{"other name", usual, func(c *tls.Config) { c.ServerName = "other.test" }, KindTLS, "not other.test"},
		{"expired", usual, func(c *tls.Config) { c.Time = func() time.Time { return time.Unix(1<<33, 0) } }, KindTLS, "certificate has expired"},
		{"HTTP on HTTPS", nil, nil, KindNotTLS, "first record does not look like a TLS handshake"},
		{"old TLS", old, usual, KindTLSRefused, "protocol version not supported"},
		{"client certificate wanted", mutual, usual, KindTLSRefused, "certificate required"},
		{"the same, by TLS 1.2", mutual, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }, KindTLSRefused, "handshake failure"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, connections := quietServer(t, func(s *httptest.Server) {
				if c.server == nil {
					s.Start()
					return
				}
				s.TLS = new(tls.Config)
				c.server(s.TLS)
				s.StartTLS()
			})
			client := serverClient(t, strings.Replace(server.URL, "http:", "https:", 1))
			client.config.MaxRetries = 2
			if c.client != nil {
				trust(client, server)
				c.client(client.config.Transport.(*http.Transport).TLSClientConfig)
			}
			_, err := read(t, client)
			if err == nil || err.Kind != c.kind || err.Attempts != 1 || connections.Load() != 1 || !strings.Contains(err.Reason, c.want) {
				t.Fatalf("the error is %+v after %d connections, want %q", err, connections.Load(), c.want)
			}
		})
	}
}

// What is no HTTP at the first attempt is none at the second. HTTP/2's frames are: they come from a server that takes another form.
func TestServerThatSpeaksNoHTTP(t *testing.T) {
	for text, want := range map[string]Kind{
		"SSH-2.0-OpenSSH_9.2\r\n": KindNotHTTP, "220 mail ESMTP\r\n": KindNotHTTP, "\x15\x03\x01\x00\x02\x02\x16\r\n": KindNotHTTP,
		"HTTP/1.1 xyz OK\r\n\r\n": KindNotHTTP, "\x00\x00\x00\x04\x00\x00\x00\x00\x00\r\n": KindConnection,
	} {
		client := serverClient(t, rawServer(t, false, func(string) string { return text }))
		if _, err := read(t, client); err == nil || err.Kind != want || err.temporary() == (want == KindNotHTTP) ||
			err.failsEveryRequest() {
			t.Errorf("%q: the error is %v of kind %q, want %q", text, err, err.Kind, want)
		}
	}
}

// A server whose response to the handshake makes no sense will not do better the next time.
func TestTLSProtocolErrorIsNotRetried(t *testing.T) {
	attempts := 0
	client := serverClient(t, strings.Replace(rawServer(t, false, func(string) string {
		attempts++
		// A ServerHello of TLS 1.0, without a session or an extension, and a cipher suite that was not offered.
		hello := "\x03\x01" + strings.Repeat("r", 32) + "\x00" + "\x00\x00" + "\x00"
		handshake := "\x02\x00\x00" + string(rune(len(hello))) + hello
		return "\x16\x03\x01\x00" + string(rune(len(handshake))) + handshake
	}), "http:", "https:", 1))
	client.config.MaxRetries = 1
	_, err := read(t, client)
	if err == nil || err.Kind != KindTLSRefused || attempts != 1 {
		t.Errorf("the error is %+v after %d attempts", err, attempts)
	}
}

// emulated is an emulator with one image, which is shared with no one.
func emulated(options emulator.Options) *emulator.Emulator {
	return emulator.New(emulator.Fixed(fixtures(emulator.Image{ID: imageID})), options)
}

func TestBrokenConnectionsAreRetried(t *testing.T) {
	t.Parallel() // it waits for real: there is no reset in memory
	emulated := emulated(emulator.Options{Fault: &emulator.Fault{Kind: "reset"}})
	resets, gone := httptest.NewServer(emulated), httptest.NewServer(nil)
	defer resets.Close()
	gone.Close()
	for url, want := range map[string]error{resets.URL: acc.ErrConnectionReset, gone.URL: acc.ErrConnectionRefused} {
		client := serverClient(t, url)
		client.config.MaxRetries = 1
		_, err := read(t, client)
		if err == nil || err.Kind != KindConnection || err.Attempts != 2 || !strings.Contains(err.Reason, want.Error()) {
			t.Errorf("the error is %+v, want %q", err, want)
		}
	}
	if sent := len(emulated.Requests()); sent != 2 {
		t.Errorf("%d requests were sent, want 2", sent)
	}
}

// Connections are kept, after errors as well, unless there is more of a response than was read.
func TestConnectionsAreReused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		server, listener := serverInMemory(t, false, func(w http.ResponseWriter, _ *http.Request) {
			if n++; n%2 == 0 {
				w.WriteHeader(404)
			}
			_, _ = io.WriteString(w, documented)
		})
		f := startForwarder(t, listener)
		client := clientInMemory(t, server.URL, f.listener)
		for range 50 {
			_, _ = read(t, client)
		}
		if connections := f.accepted.Load(); n != 50 || connections != 1 {
			t.Errorf("%d reads took %d connections", n, connections)
		}
	})
}
