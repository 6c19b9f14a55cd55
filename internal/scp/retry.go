package scp

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	// DefaultMaxRetries is how many tries may follow the first if the configuration does not say.
	DefaultMaxRetries = 4

	firstWait = 500 * time.Millisecond
	maxWait   = 30 * time.Second
	// A server that asks for more waits for a caller who has long given up; more could overflow a duration.
	maxRetryAfter = 24 * time.Hour
)

// get reads url and decodes the body of a 200, with further tries where one may help. Any other outcome than a
// decoded body is an [*Error].
func get[T any](ctx context.Context, c *Client, url string, auth auth, decode func([]byte) (T, error)) (T, error) {
	ctx = withLog(ctx)
	start := c.now()
	var failure *Error
	var tries int
	wait := &pace{exponential: backoff.ExponentialBackOff{
		InitialInterval: firstWait, Multiplier: 2, RandomizationFactor: 0.5, MaxInterval: maxWait,
	}}
	value, err := backoff.Retry(ctx, func() (value T, _ error) {
		tries++
		failure = c.try(ctx, url, auth, tries, func(body []byte) (err error) {
			value, err = decode(body)
			return err
		})
		if failure == nil {
			return value, nil
		}
		deadline, bounded := ctx.Deadline()
		if !failure.temporary() || bounded && time.Until(deadline) < failure.RetryAfter {
			return value, backoff.Permanent(failure)
		}
		wait.atLeast = failure.RetryAfter
		return value, failure
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(uint(c.maxRetries)+1), backoff.WithMaxElapsedTime(0))
	if err == nil {
		return value, nil
	}

	// A context that ended during a wait, or just before it, says more than the try before that.
	if ended := ctx.Err(); ended != nil && failure.temporary() {
		failure.Class = classify(ended)
	}
	failure.Tries, failure.Elapsed = tries, c.now().Sub(start)
	var none T
	return none, failure
}

// temporary reports whether another try may bring another outcome.
func (e *Error) temporary() bool {
	switch e.Class {
	case ClassRequestTimeout, ClassTransport:
		return true
	case ClassStatus:
		switch e.StatusCode {
		case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
			http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
	}
	return false
}

// pace is a [backoff.BackOff] that waits as long as the server asked, if that is longer.
type pace struct {
	exponential backoff.ExponentialBackOff
	atLeast     time.Duration
}

// NextBackOff implements [backoff.BackOff].
func (p *pace) NextBackOff() time.Duration {
	return max(min(p.exponential.NextBackOff(), maxWait), p.atLeast)
}

// Reset implements [backoff.BackOff].
func (p *pace) Reset() { p.exponential.Reset() }

// retryAfter reads a Retry-After header in either of its forms, seconds or a date. The date is the server's, so it is
// held against the server's clock where that is known.
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
