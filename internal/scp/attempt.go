// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// NewTransport returns a transport that keeps connections, uses HTTP/2 where offered, and takes proxies and
// extra CAs from the standard environment (HTTPS_PROXY, NO_PROXY; where Go reads them, SSL_CERT_FILE, SSL_CERT_DIR).
// Only with such a transport does an [Error] say what a proxy responded.
func NewTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // nothing in this program replaces it
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	transport.MaxResponseHeaderBytes = maxHeaderSize
	transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout}
	transport.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		return proxyError{answer.StatusCode, answer.Header.Values("Proxy-Authenticate")}
	}
	return transport
}

// wire sends the request once and reads the response, whatever its status.
func (c *Client) wire(ctx context.Context, r Request) (got response, failure *Error) {
	start := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer time.AfterFunc(c.config.RequestTimeout, func() { cancel(errRequestTimeout) }).Stop()
	ctx, counters := limitConnections(ctx, cancel, c.config.MaxRetries > 0)
	defer func() { got.requests, got.duration = counters.sent(), time.Since(start) }()
	failed := func(err error) (response, *Error) {
		e := classify(contextCause(ctx, err))
		e.StatusCode = got.status
		return got, c.newError(r, e)
	}

	// Not through an http.Client: it would follow redirects, with the signed headers, to hosts that nobody configured.
	transport, done := c.transportFor(r)
	defer done()
	answer, err := transport.RoundTrip(c.newHTTPRequest(r, c.config.Now()).WithContext(ctx))
	if err != nil {
		return failed(err)
	}
	defer func() { _ = answer.Body.Close() }()
	got.status, got.header = answer.StatusCode, consistency.FieldsOf(answer.Header)
	if answer.StatusCode != http.StatusOK {
		got.body = readErrorBody(answer)
		return got, nil
	}
	if got.body, err = readBody(answer); err != nil {
		return failed(err)
	}
	got.trailer = consistency.FieldsOf(answer.Trailer)
	return got, nil
}

// transportFor returns what a request is sent with, and what to call after it. A connection that failed, or that let an attempt time out,
// is not used again: other pooled ones may be like it.
func (c *Client) transportFor(r Request) (_ http.RoundTripper, done func()) {
	pooled, ok := c.config.Transport.(*http.Transport)
	if !r.fresh || !ok {
		return c.config.Transport, func() {}
	}
	single := pooled.Clone()
	single.DisableKeepAlives = true
	return single, single.CloseIdleConnections
}

// contextCause returns the reason why ctx ended, if it did, in place of what the transport made of it.
func contextCause(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, errRequestTimeout) || errors.Is(cause, errConnections) {
		return cause
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return err
}

// attemptCounters counts what one attempt asks of the transport.
type attemptCounters struct{ connections, requests atomic.Int32 }

// sent returns how often the attempt sent its request: once, unless the transport sent it again on another connection.
func (n *attemptCounters) sent() int { return max(int(n.requests.Load()), 1) }

// limitConnections returns a context in which an attempt is canceled when it asks for too many connections, and what it has asked for.
// net/http sends a request again on another connection if a kept one ends before its response; without again, it is sent once.
func limitConnections(ctx context.Context, cancel context.CancelCauseFunc, again bool) (context.Context, *attemptCounters) {
	n := new(attemptCounters)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			if n.connections.Add(1) > maxConnections || !again && n.requests.Load() > 0 {
				cancel(errConnections)
			}
		},
		WroteHeaders: func() { n.requests.Add(1) },
	}), n
}

// readBody returns the body of a good response, if it is whole and within the bound.
func readBody(answer *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBodySize+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > maxBodySize:
		return nil, unusableError(fmt.Sprintf("it is larger than %d MiB", maxBodySize>>20))
	case !hasEnd(answer) && endsEarly(body):
		return nil, errCutOff
	}
	return body, nil
}

// hasEnd reports whether the server said where the body ends. In HTTP/1 it may leave that to the end of the connection, and a connection
// that broke looks the same.
func hasEnd(answer *http.Response) bool {
	return answer.ProtoMajor >= 2 || answer.ContentLength >= 0 || len(answer.TransferEncoding) > 0 || answer.Uncompressed
}

// endsEarly reports whether body ends before the object that it begins.
func endsEarly(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) &&
		errors.Is(jsontext.NewDecoder(bytes.NewReader(body)).SkipValue(), io.ErrUnexpectedEOF)
}
