// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"sync"
)

// stage is what an attempt has reached.
type stage int

const (
	dialing stage = iota
	handshaking
	connected
)

// tracer notes what one attempt asks of the transport, and ends the attempt before net/http sends its request too often by itself.
type tracer struct {
	cancel context.CancelCauseFunc
	again  bool // whether the request may be sent again at all

	mu                    sync.Mutex
	connections, requests int
	stage                 stage
	isHTTP2               bool // whether the last connection is of HTTP/2
}

// trace returns what net/http calls. It sends a request again on another connection if a kept one ends before its response, and, after
// pauses, on any if an HTTP/2 server refused it; it does not say why.
func (t *tracer) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.stage = dialing
			switch t.connections++; {
			case t.connections > maxConnections || !t.again && t.requests > 0:
				t.cancel(errConnections)
			case t.isHTTP2:
				t.cancel(errRefused)
			}
		},
		TLSHandshakeStart: func() { t.reach(dialing, handshaking) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err == nil {
				t.reach(handshaking, connected)
			}
		},
		GotConn: func(info httptrace.GotConnInfo) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.stage = connected
			secure, ok := info.Conn.(*tls.Conn)
			t.isHTTP2 = ok && secure.ConnectionState().NegotiatedProtocol == "h2"
		},
		WroteHeaders: func() {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.requests++
		},
	}
}

// reach notes a stage. A connection that was begun for this attempt may go on after it was given another one.
func (t *tracer) reach(from, to stage) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stage == from {
		t.stage = to
	}
}

func (t *tracer) reached() stage {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stage
}

// sent returns how often the attempt sent its request: once, unless the transport sent it again on another connection.
func (t *tracer) sent() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return max(t.requests, 1)
}
