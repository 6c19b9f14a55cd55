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

// Some limits respond with 503, and so do outages and broken images. 503s cut the pace when they are most of the responses of a host that
// has served others, and no longer than that helps.
const (
	manyBusy  = 10          // 503s in excess that look like a limit
	perServed = 2           // 503s that a served response makes up for
	settle    = time.Second // after the cut, and before it is judged: most limits are of a second
	sample    = 30          // responses by which it is judged, again and again
	fewBusy   = 0.3         // a share of 503s in a sample that does not have to fall
	helps     = 0.75        // of the share before, when it falls
)

// host is what is known of a host and of the rate of requests that it accepts. There is no limit until it rejects a request for too many.
type host struct {
	turn chan struct{} // taken by the request that is next; until the host is proven, by the one under way

	proven    bool      // it accepted a request
	firstSent time.Time // the first request
	served    int       // responses other than rejections, ever

	closedUntil time.Time // as it asked
	pace        float64   // requests a second; 0 for no limit
	next        time.Time // when the pace allows the next request
	searching   bool      // the limit is not found yet
	cutAt       time.Time
	servedAtCut bool // whether a request was served at the pace of the last cut

	busyURL    string    // of the last 503
	busyExcess int       // 503s at the pace of the last cut, less those that served responses make up for
	busyCut    time.Time // when 503s cut the pace; zero if they have not
	busyFrom   int       // how many have to be served until 503s may cut the pace
	all, busy  int       // responses in the sample under way, and 503s of them
	before     float64   // the share of 503s in the sample before
}

// send notes that a request is sent, and returns for how long no other may be; or how long it has to wait.
func (h *host) send(now time.Time) (alone, wait time.Duration) {
	if wait = max(h.closedUntil.Sub(now), h.next.Sub(now)); wait > 0 {
		return 0, wait
	}
	if h.firstSent.IsZero() {
		h.firstSent = now
	}
	if h.pace > 0 {
		h.next = now.Add(h.interval())
	}
	if h.proven {
		return 0, 0
	}
	return h.firstSent.Add(aloneFor).Sub(now), 0
}

// note notes the result of a request for url. It reports whether the host rejected it because there are too many.
func (h *host) note(url string, sent, now time.Time, result Result) (rejected bool) {
	h.proven = h.proven || result.Proves
	atPace := sent.After(h.cutAt) // what was sent before the cut says nothing about the pace after it
	switch {
	case result.Refused:
		if until := now.Add(result.RetryAfter); result.RetryAfter > 0 && until.After(h.closedUntil) {
			h.closedUntil = until
		}
		if atPace {
			h.slowDown(now, !h.servedAtCut)
		}
		return true
	case result.Status == 0: // no response
		return false
	case result.Status == http.StatusServiceUnavailable:
		// An outage rejects everyone, and a broken image only those who ask for it.
		rejected = h.served > 0 && h.busyURL != "" && h.busyURL != url
		h.busyURL = url
		if atPace {
			h.busyExcess++
		}
		if h.busyCut.IsZero() && h.busyExcess >= manyBusy && h.served > h.busyFrom {
			h.busyCut, h.before, h.all, h.busy = now, 1, 0, 0
			h.slowDown(now, false)
		}
	default:
		h.served++
		h.grow()
		if !atPace {
			break
		}
		if h.busyExcess > 0 && !h.busyCut.IsZero() {
			h.slowDown(now, h.busyExcess > 1)
		}
		h.servedAtCut, h.busyExcess = true, max(h.busyExcess-perServed, 0)
	}
	if !h.busyCut.IsZero() && sent.Sub(h.busyCut) > settle {
		h.judge(result.Status == http.StatusServiceUnavailable)
	}
	return rejected
}

// judge takes a cut by 503s back if they do not become fewer.
func (h *host) judge(busy bool) {
	if busy {
		h.busy++
	}
	if h.all++; h.all < sample {
		return
	}
	share := float64(h.busy) / sample
	if share > fewBusy && share > helps*h.before {
		h.lift()
		h.busyFrom = h.served + sample
	}
	h.before, h.all, h.busy = share, 0, 0
}

func (h *host) grow() {
	if h.searching {
		h.pace *= searchGrowth
	} else {
		h.pace *= growth
	}
	if h.pace > maxPace {
		h.lift()
	}
}

// lift lets requests be sent at any rate.
func (h *host) lift() {
	h.pace, h.next, h.busyCut, h.busyExcess = 0, time.Time{}, time.Time{}, 0
}

func (h *host) slowDown(now time.Time, deep bool) {
	switch {
	case h.pace == 0:
		h.searching = true
		h.pace = max(startPace, float64(h.served)/max(1, now.Sub(h.firstSent).Seconds()))
	case deep:
		h.searching = true
		h.pace = max(h.pace*deepCut, minPace)
	default:
		h.searching = false
		h.pace = max(h.pace*cut, minPace)
	}
	h.cutAt, h.servedAtCut, h.busyExcess = now, false, 0
	h.next = now.Add(h.interval())
}

func (h *host) interval() time.Duration {
	return time.Duration(float64(time.Second) / h.pace)
}
