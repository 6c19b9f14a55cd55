// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/pace"
)

// A person reads why an attempt failed: nothing in it is of Go.
func TestClassifyReason(t *testing.T) {
	proxy := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 3128}
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: proxy, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, c := range []struct {
		err  error
		want string
	}{
		{refused, "dial tcp 127.0.0.1:3128: connect: connection refused"},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused}, "proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused"},
		{&net.OpError{Op: "dial", Net: "tcp", Addr: proxy, Err: os.ErrDeadlineExceeded}, "dial tcp 127.0.0.1:3128: i/o timeout"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("x")}, "dial tcp: x"},
		{errNoSuchHost, `the name "scp.example.com" could not be resolved: no such host`},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: errNoSuchHost}, `the name "scp.example.com" could not be resolved: no such host`},
		{&net.OpError{Op: "read", Net: "tcp", Addr: proxy, Err: os.NewSyscallError("read", syscall.ECONNRESET)},
			"read tcp 127.0.0.1:3128: read: connection reset by peer"},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, "remote error: handshake failure"},
		{context.DeadlineExceeded, "the time for the whole read was over"},
		{context.Canceled, "the read was stopped"},
		{io.EOF, "the connection ended before the response was complete"},
		{fmt.Errorf("net/http: x: %w", io.ErrUnexpectedEOF), "the connection ended before the response was complete"},
		{errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP status code "abc"`),
			`HTTP/1.x transport connection broken: malformed HTTP status code "abc"`},
		{errRequestTimeout, errRequestTimeout.Error()},
	} {
		if got := classify(c.err).Reason; got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

func TestClassifyKind(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Kind
	}{
		{context.Canceled, KindCanceled},
		{context.DeadlineExceeded, KindReadTimeout},
		{errRequestTimeout, KindRequestTimeout},
		// A network timeout claims to be a context's.
		{fmt.Errorf("dial: %w", context.DeadlineExceeded), KindConnection},
		{fmt.Errorf("dial: %w", context.Canceled), KindConnection},
		{io.ErrUnexpectedEOF, KindConnection},
		{pace.HeldBackError{}, KindHeldBack},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)}, KindMachine},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.EADDRNOTAVAIL)}, KindMachine},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.Errno(10024))}, KindMachine}, // Windows' WSAEMFILE
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connectex", syscall.Errno(10049))}, KindMachine},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connectex", syscall.Errno(10055))}, KindMachine},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connectex", syscall.Errno(10061))}, KindConnection},
		{&net.OpError{Op: "socks connect", Err: io.EOF}, KindProxyConnection},
		{notYetValid(time.Hour), KindNotYetValid},
		{notYetValid(-time.Hour), KindTLS},
		{proxyError{status: 403}, KindProxyForbids},
		{proxyError{status: 502}, KindProxyFailed},
		{io.EOF, KindConnection},
		{fmt.Errorf("proxyconnect: %w", errNoSuchHost), KindDNS},
		{&net.DNSError{IsTimeout: true}, KindDNSTemporary},
		{&net.OpError{Op: "dial", Err: errors.New("connection refused")}, KindConnection},
		{&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, KindConnection},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: x")}, KindTLSRefused},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: bad certificate")}, KindClientCertificate},
		{&net.OpError{Op: "local error", Err: errors.New("tls: x")}, KindTLS},
		{tls.RecordHeaderError{}, KindNotTLS},
		{errors.New("tls: server selected unsupported protocol version 301"), KindTLSRefused},
		// Behind a proxy they are wrapped.
		{fmt.Errorf("proxy: %w", tls.RecordHeaderError{Msg: "x"}), KindNotTLS},
		{fmt.Errorf("proxy: %w", &tls.CertificateVerificationError{Err: errors.New("x")}), KindTLS},
		{&tls.CertificateVerificationError{Err: errors.New("x")}, KindTLS},
	} {
		if got := classify(c.err).Kind; got != c.want {
			t.Errorf("%T %v is of kind %q, want %q", c.err, c.err, got, c.want)
		}
	}
}

// notYetValid is what crypto/tls makes of a certificate that is valid from a time after now on, and not for long.
func notYetValid(after time.Duration) error {
	return &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{
		Reason: x509.Expired, Cert: &x509.Certificate{NotBefore: time.Now().Add(after), NotAfter: time.Now().Add(after + time.Minute)},
	}}
}
