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
	"net/http"
	"strings"
	"time"
)

// errRequestTimeout is the cause of a context that ended because one try took longer than one request may.
var errRequestTimeout = errors.New("no complete answer came within the time for one request")

// errConnections is the cause of a context that ended because one try asked for too many connections.
var errConnections = fmt.Errorf("the server or a proxy ended the connection, or refused the request, %d times in a row before it answered", maxConnections)

// failureOf is why an exchange brought no usable answer, or nil if it did.
func (c *Client) failureOf(request Request, x exchange) *Error {
	if x.err == nil && x.status == http.StatusOK {
		x.err = checkAnswer(x.header, x.body)
	}
	switch {
	case x.err != nil:
		return c.failure(request, x.status, x.signature, x.err)
	case x.status != http.StatusOK:
		return c.refusal(request, x)
	}
	return nil
}

// failure is a request that ended with err. status is 0 if no answer came.
func (c *Client) failure(request Request, status int, signature string, err error) *Error {
	e := &Error{Class: classify(err), Request: request, StatusCode: status, ClientTime: c.now(), Reason: c.credentials.clean(reason(err), signature)}
	var operation *net.OpError
	e.Proxy = errors.As(err, &operation) && operation.Op == "proxyconnect"
	if proxy, ok := errors.AsType[proxyError](err); ok {
		e.Proxy, e.ProxyStatus = true, proxy.status
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		e.Host, e.Passing = name.Name, name.IsTemporary || name.IsTimeout
	}
	return e
}

// ended is a read whose time was over, or that was stopped, while it waited: what its last try came to, if there was one, and why it ended.
func (c *Client) ended(request Request, last *Error, err error, tries int, elapsed time.Duration) *Error {
	if last == nil {
		last = c.failure(request, 0, "", err)
	}
	last.Class, last.Tries, last.Elapsed = classify(err), tries, elapsed
	if heldBack, ok := errors.AsType[heldBackError](err); ok {
		last.RetryAfter = heldBack.asked // not what the last answer asked for, which is over
	}
	return last
}

// overdue is why a read ended with its time: err, unless its last request was one too many.
func overdue(err error, tooMany bool) error {
	if tooMany && errors.Is(err, context.DeadlineExceeded) {
		return heldBackError{}
	}
	return err
}

func classify(err error) Class {
	var body bodyError
	var list listError
	var stale staleError
	var heldBack heldBackError
	var proxy proxyError
	var name *net.DNSError
	switch {
	case errors.Is(err, errRequestTimeout):
		return ClassRequestTimeout
	// Not errors.Is: a network timeout claims to be a context's.
	case err == context.Canceled: //nolint:errorlint // see above
		return ClassCanceled
	case err == context.DeadlineExceeded: //nolint:errorlint // see above
		return ClassReadTimeout
	case errors.As(err, &heldBack):
		return ClassHeldBack
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ClassTransport // of the body too: it was cut off
	case errors.As(err, &list):
		return list.class
	case errors.As(err, &body):
		return ClassBody
	case errors.As(err, &stale):
		return ClassStale
	case errors.As(err, &proxy):
		return ClassProxy
	case errors.As(err, &name):
		return ClassName
	case isTLS(err):
		return ClassTLS
	}
	return ClassTransport
}

// isTLS reports whether err says that the other end, or its certificate, is not to be trusted.
func isTLS(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		invalid     x509.CertificateInvalidError
		operation   *net.OpError
	)
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) ||
		errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error") || // a TLS alert
		strings.HasPrefix(err.Error(), "tls: ") // what crypto/tls has no type for
}

// refusal is an exchange that was answered with another status than 200.
func (c *Client) refusal(request Request, x exchange) *Error {
	clean := func(text string) string { return c.credentials.clean(text, x.signature) }
	e := &Error{Class: ClassStatus, Request: request, StatusCode: x.status, ClientTime: c.now()}
	e.ServerTime, _ = http.ParseTime(x.header.Get("Date"))
	e.RetryAfter = retryAfter(x.header.Get("Retry-After"), e.ServerTime, e.ClientTime)
	e.Location = clean(x.header.Get("Location"))
	said := parseErrorBody(x.body)
	e.FromService, e.FromGateway = said.fromService, said.fromGateway
	e.Code, e.Detail, e.Action, e.RequestID = clean(said.code), clean(said.detail), clean(said.action), clean(said.requestID)
	return e
}

// unusable is an answer whose body cannot be used, which it logs.
func (c *Client) unusable(ctx context.Context, a answer, err error) *Error {
	e := c.failure(a.request, http.StatusOK, a.signature, bodyError{inWords(err)})
	e.Tries, e.Elapsed = a.tries, a.elapsed
	logUnusable(ctx, a.request, e)
	return e
}
