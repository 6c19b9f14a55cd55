// SPDX-License-Identifier: MPL-2.0

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

// temporary reports whether another try may bring another outcome.
func (e *Error) temporary() bool {
	switch e.Class {
	case ClassRequestTimeout, ClassTransport:
		return true
	case ClassName:
		return e.Passing
	case ClassStatus:
		return temporaryStatus(e.StatusCode)
	case ClassProxy:
		return temporaryStatus(e.ProxyStatus)
	default:
		return false
	}
}

func temporaryStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// Final reports whether any other request of this client would fail in the same way, so that none needs to be sent: the keys or
// the proxy's password are refused, no secure connection can be made, or the host does not exist.
func (e *Error) Final() bool {
	switch e.Class {
	case ClassTLS:
		return true
	case ClassName:
		return !e.Passing
	case ClassProxy:
		return !temporaryStatus(e.ProxyStatus)
	case ClassStatus:
		return e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusProxyAuthRequired
	default:
		return false
	}
}

// pause is what a read waits between its tries: longer each time, with jitter.
type pause struct{ exponential backoff.ExponentialBackOff }

func newPause() *pause {
	return &pause{backoff.ExponentialBackOff{
		InitialInterval: firstWait, Multiplier: 2, RandomizationFactor: 0.5, MaxInterval: maxWait,
	}}
}

// next is the next wait, or atLeast, what the server asked for, if that is longer.
func (p *pause) next(atLeast time.Duration) time.Duration {
	return max(min(p.exponential.NextBackOff(), maxWait), atLeast)
}

// canWait reports whether ctx will not have ended after the wait.
func canWait(ctx context.Context, wait time.Duration) bool {
	deadline, bounded := ctx.Deadline()
	return !bounded || time.Until(deadline) >= wait
}

// sleep waits, or returns ctx's error as soon as it ends.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

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
