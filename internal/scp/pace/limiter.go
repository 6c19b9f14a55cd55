// SPDX-License-Identifier: MPL-2.0

// Package pace decides when a read may send a request: no more are under way at once than a bound, and each host gets no more than it
// accepts. What is sent does not matter to it.
package pace

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// aloneFor is how long requests to a new host are sent one at a time at most, while none has proven it.
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

// Limiter is what every request passes, whichever read it belongs to. It is safe for concurrent use.
type Limiter struct {
	slots chan struct{}

	mu    sync.Mutex // of the map and of what is in it
	hosts map[string]*host
}

// NewLimiter returns a limiter that lets size requests be under way at once.
func NewLimiter(size int) *Limiter {
	return &Limiter{slots: make(chan struct{}, size), hosts: map[string]*host{}}
}

// NewRead returns a read of url, which is on the host. One goroutine may use it.
func (l *Limiter) NewRead(hostName, url string) *Read {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.hosts[hostName]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		l.hosts[hostName] = h
	}
	return &Read{limiter: l, host: h, url: url, served: h.served}
}

// Read is a read that may take several requests: it waits before each, and is done after it.
type Read struct {
	limiter  *Limiter
	host     *host
	url      string
	served   int       // how many requests the host had served, whoever sent them, at this read's last one
	sent     time.Time // its last request
	passTurn func()    // lets the next request to the host be sent
}

// Result is what a request brought.
type Result struct {
	Status     int           // 0 if there was no response
	Refused    bool          // whether the host says that there are too many
	RetryAfter time.Duration // what the host asked for, or 0
	Proves     bool          // whether the host accepts requests like this one
}

// Wait waits until a request may be sent. Done must follow, unless there is an error: the context's, or a [HeldBackError] if the context
// has ended, or will have, before the host accepts the request.
func (r *Read) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// One after the other, in the order in which they came.
	select {
	case r.host.turn <- struct{}{}:
	case <-ctx.Done():
		return r.ended(ctx)
	}
	r.passTurn = sync.OnceFunc(func() { <-r.host.turn })
	alone, err := r.wait(ctx)
	if alone > 0 {
		time.AfterFunc(alone, r.passTurn)
	} else {
		r.passTurn()
	}
	return err
}

// wait waits for a slot and for the host. It returns how much longer the request has to be the only one to the host.
func (r *Read) wait(ctx context.Context) (alone time.Duration, _ error) {
	for {
		select {
		case r.limiter.slots <- struct{}{}:
		case <-ctx.Done():
			return 0, r.ended(ctx)
		}
		alone, wait := r.send()
		if wait <= 0 {
			return alone, nil
		}
		<-r.limiter.slots // requests to others need it
		if !CanWait(ctx, wait) || Sleep(ctx, wait) != nil {
			return 0, r.ended(ctx)
		}
	}
}

// send notes that a request is sent, unless it has to wait.
func (r *Read) send() (alone, wait time.Duration) {
	r.limiter.mu.Lock()
	defer r.limiter.mu.Unlock()
	r.sent = time.Now()
	return r.host.send(r.sent)
}

// ended returns why a request is not sent: ctx ended while it waited for the host, or will have before the host accepts it.
func (r *Read) ended(ctx context.Context) error {
	r.limiter.mu.Lock()
	defer r.limiter.mu.Unlock()
	asked := max(time.Until(r.host.closedUntil), 0)
	isLimited := r.host.pace > 0 || asked > 0
	if ctx.Err() == nil || errors.Is(ctx.Err(), context.DeadlineExceeded) && isLimited {
		return HeldBackError{(asked + time.Second - 1).Truncate(time.Second)}
	}
	return ctx.Err()
}

// Done notes what the request brought. It reports whether the host rejected it for too many requests while it served others: then it is
// only a matter of time.
func (r *Read) Done(result Result) (throttled bool) {
	<-r.limiter.slots
	defer r.passTurn()
	r.limiter.mu.Lock()
	defer r.limiter.mu.Unlock()
	rejected := r.host.note(r.url, r.sent, time.Now(), result)
	before := r.served
	r.served = r.host.served
	return rejected && r.served > before
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
