// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"sync"
	"time"
)

// limiter refuses requests that come sooner than its rate allows, as nginx's limit_req does. It goes by the machine's
// clock, not by the server's: that one may stand still.
type limiter struct {
	interval time.Duration // between two requests; 0 for no limit
	ahead    time.Duration // how much sooner than that a burst may come

	mu                sync.Mutex
	due               time.Time // when a request comes at the right time
	accepted, refused int
}

// newLimiter returns a limiter of rate requests a second, 0 for no limit, with burst requests that may come before
// their time.
func newLimiter(rate float64, burst int) *limiter {
	if rate <= 0 {
		return &limiter{}
	}
	interval := time.Duration(float64(time.Second) / rate)
	return &limiter{interval: interval, ahead: time.Duration(burst) * interval}
}

// allow reports whether a request that comes now is let in. A refused one leaves the others' times as they are.
func (l *limiter) allow() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.due.Sub(now) > l.ahead {
		l.refused++
		return false
	}
	l.accepted++
	if l.due.Before(now) {
		l.due = now
	}
	l.due = l.due.Add(l.interval)
	return true
}

// RateCounts returns how many requests the rate limit let in and refused so far. Without one all are let in.
func (e *Emulator) RateCounts() (accepted, refused int) {
	e.limiter.mu.Lock()
	defer e.limiter.mu.Unlock()
	return e.limiter.accepted, e.limiter.refused
}
