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
	const defaultSkew = 15 * time.Minute // a sibling service documents it
	for _, test := range []struct{ clock, skew time.Duration }{
		{0, 0}, {0, time.Minute}, {-time.Hour, 0}, {time.Hour, 0}, {10 * time.Minute, 0}, {-time.Second, 0},
	} {
		skew := test.skew
		if skew == 0 {
			skew = defaultSkew
		}
		options := emulator.Options{Now: atNoon, Skew: test.skew}
		if test.clock != 0 {
			options.Fault = &emulator.Fault{Clock: emulator.Duration(test.clock)}
		}
		url := start(t, options)
		for off, want := range map[time.Duration]string{
			0: "200", -skew: "200", skew: "200", -skew - time.Millisecond: "401 TimestampValidFail",
			skew + time.Millisecond: "401 TimestampValidFail",
			-24 * time.Hour:         "401 TimestampValidFail", 24 * time.Hour: "401 TimestampValidFail",
		} {
			c := get(url + membersPath(documentImage))
			c.timestamp = milliseconds(noon.Add(test.clock + off))
			if date, want := c.gets(t, want).header.Get("Date"), noon.Add(test.clock).Format(http.TimeFormat); date != want {
				t.Errorf("clock %s, off by %s: Date is %q, want %q", test.clock, off, date, want)
			}
		}
	}
}
