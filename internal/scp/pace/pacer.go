// SPDX-License-Identifier: MPL-2.0

package pace

import (
	"net/http"
	"sync"
	"time"
)

// How the pace of a host changes. It grows with each response and is cut by a rejection, as in TCP. Growth is by a part of the pace, so
// that it fits a limit of one request a second as well as one of hundreds.
const (
	growth       = 1.005 // by a response that is no rejection
	searchGrowth = 1.05  // the same, until the limit is found
	cut          = 0.9   // by a rejection
	deepCut      = 0.5   // by another, with no other response between them

	startPace = 8    // requests a second, at least, after the first rejection
	minPace   = 0.2  // requests a second
	maxPace   = 1000 // requests a second; above it there is no limit
)

// pacer tracks the request rate that a host accepts. There is no limit until it rejects a request for too many.
type pacer struct {
	turn   chan struct{} // taken by the request that is next
	alone  chan struct{} // taken by the request under way, until the host is proven
	proven chan struct{} // closed by the host's first good response

	mu     sync.Mutex
	closed time.Time // until when the host asked everyone to wait

	pace         float64 // requests a second; 0 for no limit
	searching    bool
	next         time.Time // when the next request may be sent
	cutAt        time.Time
	answeredSent bool // a request that was sent after the cut was answered

	answered     int       // responses other than rejections, ever
	firstAt      time.Time // when the first request was sent
	lastRejected string    // the URL of the last rejection
}

// wait returns how long the next request has to wait.
func (p *pacer) wait(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed.After(p.next) {
		return p.closed.Sub(now)
	}
	return p.next.Sub(now)
}

// heldBack returns why a read ends that cannot wait for the host.
func (p *pacer) heldBack(now time.Time) HeldBackError {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := max(p.closed.Sub(now), 0)
	return HeldBackError{(asked + time.Second - 1).Truncate(time.Second)}
}

// limited reports whether the host accepts no more requests than some number.
func (p *pacer) limited(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pace > 0 || p.closed.After(now)
}

// answers returns how many responses other than rejections the host has sent, to anybody.
func (p *pacer) answers() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answered
}

// aloneFor returns how much longer requests go one at a time.
func (p *pacer) aloneFor(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.firstAt.IsZero() {
		return aloneFor
	}
	return p.firstAt.Add(aloneFor).Sub(now)
}

// send notes that a request is sent.
func (p *pacer) send(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.firstAt.IsZero() {
		p.firstAt = now
	}
	if p.pace > 0 {
		p.next = now.Add(p.interval())
	}
}

// note notes the outcome of a request for url. It reports whether the host rejected it because there are too many.
func (p *pacer) note(url string, sent, now time.Time, o Outcome) (rejected bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o.Good {
		p.prove()
	}
	switch o.Status {
	case 0: // no response
	case http.StatusTooManyRequests:
		rejected = true
		if until := now.Add(o.RetryAfter); o.RetryAfter > 0 && until.After(p.closed) {
			p.closed = until
		}
	case http.StatusServiceUnavailable:
		// Some limits respond like this too. An outage rejects everyone, and a broken image only those who ask for it.
		rejected = p.answered > 0 && p.lastRejected != "" && p.lastRejected != url
		p.lastRejected = url
	default:
		p.answered++
		p.answeredSent = p.answeredSent || sent.After(p.cutAt)
		if p.searching {
			p.pace *= searchGrowth
		} else {
			p.pace *= growth
		}
		if p.pace > maxPace {
			p.pace, p.next = 0, time.Time{}
		}
	}
	// What was sent before the cut says nothing about the pace after it.
	if rejected && sent.After(p.cutAt) {
		p.slowDown(now)
	}
	return rejected
}

func (p *pacer) prove() {
	select {
	case <-p.proven:
	default:
		close(p.proven)
	}
}

func (p *pacer) slowDown(now time.Time) {
	switch {
	case p.pace == 0:
		p.searching = true
		p.pace = max(startPace, float64(p.answered)/max(1, now.Sub(p.firstAt).Seconds()))
	case p.answeredSent:
		p.searching = false
		p.pace = max(p.pace*cut, minPace)
	default:
		p.searching = true
		p.pace = max(p.pace*deepCut, minPace)
	}
	p.cutAt, p.answeredSent = now, false
	p.next = now.Add(p.interval())
}

func (p *pacer) interval() time.Duration {
	return time.Duration(float64(time.Second) / p.pace)
}
