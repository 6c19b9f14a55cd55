// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryAfterHeader(t *testing.T) {
	client := time.Date(2026, 10, 18, 12, 0, 0, 0, time.UTC)
	server := client.Add(-time.Hour) // slow by an hour
	const day = 24 * time.Hour
	for _, c := range []struct {
		header string
		server time.Time
		want   time.Duration
	}{
		{"", server, 0}, {"0", server, 0}, {"1", server, time.Second}, {"120", server, 2 * time.Minute}, {"86400", server, day},
		{"86401", server, day}, {"4294967295", server, day},
		// More than a number of seconds may be is still a number of seconds.
		{"4294967296", server, day}, {"99999999999999999999", server, day},
		{"-1", server, 0}, {"+1", server, 0}, {"1.5", server, 0}, {"1s", server, 0}, {"1 ", server, 0}, {"soon", server, 0}, {"0x10", server, 0},
		{"1_0", server, 0},
		// A date is held against the clock that it was written by.
		{"Sun, 18 Oct 2026 11:00:30 GMT", server, 30 * time.Second},
		{"Sunday, 18-Oct-26 11:00:30 GMT", server, 30 * time.Second},
		{"Sun Oct 18 11:00:30 2026", server, 30 * time.Second},
		{"Sun, 18 Oct 2026 12:00:30 GMT", time.Time{}, 30 * time.Second},
		{"Sun, 18 Oct 2026 11:00:00 GMT", server, 0},
		{"Sun, 18 Oct 2026 10:00:00 GMT", server, 0},
		{"Mon, 18 Oct 2027 10:00:00 GMT", server, day},
		{"Fri, 31 Dec 9999 23:59:59 GMT", server, day},
		{"2026-10-18T11:00:30Z", server, 0},
	} {
		if got := retryAfter(c.header, c.server, client); got != c.want {
			t.Errorf("%q, with the server's clock at %s, is %s, want %s", c.header, c.server, got, c.want)
		}
	}
}

func TestRetryAfterIsKeptTo(t *testing.T) {
	for _, c := range []struct {
		name    string
		headers []string
		min     time.Duration
		max     time.Duration
	}{
		{"none", nil, 250 * time.Millisecond, 750 * time.Millisecond},
		{"shorter than the back-off", []string{"Retry-After", "0"}, 250 * time.Millisecond, 750 * time.Millisecond},
		{"longer than the cap of the back-off", []string{"Retry-After", "3600"}, time.Hour, time.Hour},
		{"a date, with a slow server", []string{"Retry-After", "Fri, 01 Jan 1999 00:00:45 GMT", "Date", "Fri, 01 Jan 1999 00:00:00 GMT"},
			45 * time.Second, 45 * time.Second},
	} {
		bubble(t, c.name, func(t *testing.T) {
			s := script(answering(429, "", c.headers...), good)
			if _, err := read(t, retryingClient(s, 1)); err != nil {
				t.Fatal(err)
			}
			if wait := s.waits()[0]; wait < c.min || wait > c.max {
				t.Errorf("the wait is %s, want %s to %s", wait, c.min, c.max)
			}
		})
	}
}

func TestErrorHasRetryAfterAndClocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := script(answering(429, "", "Retry-After", "7", "Date", "Fri, 01 Jan 1999 00:00:00 GMT"))
		_, err := read(t, retryingClient(s, 0))
		if err == nil || err.RetryAfter != 7*time.Second || !err.ClientTime.Equal(time.Now()) ||
			!err.ServerTime.Equal(time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("the error is %+v", err)
		}
		_, err = read(t, retryingClient(script(answering(404, "", "Date", "yesterday")), 0))
		if err == nil || !err.ServerTime.IsZero() || err.RetryAfter != 0 {
			t.Errorf("the error is %+v", err)
		}
		_, err = read(t, retryingClient(script(answering(200, "null")), 0))
		if err == nil || !err.ClientTime.Equal(time.Now()) {
			t.Errorf("the error is %+v", err)
		}
	})
}

// A wait that cannot end in time is not begun.
func TestRetryAfterBeyondTheDeadline(t *testing.T) {
	for _, c := range []struct {
		after    string
		elapsed  time.Duration
		attempts int
	}{
		{"121", 0, 1}, {"86400", 0, 1}, {"99999999999", 0, 1}, {"119", 119 * time.Second, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx := within(t, 2*time.Minute)
			s := script(answering(429, "", "Retry-After", c.after), answering(400, ""))
			_, err := readWithin(t, ctx, retryingClient(s, 4))
			if err == nil || err.StatusCode == 0 || err.Attempts != c.attempts || err.Elapsed != c.elapsed {
				t.Errorf("Retry-After %s: the error is %+v", c.after, err)
			} else if c.attempts == 1 && (err.StatusCode != 429 || err.RetryAfter == 0) {
				t.Errorf("Retry-After %s: the error is %+v", c.after, err)
			}
		})
	}
}
