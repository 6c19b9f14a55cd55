// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
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
	ClassStale                       // the 200 comes from a cache
	ClassCanceled                    // the caller's context was cancelled
	ClassReadTimeout                 // the time for the whole read is over
	ClassHeldBack                    // the time for the whole read is over, or would be, while the server takes no more requests
	ClassRequestTimeout              // the last try took longer than one request may
	ClassName                        // the host's name could not be resolved
	ClassTLS                         // no TLS connection could be made
	ClassProxy                       // a proxy did not connect
	ClassTransport                   // the connection failed or ended otherwise
	ClassMarker                      // the service refused to go on behind the last image of a page
	ClassMarkerIgnored               // a page of a list has only what earlier pages have
	ClassTwice                       // a list has something twice
	ClassFilter                      // a list has what was not asked for
)

// Error is a read that brought no usable answer. Its texts are made printable, bounded in length and free of
// the client's secrets.
type Error struct {
	Class   Class
	Request Request       // what was asked
	Tries   int           // how often the request was sent, or sending it was tried
	Elapsed time.Duration // from the first request to the end

	// StatusCode is the HTTP status, or 0 if no answer came.
	StatusCode int
	// Proxy is true if the connection failed at a proxy, which HTTPS_PROXY names, before anything reached SCP.
	Proxy bool
	// ProxyStatus is the proxy's own answer if it did not connect, or 0.
	ProxyStatus int
	// Host is the name that could not be resolved: the endpoint's or the proxy's.
	Host string
	// Passing is true for a failure to resolve a name that may pass: the name server failed, or did not answer.
	Passing bool

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
	return fmt.Sprintf("%s: %s", e.Request, e.Answer())
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
