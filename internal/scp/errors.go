// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Kind is what kept a read from a usable response.
type Kind int

// The kinds of failure.
const (
	KindStatus         Kind = iota // the status is not 200, and another attempt would not change it
	KindBusy                       // the status is one that may pass: 408, 425, 429, 500, 502, 503, 504
	KindUnauthorized               // the keys, or a proxy's password, are rejected: 401, 407
	KindUnusable                   // the body of a 200 cannot be used
	KindStale                      // the 200 comes from a cache
	KindInput                      // something that was to be asked for has no valid form; nothing was sent
	KindCanceled                   // the caller's context was canceled
	KindReadTimeout                // the time for the whole read is over
	KindHeldBack                   // the time for the whole read is over, or would be, before the server accepts the request
	KindRequestTimeout             // the last attempt took longer than one request may
	KindDNS                        // the host's name does not exist
	KindDNSTemporary               // the host's name could not be resolved this time
	KindTLS                        // no TLS connection could be made
	KindNotYetValid                // the server's certificate is not valid yet: one of the two clocks is wrong
	KindProxyRejected              // a proxy refuses to connect
	KindProxyFailed                // a proxy could not connect this time
	KindMachine                    // this machine has no file, port or memory left for a connection
	KindConnection                 // the connection failed or ended otherwise
	KindListChanged                // the responses of a list do not fit together: it may lack an image
	KindFilterIgnored              // a list has what was not asked for
	KindMemberTwice                // an image's member is listed twice, with two statuses
	KindUnknownFilter              // a filter that SCP's documents do not name has no result
	numberOfKinds
)

// kinds says of each kind whether another attempt may have another outcome, and whether every other request of the client would fail
// like this one.
var kinds = [numberOfKinds]struct{ temporary, failsEveryRequest bool }{
	KindBusy:           {temporary: true},
	KindRequestTimeout: {temporary: true},
	KindDNSTemporary:   {temporary: true},
	KindProxyFailed:    {temporary: true},
	KindMachine:        {temporary: true},
	KindConnection:     {temporary: true},

	KindUnauthorized:  {failsEveryRequest: true},
	KindDNS:           {failsEveryRequest: true},
	KindTLS:           {failsEveryRequest: true},
	KindNotYetValid:   {failsEveryRequest: true},
	KindProxyRejected: {failsEveryRequest: true},
}

// Error is a read that brought no usable response. Its texts are printable, bounded in length and without the client's secrets.
type Error struct {
	Kind     Kind
	Request  Request       // what was asked; zero for [KindInput]
	Attempts int           // how often the request was sent, or would have been
	Elapsed  time.Duration // from the first attempt to the end
	Age      time.Duration // how long ago another request had the failure, if it is that of another

	// StatusCode is the HTTP status, or 0 if no response came.
	StatusCode int
	// Throttled reports whether the host rejected the last attempt for too many requests while it accepted others.
	Throttled bool
	// Proxy reports whether the connection failed at a proxy, which HTTPS_PROXY names, before anything reached SCP.
	Proxy bool
	// ProxyStatus is the proxy's own status if it did not connect, or 0. For a SOCKS proxy it is the status that an HTTP proxy would have:
	// 407, 403, 405 or 502.
	ProxyStatus int
	// Host is the name that could not be resolved: the endpoint's or the proxy's.
	Host string

	// FromService reports whether the body had the form of the service's own errors. Otherwise the response came from
	// something in front of it, such as the gateway or a proxy, and says nothing about the image.
	FromService bool
	// FromGateway reports whether the body had one of the forms of SCP's gateway.
	FromGateway bool
	// Code, Detail, Action and RequestID are what the body says; empty where it does not. Action is the
	// permission that a 403 asks for.
	Code, Detail, Action, RequestID string
	// NotShared, SignatureRejected and VersionRejected report what the body says in words that are known.
	NotShared, SignatureRejected, VersionRejected bool
	// NotTLS reports whether the other end of a TLS connection responded with something else.
	NotTLS bool
	// Encoding is the Content-Encoding of a body that was not asked for in it, and cannot be read; else empty.
	Encoding string
	// Location is where a redirect pointed. It was not followed.
	Location string
	// RetryAfter is how long the server asked to wait, or 0.
	RetryAfter time.Duration
	// ServerTime is the response's Date, or zero. ClientTime is this machine's time when it came.
	ServerTime, ClientTime time.Time

	// Reason says why there is no usable response if that is not the status.
	Reason string
}

// newError completes e to an error of r, with texts that are fit to be shown. Every error passes here once.
func (c *Client) newError(r Request, e *Error) *Error {
	e.Request, e.ClientTime = r, c.config.Now()
	for _, text := range []*string{&e.Host, &e.Code, &e.Detail, &e.Action, &e.RequestID, &e.Encoding, &e.Location, &e.Reason} {
		if *text != "" {
			*text = c.redactor.Clean(*text)
		}
	}
	return e
}

// temporary reports whether another attempt may have another outcome.
func (e *Error) temporary() bool { return kinds[e.Kind].temporary }

// FailsEveryRequest reports whether any other request of this client would fail in the same way, so that none needs to be sent: the keys or
// the proxy's password are rejected, no secure connection can be made, or the host does not exist.
func (e *Error) FailsEveryRequest() bool { return kinds[e.Kind].failsEveryRequest }

// IsOfAnother reports whether the failure is that of another request to the host, so that this one was not sent.
func (e *Error) IsOfAnother() bool { return e.Attempts == 0 && e.FailsEveryRequest() }

// after returns e, or if e only says that the read ended, what the attempt before it brought, and that the read ended.
func (e *Error) after(last *Error) *Error {
	ended := e.Kind == KindCanceled || e.Kind == KindReadTimeout || e.Kind == KindHeldBack
	if !ended || last == nil || e.StatusCode != 0 {
		return e
	}
	told := *last
	if told.Kind = e.Kind; e.Kind == KindHeldBack {
		told.RetryAfter = e.RetryAfter // not what the last response asked for, which is over
	}
	return &told
}

// Error returns what was asked and what came back, in one line.
func (e *Error) Error() string {
	if e.Kind == KindInput {
		return e.Reason
	}
	return fmt.Sprintf("%s: %s", e.Request, e.Summary())
}

// Summary returns what came back last, in one line: the status with the API's code and detail, or the
// reason why there was no usable response.
func (e *Error) Summary() string {
	var parts []string
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
		line += " (code " + e.Code + ")"
	}
	return line
}
