// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func dnsError(e net.DNSError) error { return &net.OpError{Op: "dial", Err: &e} }

func TestWhichFailuresAreRetried(t *testing.T) {
	for _, c := range []struct {
		name    string
		answer  roundTripper
		kind    Kind
		retried bool
	}{
		{"408", answering(408, ""), KindServerError, true},
		{"425", answering(425, ""), KindServerError, true},
		{"429", answering(429, ""), KindTooManyRequests, true},
		{"500", answering(500, ""), KindServerError, true},
		{"502", answering(502, ""), KindServerError, true},
		{"503", answering(503, ""), KindServerError, true},
		{"504", answering(504, ""), KindServerError, true},
		{"reset", failing(errors.New("read: connection reset by peer")), KindConnection, true},
		{"EOF", failing(io.EOF), KindConnection, true},
		{"cut-off body", cutOff, KindConnection, true},
		{"reset in the body", brokenBody(func(*http.Request) error { return errors.New("read: connection reset by peer") }),
			KindConnection, true},
		{"hang", hanging, KindRequestTimeout, true},
		{"SERVFAIL", failing(dnsError(net.DNSError{IsTemporary: true})), KindDNSTemporary, true},
		{"dropped DNS query", failing(dnsError(net.DNSError{IsTimeout: true})), KindDNSTemporary, true},
		{"connections that end at once", failing(errConnections), KindConnection, true},

		{"no such host", failing(dnsError(net.DNSError{IsNotFound: true})), KindDNS, false},
		{"407", answering(407, ""), KindProxyLogin, false},
		{"200 without a body", answering(200, ""), KindUnusable, false},
		{"200 from a cache", answering(200, documented, "Age", "60"), KindStale, false},
		{"200 that is not JSON", answering(200, "<html>"), KindUnusable, false},
		{"302", answering(302, "", "Location", "https://other.example"), KindRedirect, false},
		{"400", answering(400, ""), KindMalformed, false},
		{"401", answering(401, ""), KindUnauthorized, false},
		{"403", answering(403, ""), KindForbidden, false},
		{"404", answering(404, ""), KindEndpointNotFound, false},
		{"409", answering(409, ""), KindUnexpectedStatus, false},
		{"501", answering(501, ""), KindUnexpectedStatus, false},
		{"202 with Retry-After", answering(202, "", "Retry-After", "1"), KindUnexpectedStatus, false},
	} {
		bubble(t, c.name, func(t *testing.T) {
			// It stays: every attempt is used.
			s := script(c.answer)
			client := retryingClient(s, 3)
			start := time.Now()
			_, err := read(t, client)
			want := 1
			if c.retried {
				want = 4
			}
			if err == nil || err.Kind != c.kind || err.Attempts != want || len(s.sent) != want {
				t.Errorf("the error is %+v after %d requests, want kind %q after %d", err, len(s.sent), c.kind, want)
			} else if err.Elapsed != time.Since(start) || c.retried == (err.Elapsed == 0) {
				t.Errorf("it says that it took %s, and took %s", err.Elapsed, time.Since(start))
			}

			// It passes: the next attempt is taken, or none.
			s = script(c.answer, good)
			members, err := read(t, retryingClient(s, 3))
			if c.retried {
				if err != nil || len(members) != 1 || members[0].MemberID != "m" || len(s.sent) != 2 {
					t.Errorf("after one failure: got %v, %v after %d requests", members, err, len(s.sent))
				}
			} else if err == nil || err.Kind != c.kind || len(s.sent) != 1 {
				t.Errorf("after one failure: got %v, %v after %d requests", members, err, len(s.sent))
			}
		})
	}
}

func TestMaxRetries(t *testing.T) {
	for _, maxRetries := range []int{0, 1, 4, 10} {
		synctest.Test(t, func(t *testing.T) {
			s := script(answering(503, ""))
			_, err := read(t, retryingClient(s, maxRetries))
			if err == nil || err.Attempts != maxRetries+1 || len(s.sent) != maxRetries+1 {
				t.Errorf("max_retries %d: %d requests, and the error is %+v", maxRetries, len(s.sent), err)
			}
			// The one attempt too many would have been good.
			steps := slices.Repeat([]roundTripper{answering(503, "")}, maxRetries)
			s = script(append(steps, good)...)
			if members, err := read(t, retryingClient(s, maxRetries)); err != nil || len(members) != 1 {
				t.Errorf("max_retries %d: the last attempt is not taken: %v", maxRetries, err)
			}
		})
	}
}

// What the host answered before a read began does not make its rejections a matter of time.
func TestMaxRetriesAfterGoodResponses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := script(good, answering(429, ""))
		client := retryingClient(s, 2)
		_, _ = read(t, client)
		if _, err := read(t, client); err == nil || err.Attempts != 3 {
			t.Errorf("the error is %+v, want one after 3 attempts", err)
		}
	})
}

// The last failure is returned, not the first.
func TestLastFailureIsReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := script(failing(io.EOF), answering(503, serviceBody(`"first"`, "null"), "Retry-After", "1"),
			answering(500, serviceBody(`"last"`, "null")))
		_, err := read(t, retryingClient(s, 2))
		if err == nil || err.Kind != KindServerError || err.StatusCode != 500 || err.Detail != "last" || err.RetryAfter != 0 ||
			err.Attempts != 3 ||
			err.Reason != "" {
			t.Errorf("the error is %+v", err)
		}
	})
}

func TestEachAttemptIsSignedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := script(answering(503, "", "Retry-After", "2"), failing(io.EOF), good)
		if _, err := read(t, retryingClient(s, 2)); err != nil {
			t.Fatal(err)
		}
		for i, request := range s.sent {
			timestamp := strconv.FormatInt(s.start.Add(s.at[i]).UnixMilli(), 10)
			if got := request.Header.Values("Scp-Timestamp"); !slices.Equal(got, []string{timestamp}) {
				t.Errorf("attempt %d is of %v, want %s", i+1, got, timestamp)
			}
			want := vectorCredentials.signature("GET", request.URL.String(), timestamp)
			if got := request.Header.Values("Scp-Signature"); !slices.Equal(got, []string{want}) {
				t.Errorf("attempt %d has the signatures %v, want %s", i+1, got, want)
			}
		}
		if s.at[1] < 2*time.Second || s.at[2] == s.at[1] {
			t.Errorf("the attempts were at %v", s.at)
		}
	})
}

func TestBackOff(t *testing.T) {
	// The wait before attempt n+1, halved or increased by half by the jitter.
	middle := []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second,
		30 * time.Second, 30 * time.Second, 30 * time.Second, 30 * time.Second}
	seen := make([]map[time.Duration]bool, len(middle))
	for i := range seen {
		seen[i] = map[time.Duration]bool{}
	}
	for range 100 { // half of the long waits are cut to the same 30 s
		synctest.Test(t, func(t *testing.T) {
			s := script(answering(503, ""))
			_, _ = read(t, retryingClient(s, 10))
			for i, wait := range s.waits() {
				seen[i][wait] = true
				if wait < middle[i]/2 || wait > min(middle[i]*3/2, 30*time.Second) {
					t.Errorf("wait %d is %s, want %s to %s", i+1, wait, middle[i]/2, min(middle[i]*3/2, 30*time.Second))
				}
			}
		})
	}
	for i, waits := range seen {
		if len(waits) < 15 {
			t.Errorf("wait %d has %d values in 100 reads: there is no jitter", i+1, len(waits))
		}
	}
	// Each read begins with a short wait again.
	synctest.Test(t, func(t *testing.T) {
		s := script(answering(503, ""))
		client := retryingClient(s, 6)
		_, _ = read(t, client)
		_, _ = read(t, client)
		if wait := s.waits()[7]; wait > 750*time.Millisecond {
			t.Errorf("the second read's first wait is %s", wait)
		}
	})
}
