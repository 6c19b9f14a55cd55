package scp

import (
	"context"
	"errors"
	"sync"
	"time"
)

// DefaultMaxConcurrency is how many requests are under way at once if the configuration does not say.
const DefaultMaxConcurrency = 16

// errHeldBack is why a read ends before its time is over.
var errHeldBack = errors.New("the server asked all requests to wait for longer than this read may take")

// gate is what every request passes, whichever read it belongs to: it bounds how many are under way, and holds back those
// to a host that asked for less.
type gate struct {
	slots chan struct{}

	mu     sync.Mutex
	closed map[string]time.Time // by host, until when
}

func newGate(size int) *gate {
	return &gate{slots: make(chan struct{}, size), closed: map[string]time.Time{}}
}

// enter waits until a request to host may be sent. The caller must call leave after it. The error is the context's, or
// errHeldBack if the context will end before the host is open again.
func (g *gate) enter(ctx context.Context, host string) (leave func(), err error) {
	for {
		// No slot is held while waiting for the host: requests to others need it.
		if err := g.wait(ctx, host); err != nil {
			return nil, err
		}
		select {
		case g.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if g.closedFor(host) <= 0 {
			return func() { <-g.slots }, nil
		}
		<-g.slots
	}
}

func (g *gate) wait(ctx context.Context, host string) error {
	for {
		left := g.closedFor(host)
		if left <= 0 {
			return nil
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < left {
			return errHeldBack
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// close holds back requests to host for the given time, or for what is left of a longer one.
func (g *gate) close(host string, duration time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(duration); duration > 0 && until.After(g.closed[host]) {
		g.closed[host] = until
	}
}

func (g *gate) closedFor(host string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	until, ok := g.closed[host]
	if !ok {
		return 0
	}
	return time.Until(until)
}
