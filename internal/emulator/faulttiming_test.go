// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// timedWriter records when each byte of a reply was flushed.
type timedWriter struct {
	*httptest.ResponseRecorder
	started time.Time
	flushed []time.Duration // when the n-th byte was
	begun   bool
}

func (w *timedWriter) WriteHeader(status int) {
	w.begun = true
	w.ResponseRecorder.WriteHeader(status)
}

func (w *timedWriter) Flush() {
	for len(w.flushed) < w.Body.Len() {
		w.flushed = append(w.flushed, time.Since(w.started))
	}
	w.ResponseRecorder.Flush()
}

// TestFaultsThatTakeTime runs in a bubble of time, where the clock is exact. A client that does not wait is not waited for, and gets
// nothing.
func TestFaultsThatTakeTime(t *testing.T) {
	whole := get(start(t, emulator.Options{}) + membersPath(documentImage)).send(t).body
	seconds := func(n int) (all []time.Duration) {
		for i := range n {
			all = append(all, time.Duration(i)*time.Second)
		}
		return all
	}
	latency := func(d time.Duration) emulator.Duration { return emulator.Duration(d) }
	for name, test := range map[string]struct {
		fault  emulator.Fault
		leaves time.Duration // the client, if it does
		status int           // 0: no reply
		takes  time.Duration
		body   string // its beginning; "" for any
		bytes  []time.Duration
	}{
		"latency":               {emulator.Fault{Latency: latency(7 * time.Second)}, 0, 200, 7 * time.Second, whole, nil},
		"latency with status":   {emulator.Fault{Latency: latency(time.Second), Status: 503}, 0, 503, time.Second, `{"errors":[`, nil},
		"latency with kind":     {emulator.Fault{Latency: latency(time.Second), Kind: "gateway-404"}, 0, 404, time.Second, "", nil},
		"latency with clock":    {emulator.Fault{Latency: latency(time.Second), Clock: latency(time.Hour)}, 0, 401, time.Second, "", nil},
		"latency over the skew": {emulator.Fault{Latency: latency(time.Hour)}, 0, 200, time.Hour, whole, nil}, // the time of arrival counts
		"latency, left":         {emulator.Fault{Latency: latency(time.Hour)}, time.Second, 0, time.Second, "", nil},
		"hang":                  {emulator.Fault{Kind: "hang", Status: 503}, 1000 * time.Hour, 0, 1000 * time.Hour, "", nil},
		"trickle":               {emulator.Fault{Kind: "trickle"}, 0, 200, time.Duration(len(whole)) * time.Second, whole, seconds(len(whole))},
		"trickle, left":         {emulator.Fault{Kind: "trickle"}, 2500 * time.Millisecond, 200, 2500 * time.Millisecond, whole[:3], seconds(3)},
		"trickle with status": {emulator.Fault{Kind: "trickle", Status: 502}, 10500 * time.Millisecond, 502, 10500 * time.Millisecond,
			`{"errors":[`, seconds(11)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.leaves > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.leaves)
					defer cancel()
				}
				w := &timedWriter{ResponseRecorder: httptest.NewRecorder(), started: time.Now()}
				emulator.New(emulator.Default, emulator.Options{Fault: &test.fault}).ServeHTTP(w,
					get("http://127.0.0.1"+membersPath(documentImage)).incoming(ctx, t))
				if took := time.Since(w.started); took != test.takes {
					t.Errorf("it took %s, want %s", took, test.takes)
				}
				if test.status == 0 && w.begun || test.status != 0 && w.Code != test.status || !strings.HasPrefix(w.Body.String(), test.body) {
					t.Errorf("the reply is %d %s, want %d %s", w.Code, w.Body, test.status, test.body)
				}
				if test.bytes != nil && !slices.Equal(w.flushed, test.bytes) {
					t.Errorf("the bytes came at %v, want %v", w.flushed, test.bytes)
				}
			})
		})
	}
}

// What has no end lets go when the client does. Writing the response to a HEAD request never fails, so the emulator has to look.
func TestFaultsEndWithTheClient(t *testing.T) {
	for method, kind := range map[string]string{http.MethodGet: "hang", http.MethodHead: "endless"} {
		released := make(chan struct{})
		e := emulator.New(emulator.Default, emulator.Options{Fault: &emulator.Fault{Kind: kind}})
		ctx, leave := context.WithCancel(t.Context())
		c := get(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer close(released)
			leave()
			e.ServeHTTP(w, r)
		})) + membersPath(documentImage))
		c.method = method
		response, err := plain.Do(c.request(ctx, t))
		if err == nil {
			_ = response.Body.Close()
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the error is %v", kind, err)
		}
		<-released
	}
}
