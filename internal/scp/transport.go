// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

const (
	maxHeaderSize = 256 << 10 // of all header lines of an answer

	// maxConnections is how many connections one try may ask for: a kept one that the server is just closing, another such, and a new
	// one. Go's HTTP/2 goes on for ever with a server that ends each of them before it answers.
	maxConnections = 3
)

// NewTransport returns a transport that keeps connections, uses HTTP/2 where offered, and takes proxies and
// extra CAs from the standard environment (HTTPS_PROXY, NO_PROXY; where Go reads them, SSL_CERT_FILE, SSL_CERT_DIR).
// Only with such a transport does an [Error] tell what a proxy answered.
func NewTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // nothing in this program replaces it
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	transport.MaxResponseHeaderBytes = maxHeaderSize
	transport.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		return proxyError{answer.StatusCode}
	}
	return transport
}

// proxyError is a proxy's answer to CONNECT that is not 200.
type proxyError struct{ status int }

func (e proxyError) Error() string {
	return fmt.Sprintf("the proxy answered %d %s and did not connect", e.status, http.StatusText(e.status))
}

// work is what one try has asked of the transport.
type work struct{ connections, requests atomic.Int32 }

// sent is how many times the try sent its request: once, unless the transport sent it again on another connection.
func (w *work) sent() int { return max(int(w.requests.Load()), 1) }

// bounded returns a context that ends when a try in it asks for too many connections, and what it has asked for.
func bounded(ctx context.Context) (context.Context, *work) {
	ctx, cancel := context.WithCancelCause(ctx)
	work := new(work)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			if work.connections.Add(1) > maxConnections {
				cancel(errConnections)
			}
		},
		WroteHeaders: func() { work.requests.Add(1) },
	}), work
}
