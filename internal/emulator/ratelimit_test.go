// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// TestRateLimit sends requests at times in a bubble, where the clock is exact. The server's clock stands still.
func TestRateLimit(t *testing.T) {
	for name, test := range map[string]struct {
		options emulator.Options
		at      []int // ms
		want    []int
	}{
		"no limit":    {emulator.Options{}, []int{0, 0, 0, 0}, []int{200, 200, 200, 200}},
		"on time":     {emulator.Options{RateLimit: 10}, []int{0, 100, 200, 300}, []int{200, 200, 200, 200}},
		"too soon":    {emulator.Options{RateLimit: 10}, []int{0, 99, 100, 199, 200}, []int{200, 429, 200, 429, 200}},
		"at once":     {emulator.Options{RateLimit: 10}, []int{0, 0, 0, 100, 100}, []int{200, 429, 429, 200, 429}},
		"no credit":   {emulator.Options{RateLimit: 10}, []int{0, 1000, 1000, 1050, 1100}, []int{200, 200, 429, 429, 200}},
		"less than 1": {emulator.Options{RateLimit: 0.5}, []int{0, 1000, 1999, 2000}, []int{200, 429, 429, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test.options.Now = atNoon
				e := emulator.New(emulator.Default, test.options)
				started := time.Now()
				var got []int
				for _, at := range test.at {
					time.Sleep(time.Duration(at)*time.Millisecond - time.Since(started))
					c := get("http://127.0.0.1" + membersPath(documentImage))
					c.timestamp = milliseconds(noon)
					request := c.request(t)
					request.RequestURI = request.URL.RequestURI()
					w := httptest.NewRecorder()
					e.ServeHTTP(w, request)
					got = append(got, w.Code)
					if w.Code == http.StatusOK {
						continue
					}
					reply{w.Code, w.Header(), w.Body.String()}.serviceError(t, http.StatusTooManyRequests, "TooManyRequests")
					if h := w.Header(); h.Get("Retry-After") != "" || h.Get("Date") != noon.Format(http.TimeFormat) {
						t.Errorf("the headers of a refusal are %v", h)
					}
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("the statuses are %v, want %v", got, test.want)
				}
				if n := len(e.Requests()); n != len(got) {
					t.Errorf("%d requests are recorded, want %d", n, len(got))
				}
			})
		})
	}
}

// A request that the limit refuses is none that a fault is counted by.
func TestRateLimitComesBeforeFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.Default, emulator.Options{RateLimit: 1, Fault: &emulator.Fault{Status: 502, First: 2}})
		var got []int
		for range 5 {
			request := get("http://127.0.0.1" + membersPath(documentImage)).request(t)
			request.RequestURI = request.URL.RequestURI()
			w := httptest.NewRecorder()
			e.ServeHTTP(w, request)
			got = append(got, w.Code)
			time.Sleep(500 * time.Millisecond)
		}
		if want := []int{502, 429, 502, 429, 200}; !slices.Equal(got, want) {
			t.Errorf("the statuses are %v, want %v", got, want)
		}
	})
}
