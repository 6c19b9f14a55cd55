// SPDX-License-Identifier: MPL-2.0

// Package pace decides when a request may be sent: no more are under way at once than a bound, and each host gets no more than it
// accepts. What is sent does not matter to it.
package pace

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// aloneFor is how long requests to a new host go one at a time at most, while it has sent no good response.
const aloneFor = 10 * time.Second

// HeldBackError is the error of a read whose deadline comes before the host accepts its request. Asked is what is left of the
// host's Retry-After, in whole seconds, or 0 if only the pace of this client is too slow.
type HeldBackError struct{ Asked time.Duration }

// Error implements error.
func (e HeldBackError) Error() string {
	if e.Asked == 0 {
		return "too many requests were rejected, and the read timed out while it was waiting to send its own"
	}
	return fmt.Sprintf("the server asked for a pause of another %s before any request, longer than this read may take", e.Asked)
}

// Gate is what every request passes, whichever read it belongs to. It is safe for concurrent use.
type Gate struct {
	now   func() time.Time
	slots chan struct{}

	mu     sync.Mutex
	pacers map[string]*pacer // by host
}

// NewGate returns a gate that lets size requests pass at once. now is the clock.
func NewGate(size int, now func() time.Time) *Gate {
	return &Gate{now: now, slots: make(chan struct{}, size), pacers: map[string]*pacer{}}
}

// Visit returns a visit of host for one read of url. One goroutine may use it.
func (g *Gate) Visit(host, url string) *Visit {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.pacers[host]
	if p == nil {
		p = &pacer{turn: make(chan struct{}, 1), alone: make(chan struct{}, 1), proven: make(chan struct{})}
		g.pacers[host] = p
	}
	return &Visit{gate: g, pacer: p, url: url, answered: p.answers()}
}

// Visit is what one read has to do with a gate: it enters before each attempt and leaves after it.
type Visit struct {
	gate     *Gate
	pacer    *pacer
	url      string
	answered int // the host's answers to others and to this read, when this read last looked
	sent     time.Time
	alone    bool
}

// Outcome is what an attempt brought.
type Outcome struct {
	Status     int           // 0 if there was no response
	RetryAfter time.Duration // what the host asked for, or 0
	Good       bool          // the response proves that requests like this one are accepted
}

// Enter waits until the request may be sent. The caller must call Leave after it. The error is the context's, or a
// [HeldBackError] if the context has ended, or will have, before the host accepts the request.
func (v *Visit) Enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := v.waitAlone(ctx); err != nil {
		return err
	}
	err := v.enter(ctx)
	if err != nil {
		v.leaveAlone()
	}
	return err
}

func (v *Visit) enter(ctx context.Context) error {
	p := v.pacer
	// One after the other, in the order in which they came.
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return v.waitError(ctx)
	}
	for {
		// No slot is taken while waiting for the host: requests to others need it.
		if wait := p.wait(v.gate.now()); wait > 0 {
			if !CanWait(ctx, wait) {
				return p.heldBack(v.gate.now())
			}
			if Sleep(ctx, wait) != nil {
				return v.waitError(ctx)
			}
			continue
		}
		select {
		case v.gate.slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		if now := v.gate.now(); p.wait(now) <= 0 {
			p.send(now)
			v.sent = now
			return nil
		}
		<-v.gate.slots
	}
}

// Leave notes the outcome of an attempt. It reports whether the host rejected it for too many requests while it accepted others:
// then it is only a matter of time.
func (v *Visit) Leave(o Outcome) (throttled bool) {
	<-v.gate.slots
	rejected := v.pacer.note(v.url, v.sent, v.gate.now(), o)
	before := v.answered
	v.answered = v.pacer.answers()
	v.leaveAlone()
	return rejected && v.answered > before
}

// waitAlone waits behind the other requests to a host that has sent no good response yet, so that wrong keys are sent once, not as
// often as requests may be under way.
func (v *Visit) waitAlone(ctx context.Context) error {
	select {
	case <-v.pacer.proven:
		return nil
	default:
	}
	timer := time.NewTimer(v.pacer.aloneFor(v.gate.now()))
	defer timer.Stop()
	select {
	case v.pacer.alone <- struct{}{}:
		v.alone = true
	case <-v.pacer.proven:
	case <-timer.C:
	case <-ctx.Done():
		return v.waitError(ctx)
	}
	return nil
}

func (v *Visit) leaveAlone() {
	if v.alone {
		<-v.pacer.alone
		v.alone = false
	}
}

// waitError returns why ctx ended while a request waited for the host.
func (v *Visit) waitError(ctx context.Context) error {
	if now := v.gate.now(); errors.Is(ctx.Err(), context.DeadlineExceeded) && v.pacer.limited(now) {
		return v.pacer.heldBack(now)
	}
	return ctx.Err()
}

// CanWait reports whether ctx will not have ended after the wait.
func CanWait(ctx context.Context, wait time.Duration) bool {
	deadline, bounded := ctx.Deadline()
	return !bounded || time.Until(deadline) >= wait
}

// Sleep waits, or returns ctx's error as soon as ctx ends.
func Sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
