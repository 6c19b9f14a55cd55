// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"sync"
	"time"
)

// limiter refuses requests that come sooner than its rate allows, as nginx's limit_req does. It uses the machine's clock:
// the server's may stand still.
type limiter struct {
	interval time.Duration // between two requests; 0 for no limit

	mu  sync.Mutex
	due time.Time // of the next request
}

// newLimiter returns a limiter of rate requests a second, 0 for no limit.
func newLimiter(rate float64) *limiter {
	if rate <= 0 {
		return &limiter{}
	}
	return &limiter{interval: time.Duration(float64(time.Second) / rate)}
}

// allow reports whether a request that comes now is let in. A refused one does not delay the next.
func (l *limiter) allow() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.due.After(now) {
		return false
	}
	l.due = now.Add(l.interval)
	return true
}
