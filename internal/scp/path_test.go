// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// path is what a server, or what is on the way to it, does to connections.
type path struct {
	http2Alone bool                              // it rejects a handshake that does not offer h2
	curves     []tls.CurveID                     // key shares; default Go's
	hello      func(connection, size int64) fate // of a connection with a ClientHello of that size
	http2      trigger                           // what it does over HTTP/2; by default it responds
	plain      bool                              // it speaks HTTP/1.1 whatever ALPN said
	noHTTP1    bool                              // it ends connections of HTTP/1.1 too
}

// fate is what happens to a connection.
type fate int

const (
	passes fate = iota
	swallowed
	ended
)

// pathServer is a server behind a path. It counts connections and requests.
type pathServer struct {
	client             *Client
	connections, http1 atomic.Int64
	frames             frameServer
}

func startPath(t *testing.T, p path) *pathServer {
	t.Helper()
	certified, _ := serverInMemory(t, true, nil) // for its certificate
	listener, http1 := listenInMemory(t), listenInMemory(t)
	s := &pathServer{client: clientInMemory(t, certified.URL, listener)}
	trust(s.client, certified)
	s.client.config.Transport.(*http.Transport).MaxConnsPerHost = DefaultMaxConcurrency
	s.client.config.MaxRetries, s.client.config.RequestTimeout = DefaultMaxRetries, DefaultRequestTimeout
	config := &tls.Config{Certificates: certified.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}, CurvePreferences: p.curves}
	if p.http2Alone {
		config.NextProtos = []string{"h2"}
		config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			if slices.Contains(hello.SupportedProtos, "h2") {
				return nil, nil
			}
			without := config.Clone() // crypto/tls lets a client that offers http/1.1 pass an h2
			without.NextProtos = []string{"none"}
			return without, nil
		}
	}
	if p.http2.requested == nil {
		p.http2.requested = func(f *http2.Framer, stream uint32) bool { return respondFrames(f, stream, "200") == nil }
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.http1.Add(1)
		writeJSON(w, `{"members":[]}`)
	})}
	go func() { _ = server.Serve(http1) }()
	t.Cleanup(func() { _ = server.Close() })
	accept(listener, func(connection net.Conn) {
		t.Cleanup(func() { _ = connection.Close() })
		s.serve(p, config, http1, connection, s.connections.Add(1))
	})
	return s
}

func (s *pathServer) serve(p path, config *tls.Config, http1 *memoryListener, connection net.Conn, number int64) {
	hello := make([]byte, 16<<10)
	n, err := connection.Read(hello)
	if err != nil {
		return
	}
	if p.hello != nil {
		switch p.hello(number, int64(n)) {
		case swallowed:
			return
		case ended:
			_ = connection.Close()
			return
		case passes:
		}
	}
	secure := tls.Server(&replayed{connection, bytes.NewReader(hello[:n])}, config)
	if err := secure.Handshake(); err != nil {
		_ = connection.Close()
		return
	}
	switch {
	case secure.ConnectionState().NegotiatedProtocol == "h2" && !p.plain:
		s.frames.serve(secure, p.http2)
		return
	case p.noHTTP1:
		_ = secure.Close()
		return
	}
	select {
	case http1.connections <- struct{ net.Conn }{secure}: // without it net/http would look at what was agreed on
	case <-http1.closed:
	}
}

// replayed is a connection of which some bytes have been read.
type replayed struct {
	net.Conn
	first *bytes.Reader
}

func (r *replayed) Read(p []byte) (int, error) {
	if r.first.Len() > 0 {
		return r.first.Read(p)
	}
	return r.Conn.Read(p)
}

// respondFrames sends a response with no members.
func respondFrames(f *http2.Framer, stream uint32, status string) error {
	var head bytes.Buffer
	encoder := hpack.NewEncoder(&head)
	_ = encoder.WriteField(hpack.HeaderField{Name: ":status", Value: status})
	_ = encoder.WriteField(hpack.HeaderField{Name: "content-type", Value: "application/json"})
	if err := f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: head.Bytes(), EndHeaders: true}); err != nil {
		return err
	}
	return f.WriteData(stream, true, []byte(`{"members":[]}`))
}

// large drops or ends connections whose ClientHello has a post-quantum key share.
func large(what fate) func(connection, size int64) fate {
	return func(_, size int64) fate {
		if size > 1350 {
			return what
		}
		return passes
	}
}

// first ends the first connection in its handshake.
func first(connection, _ int64) fate {
	if connection == 1 {
		return ended
	}
	return passes
}

func resetting(code http2.ErrCode) trigger {
	return trigger{requested: func(f *http2.Framer, stream uint32) bool { return f.WriteRSTStream(stream, code) == nil }}
}

func goingAway(code http2.ErrCode) trigger {
	return trigger{requested: func(f *http2.Framer, stream uint32) bool { return f.WriteGoAway(stream-1, code, nil) == nil && false }}
}

// frameServer speaks HTTP/2 in frames, and does with each connection and request what a trigger says.
type frameServer struct{ requests atomic.Int64 }

// trigger is how a frameServer ends things. connected is called for a new connection, requested for each request; either returns false to
// end the connection.
type trigger struct {
	connected func(*http2.Framer) bool
	requested func(f *http2.Framer, stream uint32) bool
	pinged    func() bool
}

func (s *frameServer) serve(connection net.Conn, trigger trigger) {
	defer func() { _ = connection.Close() }()
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(connection, preface); err != nil || string(preface) != http2.ClientPreface {
		return
	}
	framer := http2.NewFramer(connection, connection)
	if framer.WriteSettings() != nil || trigger.connected != nil && !trigger.connected(framer) {
		return
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = framer.WriteSettingsAck()
			}
		case *http2.PingFrame:
			if trigger.pinged != nil && !frame.IsAck() && !trigger.pinged() {
				return
			}
			_ = framer.WritePing(true, frame.Data)
		case *http2.HeadersFrame:
			s.requests.Add(1)
			// It may respond later, from another goroutine: a Framer has one writer, a connection many.
			if !trigger.requested(http2.NewFramer(connection, nil), frame.StreamID) {
				return
			}
		}
	}
}
