// SPDX-License-Identifier: MPL-2.0

package pace

import (
	"net/http"
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

// host is what is known of a host and of the rate of requests that it accepts. There is no limit until it rejects a request for too many.
type host struct {
	turn chan struct{} // taken by the request that is next; until the host is proven, by the one under way

	proven       bool      // it accepted a request
	firstSent    time.Time // the first request
	served       int       // responses other than rejections, ever
	lastRejected string    // the URL of the last 503

	closedUntil time.Time // as it asked
	pace        float64   // requests a second; 0 for no limit
	next        time.Time // when the pace allows the next request
	searching   bool      // the limit is not found yet
	cutAt       time.Time
	servedAtCut bool // whether a request was served at the pace of the last cut
}

// delay returns how long the next request has to wait.
func (h *host) delay(now time.Time) time.Duration {
	return max(h.closedUntil.Sub(now), h.next.Sub(now))
}

// heldBack returns why a read ends that cannot wait for the host.
func (h *host) heldBack(now time.Time) HeldBackError {
	return HeldBackError{(max(h.closedUntil.Sub(now), 0) + time.Second - 1).Truncate(time.Second)}
}

// limited reports whether the host accepts no more requests than some number.
func (h *host) limited(now time.Time) bool { return h.pace > 0 || h.closedUntil.After(now) }

// send notes that a request is sent. It returns for how long no other may be.
func (h *host) send(now time.Time) (alone time.Duration) {
	if h.firstSent.IsZero() {
		h.firstSent = now
	}
	if h.pace > 0 {
		h.next = now.Add(h.interval())
	}
	if h.proven {
		return 0
	}
	return h.firstSent.Add(aloneFor).Sub(now)
}

// note notes the result of a request for url. It reports whether the host rejected it because there are too many.
func (h *host) note(url string, sent, now time.Time, result Result) (rejected bool) {
	h.proven = h.proven || result.Proves
	switch result.Status {
	case 0: // no response
	case http.StatusTooManyRequests:
		rejected = true
		if until := now.Add(result.RetryAfter); result.RetryAfter > 0 && until.After(h.closedUntil) {
			h.closedUntil = until
		}
	case http.StatusServiceUnavailable:
		// Some limits respond like this too. An outage rejects everyone, and a broken image only those who ask for it.
		rejected = h.served > 0 && h.lastRejected != "" && h.lastRejected != url
		h.lastRejected = url
	default:
		h.served++
		h.servedAtCut = h.servedAtCut || sent.After(h.cutAt)
		if h.searching {
			h.pace *= searchGrowth
		} else {
			h.pace *= growth
		}
		if h.pace > maxPace {
			h.pace, h.next = 0, time.Time{}
		}
	}
	// What was sent before the cut says nothing about the pace after it.
	if rejected && sent.After(h.cutAt) {
		h.slowDown(now)
	}
	return rejected
}

func (h *host) slowDown(now time.Time) {
	switch {
	case h.pace == 0:
		h.searching = true
		h.pace = max(startPace, float64(h.served)/max(1, now.Sub(h.firstSent).Seconds()))
	case h.servedAtCut:
		h.searching = false
		h.pace = max(h.pace*cut, minPace)
	default:
		h.searching = true
		h.pace = max(h.pace*deepCut, minPace)
	}
	h.cutAt, h.servedAtCut = now, false
	h.next = now.Add(h.interval())
}

func (h *host) interval() time.Duration {
	return time.Duration(float64(time.Second) / h.pace)
}
