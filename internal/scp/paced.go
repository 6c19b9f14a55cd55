// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"net/http"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/pace"
)

// paced waits until the host accepts a request, and marks a rejection for too many requests as throttled. A request that would fail as
// another one has is not sent: many wrong signatures can lock an account.
func (c *Client) paced(r Request, next handler) handler {
	read := c.limiter.NewRead(r.URL.Host, r.URL.String())
	return func(ctx context.Context, r Request) (response, *Error) {
		if err := read.Wait(ctx); err != nil {
			return response{}, c.newError(r, classify(err))
		}
		if known := c.knownFailure(r); known != nil {
			read.Done(pace.Result{})
			return response{}, known
		}
		got, failure := next(ctx, r)
		if failure == nil {
			read.Done(pace.Result{Status: got.status, Proves: r.Signed}) // without keys it says nothing about them
			return got, nil
		}
		c.remember(failure)
		failure.throttled = read.Done(pace.Result{
			Status: got.status, Refused: failure.refused || got.status == http.StatusTooManyRequests, RetryAfter: failure.RetryAfter,
			Proves: failure.fromService && (got.status == http.StatusForbidden || got.status == http.StatusNotFound),
		})
		return got, failure
	}
}

// class is the requests that a failure of one of them may be of: those to a host, and of these the signed ones alone.
type class struct {
	host   string
	signed bool
}

// remember remembers a failure that fails every request. A 401 is of the signed requests: the others have no keys.
func (c *Client) remember(failure *Error) {
	unauthorized := failure.StatusCode == http.StatusUnauthorized
	if failure.failsEveryRequest() && (failure.Request.Signed || !unauthorized) {
		c.known.Store(class{failure.Request.URL.Host, unauthorized}, *failure)
	}
}

// knownFailure returns the failure that r would have, since another request has had it within the last minute; nil if there is none.
func (c *Client) knownFailure(r Request) *Error {
	for _, signed := range []bool{false, r.Signed} {
		if value, ok := c.known.Load(class{r.URL.Host, signed}); ok {
			known := value.(Error) //nolint:forcetypeassert // nothing else is stored
			if known.Request, known.Age = r, time.Since(known.at); known.Age < rememberFailure {
				return &known
			}
		}
	}
	return nil
}
