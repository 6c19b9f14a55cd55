// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"math"
	"net/http"
	"sync"
	"time"
)

// What the pace of a host is changed by. Like TCP's it grows until a refusal and is cut then; unlike TCP's it grows by a part of itself,
// so that it fits a limit of one request a second as well as one of hundreds.
const (
	searchGrowth = 4.0  // in a second, until the limit is found
	growth       = 1.04 // in a second, about the limit
	cut          = 0.9  // by a refusal
	deepCut      = 0.5  // by another, with no good answer between them

	startPace = 8    // requests a second, at least, after the first refusal
	minPace   = 0.2  // requests a second
	maxPace   = 1000 // requests a second; above it there is none

	searchAgain = 10 * time.Second // without a refusal: the limit may be gone
)

// host is how fast a host takes requests, as far as it has shown. A host that has refused none takes them as they come.
type host struct {
	turn chan struct{} // held by the request that is next

	mu     sync.Mutex
	closed time.Time // until when the host asked everyone to wait

	pace      float64 // requests a second; 0 for no limit
	searching bool
	cutAt     time.Time
	goodSince bool // a request that was sent after the cut had a good answer
	grownAt   time.Time
	next      time.Time // when the next request may be sent

	good        int    // answers other than refusals, ever
	lastRefused string // the URL of the last refusal

	second     time.Time // the begin of the second in which good answers are counted
	goodNow    int       // in it
	goodBefore int       // in the one before
}

func newHost() *host { return &host{turn: make(chan struct{}, 1)} }

// wait is how long the next request has to wait.
func (h *host) wait(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed.After(h.next) {
		return h.closed.Sub(now)
	}
	return h.next.Sub(now)
}

// heldBack is why a read ends that cannot wait for the host, in whole seconds.
func (h *host) heldBack(now time.Time) heldBackError {
	h.mu.Lock()
	defer h.mu.Unlock()
	asked := max(h.closed.Sub(now), 0)
	return heldBackError{(asked + time.Second - 1).Truncate(time.Second)}
}

// limited reports whether the host has shown that it takes no more requests than so many.
func (h *host) limited(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pace > 0 || h.closed.After(now)
}

// goodAnswers is how many answers other than refusals the host has given, to anybody.
func (h *host) goodAnswers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.good
}

// sent notes that a request is sent.
func (h *host) sent(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pace == 0 {
		return
	}
	if now.Sub(h.cutAt) > searchAgain {
		h.searching = true
	}
	by := growth
	if h.searching {
		by = searchGrowth
	}
	// A time in which nothing was sent has shown nothing.
	h.pace *= math.Pow(by, min(now.Sub(h.grownAt), time.Second).Seconds())
	h.grownAt = now
	if h.pace > maxPace {
		h.pace, h.next = 0, time.Time{}
		return
	}
	h.next = now.Add(time.Duration(float64(time.Second) / h.pace))
}

// answered notes the answer to a request for url that was sent at a time. It reports whether the answer refuses it because there are too
// many, and how many good answers the host has given to anybody.
func (h *host) answered(url string, status int, sent, now time.Time, retryAfter time.Duration) (tooMany bool, good int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch status {
	case 0: // none came
	case http.StatusTooManyRequests:
		tooMany = true
		if until := now.Add(retryAfter); retryAfter > 0 && until.After(h.closed) {
			h.closed = until
		}
	case http.StatusServiceUnavailable:
		// Some limits answer so too. An outage refuses everyone, and one broken image only those who ask for it.
		tooMany = h.good > 0 && h.lastRefused != "" && h.lastRefused != url
		h.lastRefused = url
	default:
		h.good++
		h.goodSince = h.goodSince || sent.After(h.cutAt)
		h.countGood(now)
	}
	if tooMany && sent.After(h.cutAt) {
		h.slowDown(now)
	}
	return tooMany, h.good
}

func (h *host) countGood(now time.Time) {
	if passed := now.Sub(h.second); passed >= time.Second {
		h.goodBefore = h.goodNow
		if passed >= 2*time.Second {
			h.goodBefore = 0
		}
		h.second, h.goodNow = now, 0
	}
	h.goodNow++
}

func (h *host) slowDown(now time.Time) {
	switch {
	case h.pace == 0:
		h.pace, h.searching = max(float64(max(h.goodNow, h.goodBefore)), startPace), true
	case !h.goodSince:
		h.pace, h.searching = max(h.pace*deepCut, minPace), true
	default:
		h.pace, h.searching = max(h.pace*cut, minPace), false
	}
	h.cutAt, h.grownAt, h.goodSince = now, now, false
	h.next = now.Add(time.Duration(float64(time.Second) / h.pace))
}
