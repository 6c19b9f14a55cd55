// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/pace"
)

// Why a context ended because of one attempt.
var (
	errRequestTimeout = &Error{Kind: KindRequestTimeout, Reason: "no complete response came within the time for one request"}
	errConnections    = &Error{Kind: KindConnection, Reason: "the server or a proxy ended each connection before it responded"}
	errRefused        = &Error{Kind: KindConnection, Reason: "the server took no more requests (GOAWAY or REFUSED_STREAM)", refused: true}
)

// proxyRejection returns the error of a proxy's response to CONNECT that is not 200.
func proxyRejection(answer *http.Response) error {
	status := answer.StatusCode
	e := &Error{Kind: KindProxyRejects, Reason: fmt.Sprintf("the proxy responded %d %s and did not connect", status, http.StatusText(status))}
	switch {
	case status == http.StatusProxyAuthRequired || status == http.StatusUnauthorized: // 401 is tinyproxy's for a wrong password
		e.Kind = KindProxyLogin
		e.Reason = joined(": it offers ", e.Reason, joined(", ", answer.Header.Values("Proxy-Authenticate")...))
	case status == http.StatusNotFound || status >= 500 || slices.Contains(temporaryStatuses, status): // 404 is privoxy's for an unknown host
		e.Kind = KindProxyFailed
	}
	return e
}

// classify returns what is known from why an attempt, or the wait before it, failed: the kind, and the reason in words of the network, not
// of Go.
func classify(err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		e := *known
		return &e
	}
	if heldBack, ok := errors.AsType[pace.HeldBackError](err); ok {
		return &Error{Kind: KindHeldBack, Reason: err.Error(), RetryAfter: heldBack.Asked}
	}
	switch err { // compared as they are: a network timeout claims to be a context's
	case context.Canceled: //nolint:errorlint // see above
		return &Error{Kind: KindCanceled, Reason: "the read was stopped"}
	case context.DeadlineExceeded:
		return &Error{Kind: KindReadTimeout, Reason: "the time for the whole read was over"}
	}
	i := slices.IndexFunc(causes, func(c cause) bool { return c.matches(err) })
	e := &Error{Kind: causes[i].kind, Reason: goWords.Replace(err.Error())}
	e.refused = e.Kind == KindTooManyRequests
	if strings.HasPrefix(err.Error(), "proxyconnect ") {
		e.Kind = cmp.Or(causes[i].ofProxy, e.Kind)
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		e.Host, e.Reason = name.Name, fmt.Sprintf("the name %q could not be resolved: %s", name.Name, name.Err)
		if name.IsTemporary || name.IsTimeout {
			e.Kind = KindDNSTemporary
		}
	}
	if causes[i].kind == KindConnection && isEnd(err) {
		e.Reason = "the connection ended before the response was complete"
	}
	return e
}

// cause is what an error of net/http, or of what is below it, may be of.
type cause struct {
	kind    Kind
	ofProxy Kind // on the way to a proxy, if that is another
	matches func(error) bool
}

// causes are all causes. The first that matches counts.
var causes = []cause{
	{KindTooManyRequests, "", says(`ENHANCE_YOUR_CALM`)},
	{KindProxyLogin, "", says(`^socks .*(username/password|authentication method)`)},
	{KindProxyRejects, "", says(`^socks .*not (allowed|supported)`)},
	{KindProxyFailed, "", says(`^socks .*unknown error`)}, // and its reply: host unreachable, connection refused, …
	{KindProxyConnection, "", says(`^socks `)},
	{KindDNS, KindProxyAddress, is[*net.DNSError]},
	{KindMachine, "", isLimit},
	{KindConnection, KindProxyConnection, says(`malformed HTTP response "\\x00\\x00`)}, // HTTP/2: another form may work
	{KindNotHTTP, "", says(`malformed HTTP `)},
	{KindNotYetValid, "", isNotYetValid},
	{KindNotTLS, KindProxyAddress, is[tls.RecordHeaderError]},
	{KindTLSRefused, KindProxyAddress, says(`remote error: tls: |server selected unsupported`)},
	{KindTLS, KindProxyAddress, says(`(^|: )tls: `)},
	{KindConnection, KindProxyConnection, says(``)},
}

// says returns a matcher of errors by their words: for many, Go has no type. What is in quotes, the other end has said.
func says(pattern string) func(error) bool {
	words := regexp.MustCompile(`^[^"]*` + pattern)
	return func(err error) bool { return words.MatchString(err.Error()) }
}

// is matches the errors of a type.
func is[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// isEnd matches an end of the connection. net/http has words of its own if it sees it before the request is written.
var isEnd = says(`(EOF|server closed idle connection)$`)

// isLimit matches the errors of a machine that has reached one: of files, memory, buffers, ports. Windows has its own for sockets:
// WSAEMFILE, WSAENOBUFS, WSAEADDRNOTAVAIL.
func isLimit(err error) bool {
	number, ok := errors.AsType[syscall.Errno](err)
	return ok && slices.Contains([]syscall.Errno{
		syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOBUFS, syscall.EADDRNOTAVAIL, 10024, 10055, 10049,
	}, number)
}

// isNotYetValid matches a certificate whose time is still to come.
func isNotYetValid(err error) bool {
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	return ok && invalid.Reason == x509.Expired && invalid.Cert != nil && time.Now().Before(invalid.Cert.NotBefore)
}

// goWords are what Go's packages begin their errors with, for programmers.
var goWords = strings.NewReplacer("net/http: ", "", "http: ", "", "http2: ", "", "tls: ", "", "x509: ", "", "unknown error ", "")
