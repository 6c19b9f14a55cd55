// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"sync/atomic"
)

// The stages of an attempt.
const (
	dialing int32 = iota
	handshaking
	connected
)

// tracer notes what one attempt asks of the transport, and ends the attempt before net/http sends its request too often by itself.
type tracer struct {
	connections, requests, stage atomic.Int32
	isHTTP2                      atomic.Bool // whether the last connection is of HTTP/2
}

// trace returns what net/http calls. It sends a request again on another connection if a kept one ends before its response, and, after
// pauses, on any if an HTTP/2 server refused it; it does not say why. A connection that was begun for this attempt may go on after it was
// given another one. again is whether the request may be sent again at all.
func (t *tracer) trace(cancel context.CancelCauseFunc, again bool) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			t.stage.Store(dialing)
			switch n := t.connections.Add(1); {
			case n > maxConnections || !again && t.requests.Load() > 0:
				cancel(errConnections)
			case t.isHTTP2.Load():
				cancel(errRefused)
			}
		},
		TLSHandshakeStart: func() { t.stage.CompareAndSwap(dialing, handshaking) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err == nil {
				t.stage.CompareAndSwap(handshaking, connected)
			}
		},
		GotConn: func(info httptrace.GotConnInfo) {
			t.stage.Store(connected)
			secure, ok := info.Conn.(*tls.Conn)
			t.isHTTP2.Store(ok && secure.ConnectionState().NegotiatedProtocol == "h2")
		},
		WroteHeaders: func() { t.requests.Add(1) },
	}
}
