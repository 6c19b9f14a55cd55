// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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

func TestNameErrorIsNotRetried(t *testing.T) {
	dials := 0
	transport := newTransport(Config{RequestTimeout: DefaultRequestTimeout})
	transport.Proxy = nil
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		dials++
		return nil, errNoSuchHost
	}
	_, err := read(t, retryingClient(transport, 3))
	if err == nil || err.Kind != KindDNS || err.Attempts != 1 || dials != 1 || err.StatusCode != 0 {
		t.Fatalf("the error is %+v after %d dials", err, dials)
	}
	want := "GET " + override + "/v1/images/" + imageID + "/members: " +
		`the name "scp.example.com" could not be resolved: no such host`
	if err.Error() != want {
		t.Errorf("the error is %q, want %q", err, want)
	}
}

// quietServer does not write to the test's log what it thinks of clients that turn away.
func quietServer(t *testing.T, change func(*httptest.Server)) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	connections := new(atomic.Int32)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, documented)
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
	trusting := func(server *httptest.Server, change func(*tls.Config)) func(*Client) {
		return func(client *Client) {
			config := &tls.Config{RootCAs: x509.NewCertPool()}
			config.RootCAs.AddCert(server.Certificate())
			change(config)
			client.config.Transport.(*http.Transport).TLSClientConfig = config
		}
	}
	secure, secureConnections := quietServer(t, (*httptest.Server).StartTLS)
	old, oldConnections := quietServer(t, func(s *httptest.Server) {
		s.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
		s.StartTLS()
	})
	plain, plainConnections := quietServer(t, (*httptest.Server).Start)
	mutual, mutualConnections := quietServer(t, func(s *httptest.Server) {
		s.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
		s.StartTLS()
	})
	for _, c := range []struct {
		name, url   string
		connections *atomic.Int32
		change      func(*Client)
		kind        Kind
		want        string
	}{
		{"unknown CA", secure.URL, secureConnections, func(*Client) {}, KindTLS, "certificate signed by unknown authority"},
		{
			"other name", secure.URL, secureConnections, trusting(secure, func(c *tls.Config) { c.ServerName = "other.test" }), KindTLS,
			"not other.test",
		},
		{
			"expired", secure.URL, secureConnections,
			trusting(secure, func(c *tls.Config) { c.Time = func() time.Time { return time.Unix(1<<33, 0) } }), KindTLS, "certificate has expired",
		},
		{"old TLS", old.URL, oldConnections, trusting(old, func(*tls.Config) {}), KindTLSRefused, "protocol version not supported"},
		{
			"HTTP on HTTPS", strings.Replace(plain.URL, "http:", "https:", 1), plainConnections, func(*Client) {},
			KindNotTLS, "first record does not look like a TLS handshake",
		},
		{
			"client certificate wanted", mutual.URL, mutualConnections, trusting(mutual, func(*tls.Config) {}), KindClientCertificate,
			"certificate required",
		},
		{
			"client certificate wanted, by TLS 1.2", mutual.URL, mutualConnections,
			trusting(mutual, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }), KindTLSRefused, "handshake failure",
		},
		{
			"no cipher in common", secure.URL, secureConnections, trusting(secure, func(c *tls.Config) {
				c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
			}), KindTLSRefused, "handshake failure",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.connections.Store(0)
			client := serverClient(t, c.url)
			client.config.MaxRetries = 2
			c.change(client)
			_, err := read(t, client)
			if err == nil || err.Kind != c.kind || err.Attempts != 1 || c.connections.Load() != 1 {
				t.Fatalf("the error is %+v after %d connections", err, c.connections.Load())
			}
			if !strings.Contains(err.Reason, c.want) {
				t.Errorf("the reason is %q, want %q in it", err.Reason, c.want)
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
			err.FailsEveryRequest() {
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

func TestResetConnectionIsRetried(t *testing.T) {
	t.Parallel() // it waits for real: there is no reset in memory
	emulated := emulated(emulator.Options{Fault: &emulator.Fault{Kind: "reset"}})
	server := httptest.NewServer(emulated)
	defer server.Close()
	client := serverClient(t, server.URL)
	client.config.MaxRetries = 1
	_, err := read(t, client)
	if err == nil || err.Kind != KindConnection || err.Attempts != 2 || len(emulated.Requests()) != 2 ||
		!strings.Contains(err.Reason, acc.ErrConnectionReset.Error()) {
		t.Errorf("the error is %+v after %d requests", err, len(emulated.Requests()))
	}
}

func TestRefusedConnectionIsRetried(t *testing.T) {
	t.Parallel() // it waits for real
	server := httptest.NewServer(nil)
	server.Close()
	client := serverClient(t, server.URL)
	client.config.MaxRetries = 1
	_, err := read(t, client)
	if err == nil || err.Kind != KindConnection || err.Attempts != 2 || !strings.Contains(err.Reason, acc.ErrConnectionRefused.Error()) {
		t.Errorf("the error is %+v", err)
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
