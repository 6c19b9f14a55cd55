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
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/pace"
)

// The causes of a context that ended because of one attempt.
var (
	errRequestTimeout = errors.New("no complete response came within the time for one request")
	errConnections    = errors.New("the server or a proxy ended each connection, or rejected the request, before it responded")
	errRefused        = errors.New("the server took no more requests on its HTTP/2 connection (GOAWAY or REFUSED_STREAM)")
)

// proxyError is a proxy's response to CONNECT that is not 200.
type proxyError struct {
	status int
	offers []string // its Proxy-Authenticate
}

func (e proxyError) Error() string {
	text := fmt.Sprintf("the proxy responded %d %s and did not connect", e.status, http.StatusText(e.status))
	if e.wantsOtherThanBasic() {
		var schemes []string
		for _, offer := range e.offers {
			scheme, _, _ := strings.Cut(offer, " ")
			schemes = append(schemes, scheme)
		}
		text += ": it offers " + joined(", ", schemes...)
	}
	return text
}

// wantsOtherThanBasic reports whether a user and a password are of no use to the proxy. An offer may be empty.
func (e proxyError) wantsOtherThanBasic() bool {
	offers := strings.TrimSpace(strings.ToLower(strings.Join(e.offers, " ")))
	return offers != "" && !strings.Contains(offers, "basic")
}

// classify returns what is known from why an attempt, or the wait before it, failed: the kind, and the reason in words of the network, not
// of Go.
func classify(err error) *Error {
	if heldBack, ok := errors.AsType[pace.HeldBackError](err); ok {
		return &Error{Kind: KindHeldBack, Reason: err.Error(), RetryAfter: heldBack.Asked}
	}
	// Compared as they are: a network timeout claims to be a context's.
	switch err {
	case errRequestTimeout: //nolint:errorlint // see above
		return &Error{Kind: KindRequestTimeout, Reason: err.Error()}
	case errRefused:
		return &Error{Kind: KindConnection, Reason: err.Error(), refused: true}
	case context.Canceled:
		return &Error{Kind: KindCanceled, Reason: "the read was stopped"}
	case context.DeadlineExceeded:
		return &Error{Kind: KindReadTimeout, Reason: "the time for the whole read was over"}
	}
	if text := err.Error(); strings.Contains(text, "ENHANCE_YOUR_CALM") {
		return &Error{Kind: KindTooManyRequests, Reason: goWords.Replace(text), refused: true}
	}
	operation := new(net.OpError)
	_ = errors.As(err, &operation)
	e := classifyNetwork(err, operation)
	if operation.Op == "proxyconnect" {
		e.Kind = cmp.Or(kindsOfProxy[e.Kind], e.Kind)
	}
	return e
}

func classifyNetwork(err error, operation *net.OpError) *Error {
	e := &Error{Kind: KindConnection, Reason: goWords.Replace(err.Error())}
	if strings.HasPrefix(operation.Op, "socks ") {
		return classifySOCKS(e, operation.Err)
	}
	if proxy, ok := errors.AsType[proxyError](err); ok {
		e.Kind, e.Reason = kindOfProxyStatus(proxy), proxy.Error()
		return e
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		e.Kind, e.Host, e.Reason = KindDNS, name.Name, fmt.Sprintf("the name %q could not be resolved: %s", name.Name, name.Err)
		if name.IsTemporary || name.IsTimeout {
			e.Kind = KindDNSTemporary
		}
		return e
	}
	switch {
	// net/http has words of its own if it sees the end before the request is written.
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), strings.HasSuffix(err.Error(), "server closed idle connection"):
		e.Reason = "the connection ended before the response was complete"
	case slices.ContainsFunc(limits, func(limit error) bool { return errors.Is(err, limit) }):
		e.Kind = KindMachine
	case isNotHTTP(err):
		e.Kind = KindNotHTTP
	default:
		e.Kind = cmp.Or(kindOfTLS(err, operation.Op), KindConnection)
	}
	return e
}

// kindsOfProxy are the kinds of what fails on the way to a proxy, in place of those of SCP.
//
//exhaustive:ignore
var kindsOfProxy = map[Kind]Kind{
	KindDNS: KindProxyDNS, KindTLS: KindProxyTLS, KindNotTLS: KindProxyTLS, KindTLSRefused: KindProxyTLS,
	KindClientCertificate: KindProxyTLS, KindConnection: KindProxyConnection,
}

// kindOfProxyStatus returns what a proxy's response to CONNECT means.
func kindOfProxyStatus(proxy proxyError) Kind {
	switch status := proxy.status; {
	case (status == http.StatusProxyAuthRequired || status == http.StatusUnauthorized) && proxy.wantsOtherThanBasic():
		return KindProxyScheme
	case status == http.StatusProxyAuthRequired || status == http.StatusUnauthorized:
		return KindProxyLogin
	case status == http.StatusForbidden:
		return KindProxyForbids
	case status == http.StatusNotFound || status >= 500 || slices.Contains(temporaryStatuses, status): // 404 is privoxy's for an unknown host
		return KindProxyFailed
	}
	return KindProxyRejected
}

// classifySOCKS completes the error of a SOCKS proxy that did not connect. net/http has only words for why.
func classifySOCKS(e *Error, err error) *Error {
	e.Kind, e.Reason = KindProxyConnection, "the SOCKS proxy did not connect: "+strings.TrimPrefix(err.Error(), "unknown error ")
	contains := func(words string) bool { return strings.Contains(err.Error(), words) }
	switch {
	case contains("username/password") || contains("authentication method"):
		e.Kind = KindProxyLogin
	case contains("not allowed by ruleset"):
		e.Kind = KindProxyForbids
	case contains("not supported"):
		e.Kind = KindProxyRejected
	case contains("unknown error "): // and its reply: host unreachable, connection refused, …
		e.Kind = KindProxyFailed
	}
	return e
}

// limits are the errors of a machine that has reached one: of files, memory, buffers, ports. Windows has its own for sockets: WSAEMFILE,
// WSAENOBUFS, WSAEADDRNOTAVAIL.
var limits = []error{
	syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOBUFS, syscall.EADDRNOTAVAIL,
	syscall.Errno(10024), syscall.Errno(10055), syscall.Errno(10049),
}

// isNotYetValid reports whether a certificate's time is still to come.
func isNotYetValid(err error) bool {
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	return ok && invalid.Reason == x509.Expired && invalid.Cert != nil && time.Now().Before(invalid.Cert.NotBefore)
}

// kindOfTLS returns why the other end, or its certificate, is not to be trusted, or why it accepts nothing that is offered; empty if err
// is of something else.
func kindOfTLS(err error, operation string) Kind {
	_, isRecord := errors.AsType[tls.RecordHeaderError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	isAlert := operation == "remote error"
	switch {
	case isNotYetValid(err):
		return KindNotYetValid
	case isRecord:
		return KindNotTLS
	case isAlert && strings.Contains(err.Error(), "certificate"):
		return KindClientCertificate
	case isAlert || strings.Contains(err.Error(), "server selected unsupported"):
		return KindTLSRefused
	case isCertificate || operation == "local error" || strings.HasPrefix(err.Error(), "tls: "): // it has no type for these
		return KindTLS
	}
	return ""
}

// isNotHTTP reports whether the other end responded with something else than HTTP/1, or than the frames of HTTP/2, which another form of
// the connection may bring to speak. net/http has only words for it.
func isNotHTTP(err error) bool {
	return strings.Contains(err.Error(), "malformed HTTP ") && !strings.Contains(err.Error(), `malformed HTTP response "\x00\x00`)
}

// goWords are what Go's packages begin their errors with, for programmers.
var goWords = strings.NewReplacer("net/http: ", "", "http: ", "", "http2: ", "", "tls: ", "", "x509: ", "")
