// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is the cause of a failed read.
type Kind string

// The kinds of failure by status. A response in another form than SCP's errors says nothing about the image.
const (
	KindUnauthorized      Kind = "keys rejected"         // 401
	KindSignatureRejected Kind = "signature rejected"    // 401
	KindClock             Kind = "clock is wrong"        // 401, and the response's Date is far from this machine's time
	KindForbidden         Kind = "permission denied"     // 403
	KindNotShared         Kind = "image not shared"      // 403: only a shared image has members
	KindImageNotFound     Kind = "image not found"       // 404 of the service for an image
	KindEndpointNotFound  Kind = "endpoint not found"    // 404, not of the service
	KindVersionRejected   Kind = "API version rejected"  // 406, or a 400 that says so
	KindMalformed         Kind = "request rejected"      // 400
	KindTooManyRequests   Kind = "too many requests"     // 429
	KindServerError       Kind = "server error"          // 408, 425, 500, 502, 503, 504, of whoever sent it
	KindForeign           Kind = "response not from SCP" // any other error in another form than SCP's
	KindRedirect          Kind = "redirect"              // 300 to 399, but 304
	KindUnexpectedStatus  Kind = "unexpected status"     // any other status than 200
)

// The kinds of failure of a response with the status 200.
const (
	KindUnusable      Kind = "unusable body"
	KindStale         Kind = "cached response"
	KindFilterIgnored Kind = "filter ignored"         // a list has what was not asked for
	KindListChanged   Kind = "list changed"           // the responses of a list do not fit together: it may lack an image
	KindMemberTwice   Kind = "member in two statuses" // an image's member is listed twice, with two statuses
	KindUnknownFilter Kind = "unknown filter"         // a filter that SCP's documents do not name has no result
)

// The kinds of failure without a response of SCP.
const (
	KindInput          Kind = "invalid input"     // an argument has no valid form; nothing was sent
	KindCanceled       Kind = "canceled"          // the caller's context was canceled
	KindReadTimeout    Kind = "read timed out"    // the time for the whole read is over
	KindHeldBack       Kind = "held back"         // that time is over, or would be, before the server accepts the request
	KindRequestTimeout Kind = "request timed out" // the last attempt took longer than one request may
	KindDNS            Kind = "no such host"
	KindDNSTemporary   Kind = "name resolution failed" // this time
	KindTLS            Kind = "TLS failed"
	KindNotYetValid    Kind = "certificate not yet valid" // one of the two clocks is wrong
	KindNotTLS         Kind = "server without TLS"        // the other end responded with something else
	KindTLSRefused     Kind = "TLS refused"               // by the server, or it offers less than this client requires
	KindNotHTTP        Kind = "server without HTTP"       // the other end responded with something else
	KindMachine        Kind = "machine limit"             // this machine has no file, port or memory left for a connection
	KindConnection     Kind = "connection failed"

	KindProxyAddress    Kind = "wrong proxy address" // its name does not exist, or it does not speak TLS
	KindProxyConnection Kind = "connection to the proxy failed"
	KindProxyLogin      Kind = "proxy rejects the login" // 401, 407: it does not accept the user and password, or needs another way to log in
	KindProxyFailed     Kind = "proxy failed"            // it could not connect this time
	KindProxyRejects    Kind = "proxy rejects"           // 403, or anything else
)

// Error is a read that brought no usable response. Its texts are printable, bounded in length and without the client's secrets.
type Error struct {
	Kind     Kind
	Request  Request       // what was asked; zero for [KindInput]
	Attempts int           // how often the request was sent, or would have been
	Elapsed  time.Duration // from the first attempt to the end
	Age      time.Duration // how long ago another request had the failure, if it is that of another
	Forms    string        // in which the request was sent, if there were several

	Reason     string        // why there is no usable response if that is not the status
	Host       string        // the name that could not be resolved: the endpoint's or the proxy's
	StatusCode int           // 0 if no response came
	Location   string        // where a redirect pointed; it was not followed
	RetryAfter time.Duration // how long the server asked to wait, or 0
	ServerTime time.Time     // the response's Date, or zero
	ClientTime time.Time     // this machine's time when it came

	// What the body says; empty where it does not. Action is the permission that a 403 asks for.
	Code, Detail, Action, RequestID string

	at          time.Time // when it came
	stage       int32     // what an attempt without a response had reached
	fromService bool      // whether the body had the form of SCP's errors: what is in front of SCP says nothing about an image
	refused     bool      // whether the server rejected the request for too many, without a response
	throttled   bool      // whether the host rejected the attempt for too many requests while it accepted others
}

// newError completes e to an error of r, with texts that are fit to be shown. Every error passes here once.
func (c *Client) newError(r Request, e *Error) *Error {
	e.Request, e.ClientTime, e.at = r, c.config.Now(), time.Now()
	for _, text := range []*string{&e.Host, &e.Code, &e.Detail, &e.Action, &e.RequestID, &e.Location} {
		*text = c.redactor.Clean(*text)
	}
	e.Reason = c.redactor.CleanOwn(e.Reason)
	return e
}

// temporary reports whether another attempt may have another outcome.
func (e *Error) temporary() bool {
	return slices.Contains([]Kind{
		KindTooManyRequests, KindServerError, KindRequestTimeout, KindDNSTemporary, KindMachine, KindConnection, KindProxyConnection,
		KindProxyFailed,
	}, e.Kind)
}

// failsEveryRequest reports whether any other request of this client would fail in the same way, so that none needs to be sent.
func (e *Error) failsEveryRequest() bool {
	return e.StatusCode == http.StatusUnauthorized || slices.Contains([]Kind{
		KindDNS, KindTLS, KindNotYetValid, KindNotTLS, KindTLSRefused, KindProxyAddress, KindProxyLogin, KindProxyRejects,
	}, e.Kind)
}

// IsOfAnother reports whether the failure is that of another request to the host, so that this one was not sent.
func (e *Error) IsOfAnother() bool { return e.Attempts == 0 && e.failsEveryRequest() }

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

// Summary returns what came back last, in one line: the status with the API's code and detail, or why there was no usable response.
func (e *Error) Summary() string {
	var status string
	if e.StatusCode != 0 {
		status = strings.TrimSpace(strconv.Itoa(e.StatusCode) + " " + http.StatusText(e.StatusCode))
	}
	line := joined(": ", status, e.Reason, e.Detail)
	if e.Code != "" {
		line += " (code " + e.Code + ")"
	}
	return line
}
