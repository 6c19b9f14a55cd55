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
	"strconv"
	"strings"
	"time"
)

// Class is what kept a read from a usable answer.
type Class int

// The classes of failure.
const (
	ClassStatus         Class = iota // the answer's status is not 200
	ClassBody                        // the body of a 200 cannot be used
	ClassCanceled                    // the caller's context was cancelled
	ClassReadTimeout                 // the time for the whole read is over
	ClassRequestTimeout              // the last try took longer than one request may
	ClassName                        // the host's name could not be resolved
	ClassTLS                         // no TLS connection could be made
	ClassTransport                   // the connection failed or ended otherwise
)

// Error is a read that brought no usable answer. Its texts are made printable, bounded in length and free of
// the client's secrets.
type Error struct {
	Class   Class
	URL     string
	Tries   int           // how many requests were sent
	Elapsed time.Duration // from the first request to the end

	// StatusCode is the HTTP status, or 0 if no answer came.
	StatusCode int
	// FromService is true if the body had the form of the service's own errors. Otherwise the answer came from
	// something before it, such as the gateway or a proxy, and says nothing about the image.
	FromService bool
	// FromGateway is true if the body had one of the forms of SCP's gateway.
	FromGateway bool
	// Code, Detail, Action and RequestID are what the body says; empty where it does not. Action is the
	// permission that a 403 asks for.
	Code, Detail, Action, RequestID string
	// Location is where a redirect pointed. It was not followed.
	Location string
	// RetryAfter is how long the server asked to wait, or 0.
	RetryAfter time.Duration
	// ServerTime is the answer's Date, or zero. ClientTime is this machine's time when it came.
	ServerTime, ClientTime time.Time

	// Reason says why there is no usable answer if that is not the status.
	Reason string
}

// Error says what was asked and what came back, in one line.
func (e *Error) Error() string {
	return fmt.Sprintf("GET %s: %s", e.URL, e.Answer())
}

// Answer says what came back last, in one line: the status with the API's code, detail and request id, or the
// reason why there was no usable answer.
func (e *Error) Answer() string {
	var parts, facts []string
	if e.StatusCode != 0 {
		parts = append(parts, strings.TrimSpace(strconv.Itoa(e.StatusCode)+" "+http.StatusText(e.StatusCode)))
	}
	for _, part := range []string{e.Reason, e.Detail} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	line := strings.Join(parts, ": ")
	if e.Code != "" {
		facts = append(facts, "code "+e.Code)
	}
	if e.RequestID != "" {
		facts = append(facts, "request id "+e.RequestID)
	}
	if len(facts) > 0 {
		line += " (" + strings.Join(facts, ", ") + ")"
	}
	return line
}

// errRequestTimeout is the cause of a context that ended because one try took longer than one request may.
var errRequestTimeout = errors.New("no complete answer came within the time for one request")

// bodyError is why the body of a 200 cannot be used.
type bodyError struct{ err error }

func (e bodyError) Error() string { return "the answer's body cannot be used: " + e.err.Error() }
func (e bodyError) Unwrap() error { return e.err }

// failure is a try that ended with err. response is nil if no answer came.
func (c *Client) failure(response *http.Response, url, signature string, err error) *Error {
	e := &Error{Class: classify(err), URL: url, ClientTime: c.now(), Reason: c.credentials.clean(err.Error(), signature)}
	if response != nil {
		e.StatusCode = response.StatusCode
	}
	return e
}

func classify(err error) Class {
	var body bodyError
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
func (c *Client) refusal(response *http.Response, url, signature string, body []byte) *Error {
	e := &Error{Class: ClassStatus, URL: url, StatusCode: response.StatusCode, ClientTime: c.now()}
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
