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
	busyWeight   = 0.125       // of the last response in the share of 503s
	mostlyBusy   = 0.65        // a share that looks like a limit
	busyUnderWay = 0.7         // the same for what was under way at the cut
	fewUnderWay  = 10          // requests that say little
	settle       = time.Second // after the cut: most limits are of a second
	sample       = 30          // responses after that
	fewBusy      = 0.3         // a share that does not have to fall
	helps        = 0.75        // of the share before, when it falls
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

	busyURL   string    // of the last 503
	busyShare float64   // of 503s, in the last responses above all
	busyFrom  int       // how many have to be served until 503s may cut the pace
	busyCut   time.Time // when they cut it; zero if they have not
	busyAtCut int       // 503s at the pace of the last cut, without another response
	judged    bool      // the cut has helped once
	before    share     // of 503s, in the responses to what was under way, or in the last sample
	after     share     // of 503s, in the next sample
}

// share is how many of all responses are 503s.
type share struct{ busy, all int }

func (s *share) add(busy bool) {
	if s.all++; busy {
		s.busy++
	}
}

func (s share) of() float64 { return float64(s.busy) / max(float64(s.all), 1) }

// delay returns how long the next request has to wait.
func (h *host) delay(now time.Time) time.Duration {
	return max(h.closedUntil.Sub(now), h.next.Sub(now))
}

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
		h.noteBusy(atPace, now)
	default:
		h.served++
		h.busyShare -= h.busyShare * busyWeight
		h.grow()
		if atPace && h.busyAtCut > 0 {
			h.slowDown(now, h.busyAtCut > 1)
		}
		h.servedAtCut = h.servedAtCut || atPace
	}
	if !h.busyCut.IsZero() {
		h.judge(sent, result.Status == http.StatusServiceUnavailable)
	}
	return rejected
}

// noteBusy notes a 503.
func (h *host) noteBusy(atPace bool, now time.Time) {
	h.busyShare += (1 - h.busyShare) * busyWeight
	switch {
	case h.busyCut.IsZero():
		if h.busyShare > mostlyBusy && h.served > h.busyFrom {
			h.busyCut, h.judged, h.before, h.after = now, false, share{}, share{}
			h.slowDown(now, false)
		}
	case atPace && h.servedAtCut:
		h.slowDown(now, false)
	case atPace:
		h.busyAtCut++
	}
}

// judge takes a cut by 503s back unless they are most of the responses to what was under way, and again and again fewer of what follows.
func (h *host) judge(sent time.Time, busy bool) {
	since := sent.Sub(h.busyCut)
	switch {
	case since <= 0:
		h.before.add(busy)
		return
	case since > settle:
		h.after.add(busy)
	}
	isLimit := h.before.all < fewUnderWay || h.before.of() > busyUnderWay || h.judged
	switch {
	case !isLimit, h.after.all >= sample && h.after.of() > fewBusy && h.after.of() > helps*h.before.of():
		h.lift()
		h.busyFrom, h.busyShare = h.served+sample, 0
	case h.after.all >= sample:
		h.judged, h.before, h.after = true, h.after, share{}
	}
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
	h.pace, h.next, h.busyCut, h.busyAtCut = 0, time.Time{}, time.Time{}, 0
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
	h.cutAt, h.servedAtCut, h.busyAtCut = now, false, 0
	h.next = now.Add(h.interval())
}

func (h *host) interval() time.Duration {
	return time.Duration(float64(time.Second) / h.pace)
}
