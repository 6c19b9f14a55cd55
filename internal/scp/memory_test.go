// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// memoryListener is a network in memory. Over it, clients and servers that use net/http wait in the time of testing/synctest.
type memoryListener struct {
	connections chan net.Conn
	closed      chan struct{}
	close       func()
}

func listenInMemory(t *testing.T) *memoryListener {
	t.Helper()
	l := &memoryListener{connections: make(chan net.Conn), closed: make(chan struct{})}
	l.close = sync.OnceFunc(func() { close(l.closed) })
	t.Cleanup(l.close)
	return l
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case connection := <-l.connections:
		return connection, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	l.close()
	return nil
}

// Addr is a loopback address, so that no proxy of this machine is used for it.
func (*memoryListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (l *memoryListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	accepted, err := buffered(server), net.ErrClosed
	select {
	case l.connections <- accepted:
		go func() { // nobody reads what is still on its way at the end of a test
			<-l.closed
			_, _ = client.Close(), server.Close()
		}()
		return buffered(client), nil
	case <-l.closed:
	case <-ctx.Done():
		err = ctx.Err()
	}
	_ = accepted.Close()
	return nil, err
}

// bufferedConn writes in a goroutine of its own: two ends that write at the same time must not wait for each other.
type bufferedConn struct {
	net.Conn
	writes chan []byte // nil for the end
	ended  chan struct{}
}

func buffered(connection net.Conn) *bufferedConn {
	c := &bufferedConn{connection, make(chan []byte, 16), make(chan struct{})}
	go func() {
		defer func() { close(c.ended); _ = connection.Close() }()
		for p := range c.writes {
			if p == nil {
				return
			}
			if _, err := connection.Write(p); err != nil {
				return
			}
		}
	}()
	return c
}

func (c *bufferedConn) Write(p []byte) (int, error) {
	return len(p), c.send(bytes.Clone(p))
}

func (c *bufferedConn) Close() error { return c.send(nil) }

// SetWriteDeadline does nothing: crypto/tls sets one as it closes a connection, and what was written before is still on its way.
func (*bufferedConn) SetWriteDeadline(time.Time) error { return nil }

func (c *bufferedConn) send(p []byte) error {
	select {
	case c.writes <- p:
		return nil
	case <-c.ended:
		return net.ErrClosed
	}
}

// clientInMemory is serverClient for a server that listens in memory.
func clientInMemory(t *testing.T, url string, l *memoryListener) *Client {
	t.Helper()
	client := serverClient(t, url)
	client.config.Transport.(*http.Transport).DialContext = l.dial
	return client
}

// serverInMemory starts a server with the handler. Over TLS it offers HTTP/2.
func serverInMemory(t *testing.T, secure bool, handler http.HandlerFunc) (*httptest.Server, *memoryListener) {
	t.Helper()
	l := listenInMemory(t)
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener, server.EnableHTTP2 = l, secure
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server, l
}

// trust makes the client trust the server's certificate.
func trust(client *Client, server *httptest.Server) {
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	client.config.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool}
}

// accept serves each connection of a listener in a goroutine of its own.
func accept(listener net.Listener, serve func(net.Conn)) {
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(connection)
		}
	}()
}

// rawServer sends each connection's first request the same bytes, and closes the connection when the test ends or, if
// hold is false, at once. It returns its URL.
func rawServer(t *testing.T, hold bool, bytes func(request string) string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended); _ = listener.Close() })
	accept(listener, func(connection net.Conn) {
		defer func() { _ = connection.Close() }()
		request := make([]byte, 8192)
		n, _ := connection.Read(request)
		_, _ = io.WriteString(connection, bytes(string(request[:n])))
		if hold {
			<-ended
		}
	})
	return "http://" + listener.Addr().String()
}

// inProcess sends requests to a handler of this process, without a network.
func inProcess(handler http.Handler) roundTripper {
	return func(request *http.Request) (*http.Response, error) {
		request.RequestURI = request.URL.RequestURI()
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		return recorder.Result(), nil
	}
}
