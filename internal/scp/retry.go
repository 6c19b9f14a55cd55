// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/pace"
)

// retried sends a request again while that can help. Throttled attempts are only a matter of time, and do not count.
func (c *Client) retried(next handler) handler {
	return func(ctx context.Context, r Request) (response, *Error) {
		start, retries := time.Now(), 0
		failed := func(e *Error) (response, *Error) {
			e.Attempts, e.Elapsed = r.sent, time.Since(start)
			return response{}, e
		}
		var last *Error
		for {
			got, failure := next(ctx, r)
			r.sent += got.requests
			if failure == nil {
				got.requests, got.duration = r.sent, time.Since(start)
				return got, nil
			}
			if !failure.temporary() {
				return failed(failure.after(last))
			}
			if !failure.throttled {
				retries++
			}
			if ctx.Err() == nil && (c.config.MaxRetries == 0 || retries > c.config.MaxRetries || !pace.CanWait(ctx, failure.RetryAfter)) {
				return failed(failure)
			}
			if err := pace.Sleep(ctx, max(backOff(max(retries, 1)), failure.RetryAfter)); err != nil {
				end := classify(err)
				if end.Kind == KindReadTimeout && (failure.refused || failure.StatusCode == http.StatusTooManyRequests) {
					end.Kind = KindHeldBack
				}
				return failed(end.after(failure))
			}
			last = failure
		}
	}
}

// backOff returns the wait before a retry, the first of which is 1: longer each time, with jitter of a half to both sides.
func backOff(retry int) time.Duration {
	wait := min(firstWait<<min(retry-1, 10), maxWait)
	return min(wait/2+rand.N(wait), maxWait) //nolint:gosec // jitter is no secret
}

// retryAfter reads a Retry-After header in either of its forms, seconds or a date. The date is the server's, so it is
// compared with the server's clock where that is known.
func retryAfter(header string, serverTime, clientTime time.Time) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.ParseUint(header, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		wait = time.Duration(min(seconds, uint64(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		if serverTime.IsZero() {
			serverTime = clientTime
		}
		wait = at.Sub(serverTime)
	}
	return min(max(wait, 0), maxRetryAfter)
}
