package scp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
)

// errRequestTimeout is the cause of a context that ended because one try took longer than one request may.
var errRequestTimeout = errors.New("no complete answer came within the time for one request")

// failure is a try that ended with err. response is nil if no answer came.
func (c *Client) failure(request Request, response *http.Response, signature string, err error) *Error {
	e := &Error{Class: classify(err), Request: request, ClientTime: c.now(), Reason: c.credentials.clean(err.Error(), signature)}
	if response != nil {
		e.StatusCode = response.StatusCode
	}
	return e
}

func classify(err error) Class {
	var body bodyError
	var stale staleError
	var name *net.DNSError
	switch {
	case errors.Is(err, errRequestTimeout):
		return ClassRequestTimeout
	// Not errors.Is: a time-out of the network claims to be a context's.
	case err == context.Canceled: //nolint:errorlint // see above
		return ClassCanceled
	case err == context.DeadlineExceeded: //nolint:errorlint // see above
		return ClassReadTimeout
	case errors.Is(err, errHeldBack):
		return ClassReadTimeout
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ClassTransport // of the body too: it was cut off
	case errors.As(err, &body):
		return ClassBody
	case errors.As(err, &stale):
		return ClassStale
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

// refusal is a try that was answered with another status than 200.
func (c *Client) refusal(request Request, response *http.Response, signature string, body []byte) *Error {
	e := &Error{Class: ClassStatus, Request: request, StatusCode: response.StatusCode, ClientTime: c.now()}
	e.ServerTime, _ = http.ParseTime(response.Header.Get("Date"))
	e.RetryAfter = retryAfter(response.Header.Get("Retry-After"), e.ServerTime, e.ClientTime)
	e.Location = c.credentials.clean(response.Header.Get("Location"), signature)
	said := parseErrorBody(body)
	e.FromService, e.FromGateway = said.fromService, said.fromGateway
	e.Code = c.credentials.clean(said.code, signature)
	e.Detail = c.credentials.clean(said.detail, signature)
	e.Action = c.credentials.clean(said.action, signature)
	e.RequestID = c.credentials.clean(said.requestID, signature)
	return e
}

// unusable is an answer whose body cannot be used, which it logs.
func (c *Client) unusable(ctx context.Context, a answer, err error) *Error {
	e := c.failure(a.request, nil, a.signature, bodyError{inWords(err)})
	e.StatusCode, e.Tries, e.Elapsed = http.StatusOK, a.tries, a.elapsed
	logUnusable(ctx, a.request, e)
	return e
}
