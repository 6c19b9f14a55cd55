// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// DefaultMaxConcurrency is how many requests are under way at once if the configuration does not say.
const DefaultMaxConcurrency = 16

// heldBackError is why a read ends although its own requests did not take all of its time. asked is how much longer the server asked
// everyone to wait, or 0 if it is only this client's pace that is slow.
type heldBackError struct{ asked time.Duration }

func (e heldBackError) Error() string {
	if e.asked == 0 {
		return "too many requests were refused, and the time for this read was over before its turn came"
	}
	return fmt.Sprintf("the server asked for a pause of another %s before any request, longer than this read may take", e.asked)
}

// gate is what every request passes, whichever read it belongs to: it bounds how many are under way, and keeps to the pace of
// each host.
type gate struct {
	slots chan struct{}

	mu    sync.Mutex
	hosts map[string]*host
}

func newGate(size int) *gate {
	return &gate{slots: make(chan struct{}, size), hosts: map[string]*host{}}
}

// host returns what is known of the host with the given name.
func (g *gate) host(name string) *host {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.hosts[name] == nil {
		g.hosts[name] = newHost()
	}
	return g.hosts[name]
}

// enter waits until a request to host may be sent. The caller must call leave after it. The error is the context's, or a
// heldBackError if the context has ended, or will have, before the host takes the request.
func (g *gate) enter(ctx context.Context, host *host) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// One after the other, in the order in which they came.
	select {
	case host.turn <- struct{}{}:
		defer func() { <-host.turn }()
	case <-ctx.Done():
		return nil, ended(ctx, host)
	}
	for {
		// No slot is held while waiting for the host: requests to others need it.
		if wait := host.wait(time.Now()); wait > 0 {
			if !canWait(ctx, wait) {
				return nil, host.heldBack(time.Now())
			}
			if sleep(ctx, wait) != nil {
				return nil, ended(ctx, host)
			}
			continue
		}
		select {
		case g.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if now := time.Now(); host.wait(now) <= 0 {
			host.sent(now)
			return func() { <-g.slots }, nil
		}
		<-g.slots
	}
}

// ended is the reason for which ctx ended while a request waited for host.
func ended(ctx context.Context, host *host) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && host.limited(time.Now()) {
		return host.heldBack(time.Now())
	}
	return ctx.Err()
}
