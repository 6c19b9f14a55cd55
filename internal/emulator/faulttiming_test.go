// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// timedWriter notes when each byte of an answer was flushed.
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

func (w *timedWriter) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseRecorder.Write(p)
}

func (w *timedWriter) Flush() {
	for len(w.flushed) < w.Body.Len() {
		w.flushed = append(w.flushed, time.Since(w.started))
	}
	w.ResponseRecorder.Flush()
}

// play has the handler answer one request in this bubble of time, where the clock jumps. It returns the answer and how
// long it took.
func play(ctx context.Context, t *testing.T, fault emulator.Fault) (*timedWriter, time.Duration) {
	t.Helper()
	request := get("http://127.0.0.1"+membersPath(documentImage)).requestWithin(ctx, t)
	request.RequestURI = request.URL.RequestURI()
	w := &timedWriter{ResponseRecorder: httptest.NewRecorder(), started: time.Now()}
	emulator.New(emulator.Default, emulator.Options{Fault: &fault}).ServeHTTP(w, request)
	return w, time.Since(w.started)
}

// untouched fails t if anything was sent.
func (w *timedWriter) untouched(t *testing.T) {
	t.Helper()
	if w.begun {
		t.Errorf("an answer has begun: %d %v %q", w.Code, w.Header(), w.Body)
	}
}

func TestLatencyFault(t *testing.T) {
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  int
	}{
		"alone":           {emulator.Fault{}, http.StatusOK},
		"with a status":   {emulator.Fault{Status: http.StatusServiceUnavailable}, http.StatusServiceUnavailable},
		"with a kind":     {emulator.Fault{Kind: "gateway-404"}, http.StatusNotFound},
		"with a clock":    {emulator.Fault{Clock: emulator.Duration(time.Hour)}, http.StatusUnauthorized},
		"beyond the skew": {emulator.Fault{}, http.StatusOK}, // the time of arrival counts
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				latency := 7 * time.Second
				if name == "beyond the skew" {
					latency = time.Hour
				}
				test.fault.Latency = emulator.Duration(latency)
				if w, took := play(t.Context(), t, test.fault); took != latency || w.Code != test.want {
					t.Errorf("the answer is %d after %s, want %d after %s", w.Code, took, test.want, latency)
				}
			})
		})
	}
}

// A client that does not wait is not waited for, nor answered.
func TestLatencyFaultEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		w, took := play(ctx, t, emulator.Fault{Latency: emulator.Duration(time.Hour)})
		if took != time.Second {
			t.Errorf("it took %s", took)
		}
		w.untouched(t)
	})
}

func TestHangFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1000*time.Hour)
		defer cancel()
		w, took := play(ctx, t, emulator.Fault{Kind: "hang", Status: http.StatusServiceUnavailable})
		if took != 1000*time.Hour {
			t.Errorf("it hung for %s", took)
		}
		w.untouched(t)
	})
}

// Over a connection a client sees no byte of an answer, and the emulator lets go when the client does.
func TestHangFaultOverAConnection(t *testing.T) {
	released := make(chan struct{})
	e := emulator.New(emulator.Default, emulator.Options{Fault: &emulator.Fault{Kind: "hang"}})
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(released)
		e.ServeHTTP(w, r)
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	response, err := plain.Do(get(url+membersPath(documentImage)).requestWithin(ctx, t))
	if err == nil {
		_ = response.Body.Close()
		t.Fatalf("the answer is %s", response.Status)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v", err)
	}
	<-released
}

func TestTrickleFault(t *testing.T) {
	whole := get(start(t, emulator.Options{}) + membersPath(documentImage)).send(t).body
	synctest.Test(t, func(t *testing.T) {
		w, _ := play(t.Context(), t, emulator.Fault{Kind: "trickle"})
		if w.Code != http.StatusOK || w.Body.String() != whole {
			t.Errorf("the answer is %d %s, want %s", w.Code, w.Body, whole)
		}
		if len(w.flushed) != len(whole) {
			t.Fatalf("%d bytes are flushed, want %d", len(w.flushed), len(whole))
		}
		for i, at := range w.flushed {
			if want := time.Duration(i) * time.Second; at != want {
				t.Fatalf("byte %d comes after %s, want %s", i, at, want)
			}
		}
	})
}

func TestTrickleFaultWithAStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := play(t.Context(), t, emulator.Fault{Kind: "trickle", Status: http.StatusBadGateway, Header: map[string]string{"Retry-After": "2"}})
		if w.Code != http.StatusBadGateway || !strings.HasPrefix(w.Body.String(), `{"errors":[`) || w.Header().Get("Retry-After") != "2" {
			t.Errorf("the answer is %d %v %s", w.Code, w.Header(), w.Body)
		}
	})
}

func TestTrickleFaultEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		if w, took := play(ctx, t, emulator.Fault{Kind: "trickle"}); took != 2500*time.Millisecond || w.Body.Len() != 3 {
			t.Errorf("%d bytes came in %s, want 3 in 2.5s", w.Body.Len(), took)
		}
	})
}
