// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// noon is the server's time in the tests that need to know it.
var noon = time.Date(2026, 10, 18, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// A request is good up to the skew, to the millisecond, and on both sides.
func TestSkew(t *testing.T) {
	for name, options := range map[string]emulator.Options{
		"default":    {Now: atNoon},
		"one minute": {Now: atNoon, Skew: time.Minute},
	} {
		url := start(t, options)
		skew := 15 * time.Minute // the default, which a sibling service documents
		if options.Skew != 0 {
			skew = options.Skew
		}
		for what, test := range map[string]struct {
			off  time.Duration
			good bool
		}{
			"on time":      {0, true},
			"oldest":       {-skew, true},
			"stale":        {-skew - time.Millisecond, false},
			"farthest":     {skew, true},
			"future":       {skew + time.Millisecond, false},
			"a day late":   {-24 * time.Hour, false},
			"a day early":  {24 * time.Hour, false},
			"stale by 1 h": {-skew - time.Hour, false},
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				c := get(url + membersPath(documentImage))
				c.timestamp = milliseconds(noon.Add(test.off))
				if test.good {
					c.send(t).object(t, http.StatusOK)
				} else {
					c.send(t).gatewayUnauthorized(t, "TimestampValidFail")
				}
			})
		}
	}
}

// A server whose clock is off says so in Date, and judges the timestamps by it.
func TestClockFault(t *testing.T) {
	for _, clock := range []time.Duration{-time.Hour, time.Hour, 10 * time.Minute, -time.Second} {
		t.Run(clock.String(), func(t *testing.T) {
			url := start(t, emulator.Options{Now: atNoon, Fault: &emulator.Fault{Clock: emulator.Duration(clock)}})
			for _, off := range []time.Duration{0, clock, clock + 15*time.Minute, clock - 15*time.Minute, clock + 15*time.Minute + time.Millisecond, clock - 15*time.Minute - time.Millisecond} {
				c := get(url + membersPath(documentImage))
				c.timestamp = milliseconds(noon.Add(off))
				got := c.send(t)
				if (off - clock).Abs() <= 15*time.Minute {
					got.object(t, http.StatusOK)
				} else {
					got.gatewayUnauthorized(t, "TimestampValidFail")
				}
				if date, want := got.header.Get("Date"), noon.Add(clock).Format(http.TimeFormat); date != want {
					t.Errorf("with a timestamp off by %s Date is %q, want %q", off, date, want)
				}
			}
		})
	}
}

// Every answer comes from the same clock, the refusals too.
func TestDateIsTheServers(t *testing.T) {
	url := start(t, emulator.Options{Now: atNoon})
	onTime := func(path string) call {
		c := get(url + path)
		c.timestamp = milliseconds(noon)
		return c
	}
	for name, c := range map[string]call{
		"members":   onTime(membersPath(documentImage)),
		"no image":  onTime(membersPath("unknown")),
		"no path":   onTime("/nowhere"),
		"versions":  onTime("/"),
		"too late":  get(url + membersPath(documentImage)),
		"no header": {method: http.MethodGet, url: url + membersPath(documentImage), edit: unsigned},
	} {
		if got, want := c.send(t).header.Get("Date"), noon.Format(http.TimeFormat); got != want {
			t.Errorf("%s: Date is %q, want %q", name, got, want)
		}
	}
}

// The clock works together with what else is wrong, whatever that is.
func TestDateOfSpoiltAnswers(t *testing.T) {
	body := `{"members":[]}`
	for name, fault := range map[string]emulator.Fault{
		"status":      {Status: http.StatusServiceUnavailable},
		"gateway-404": {Kind: "gateway-404"},
		"html":        {Kind: "html"},
		"body":        {Body: &body},
		"cut-off":     {Kind: "cut-off"},
		"endless":     {Kind: "endless"},
	} {
		t.Run(name, func(t *testing.T) {
			fault.Clock = emulator.Duration(-time.Hour)
			c := get(start(t, emulator.Options{Now: atNoon, Fault: &fault}) + membersPath(documentImage))
			c.timestamp = milliseconds(noon)
			response, err := plain.Do(c.request(t))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			if got, want := response.Header.Get("Date"), noon.Add(-time.Hour).Format(http.TimeFormat); got != want {
				t.Errorf("Date is %q, want %q", got, want)
			}
		})
	}
}
