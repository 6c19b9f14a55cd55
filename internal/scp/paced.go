// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"net/http"

	"github.com/scp-community/terraform-provider-scp/internal/scp/pace"
)

// paced waits until the host accepts a request, and marks a rejection for too many requests as throttled.
func (c *Client) paced(r Request, next handler) handler {
	visit := c.gate.Visit(r.URL.Host, r.URL.String())
	return func(ctx context.Context, a attempt) (response, *Error) {
		if err := visit.Enter(ctx); err != nil {
			return response{}, c.newError(r, classify(err))
		}
		got, failure := next(ctx, a)
		if failure == nil {
			visit.Leave(pace.Outcome{Status: got.status, Good: r.Signed}) // without keys it says nothing about them
			return got, nil
		}
		failure.Throttled = visit.Leave(pace.Outcome{
			Status: got.status, RetryAfter: failure.RetryAfter,
			Good: failure.FromService && (got.status == http.StatusForbidden || got.status == http.StatusNotFound),
		})
		return got, failure
	}
}
