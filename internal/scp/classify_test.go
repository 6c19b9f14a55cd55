// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
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
func TestClassify(t *testing.T) {
	const ended = "the connection ended before the response was complete"
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 3128}
	dialing := func(call string, number syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Addr: at, Err: os.NewSyscallError(call, number)}
	}
	viaProxy := func(err error) error { return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err} }
	said := func(op, words string) error { return &net.OpError{Op: op, Err: errors.New(words)} }
	refused := dialing("connect", syscall.ECONNREFUSED)
	for _, c := range []struct {
		err    error
		kind   Kind
		reason string // empty for the error's own words
	}{
		{context.Canceled, KindCanceled, "the read was stopped"},
		{context.DeadlineExceeded, KindReadTimeout, "the time for the whole read was over"},
		{errRequestTimeout, KindRequestTimeout, errRequestTimeout.Reason},
		{pace.HeldBackError{}, KindHeldBack, ""},
		// A network timeout claims to be a context's.
		{fmt.Errorf("dial: %w", context.DeadlineExceeded), KindConnection, ""},
		{fmt.Errorf("dial: %w", context.Canceled), KindConnection, ""},
		{&net.OpError{Op: "dial", Net: "tcp", Addr: at, Err: os.ErrDeadlineExceeded}, KindConnection, "dial tcp 127.0.0.1:3128: i/o timeout"},

		{refused, KindConnection, "dial tcp 127.0.0.1:3128: connect: connection refused"},
		{viaProxy(refused), KindProxyConnection, "proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused"},
		{io.EOF, KindConnection, ended},
		{viaProxy(io.EOF), KindProxyConnection, ended},
		{fmt.Errorf("net/http: x: %w", io.ErrUnexpectedEOF), KindConnection, ended},
		{errors.New("http: server closed idle connection"), KindConnection, ended},
		{&net.OpError{Op: "socks connect", Err: io.EOF}, KindProxyConnection, "socks connect: EOF"},

		{dialing("socket", syscall.EMFILE), KindMachine, ""},
		{dialing("connect", syscall.EADDRNOTAVAIL), KindMachine, ""},
		{dialing("socket", syscall.Errno(10024)), KindMachine, ""}, // Windows' WSAEMFILE
		{dialing("connectex", syscall.Errno(10049)), KindMachine, ""},
		{dialing("connectex", syscall.Errno(10055)), KindMachine, ""},
		{dialing("connectex", syscall.Errno(10061)), KindConnection, ""},

		{errNoSuchHost, KindDNS, `the name "scp.example.com" could not be resolved: no such host`},
		{viaProxy(errNoSuchHost), KindProxyAddress, `the name "scp.example.com" could not be resolved: no such host`},
		{&net.DNSError{Name: "x", Err: "timeout", IsTimeout: true}, KindDNSTemporary, `the name "x" could not be resolved: timeout`},
		{viaProxy(&net.DNSError{Name: "x", Err: "y", IsTemporary: true}), KindDNSTemporary, `the name "x" could not be resolved: y`},

		{errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP status code "abc"`), KindNotHTTP,
			`HTTP/1.x transport connection broken: malformed HTTP status code "abc"`},
		{notYetValid(time.Hour), KindNotYetValid, ""},
		{notYetValid(-time.Hour), KindTLS, ""},
		{viaProxy(notYetValid(-time.Hour)), KindProxyAddress, ""},
		{viaProxy(said("remote error", "tls: handshake failure")), KindProxyAddress, "proxyconnect tcp: remote error: handshake failure"},
		{said("remote error", "tls: handshake failure"), KindTLSRefused, "remote error: handshake failure"},
		{said("remote error", "tls: bad certificate"), KindTLSRefused, "remote error: bad certificate"},
		{errors.New("tls: server selected unsupported protocol version 301"), KindTLSRefused, "server selected unsupported protocol version 301"},
		{said("local error", "tls: x"), KindTLS, "local error: x"},
		{tls.RecordHeaderError{Msg: "x"}, KindNotTLS, "x"},
		{viaProxy(tls.RecordHeaderError{Msg: "x"}), KindProxyAddress, "proxyconnect tcp: x"},
	} {
		e := classify(c.err)
		if error(e) == c.err {
			t.Errorf("%v is not copied: it would be that of several reads", e)
		}
		if e.Kind != c.kind || e.Reason != cmp.Or(c.reason, goWords.Replace(c.err.Error())) {
			t.Errorf("%T %v is of kind %q: %q, want %q: %q", c.err, c.err, e.Kind, e.Reason, c.kind, c.reason)
		}
	}
}

// notYetValid is what crypto/tls makes of a certificate that is valid from a time after now on, and not for long.
func notYetValid(after time.Duration) error {
	return &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{
		Reason: x509.Expired, Cert: &x509.Certificate{NotBefore: time.Now().Add(after), NotAfter: time.Now().Add(after + time.Minute)},
	}}
}
