// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
)

// A person reads why a try failed: nothing in it is of Go.
func TestReason(t *testing.T) {
	proxy := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 3128}
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: proxy, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, c := range []struct {
		err  error
		want string
	}{
		{refused, "no connection to 127.0.0.1:3128: connection refused"},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused}, "no connection to the proxy: no connection to 127.0.0.1:3128: connection refused"},
		{&net.OpError{Op: "dial", Net: "tcp", Addr: proxy, Err: os.ErrDeadlineExceeded}, "no connection to 127.0.0.1:3128: it took too long"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("x")}, "no connection: x"},
		{errNoSuchHost, `the name "scp.example.com" could not be resolved: no such host`},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: errNoSuchHost}, `the name "scp.example.com" could not be resolved: no such host`},
		{&net.OpError{Op: "read", Net: "tcp", Addr: proxy, Err: os.NewSyscallError("read", syscall.ECONNRESET)}, "the connection failed: connection reset by peer"},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, "remote error: handshake failure"},
		{context.DeadlineExceeded, "the time for the whole read was over"},
		{context.Canceled, "the read was stopped"},
		{io.EOF, "the connection ended before the answer was complete"},
		{fmt.Errorf("net/http: x: %w", io.ErrUnexpectedEOF), "the connection ended before the answer was complete"},
		{bodyError{io.ErrUnexpectedEOF}, "the connection ended before the answer was complete"},
		{errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP status code "abc"`), `HTTP/1.x transport connection broken: malformed HTTP status code "abc"`},
		{errRequestTimeout, errRequestTimeout.Error()},
	} {
		if got := reason(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
