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

// A request is good up to the skew, to the millisecond, on both sides of the server's clock. A fault's clock is the server's: Date
// has it, and the timestamps are compared with it.
func TestClockAndSkew(t *testing.T) {
	const skew = 15 * time.Minute // a sibling service documents it
	for _, clock := range []time.Duration{0, -time.Hour, 10 * time.Minute, -time.Second} {
		fault := &emulator.Fault{Clock: emulator.Duration(clock)}
		if clock == 0 {
			fault = nil
		}
		url := start(t, emulator.Options{Now: atNoon, Fault: fault})
		for off, want := range map[time.Duration]string{
			0: "200", -skew: "200", skew: "200", -skew - time.Millisecond: "401 TimestampValidFail",
			skew + time.Millisecond: "401 TimestampValidFail",
			-24 * time.Hour:         "401 TimestampValidFail", 24 * time.Hour: "401 TimestampValidFail",
		} {
			c := get(url + membersPath(documentImage))
			c.timestamp = milliseconds(noon.Add(clock + off))
			if date, want := c.gets(t, want).header.Get("Date"), noon.Add(clock).Format(http.TimeFormat); date != want {
				t.Errorf("clock %s, off by %s: Date is %q, want %q", clock, off, date, want)
			}
		}
	}
}
