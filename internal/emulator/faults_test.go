// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// startFaulty starts an emulator that has the fault for every request, and returns a call to it.
func startFaulty(t *testing.T, fault emulator.Fault) call {
	t.Helper()
	return get(start(t, emulator.Options{Fault: &fault}) + membersPath(documentImage))
}

// Each status comes in the form that SCP uses for it.
func TestStatusFaults(t *testing.T) {
	for status, code := range map[int]string{
		400: "BadRequest", 404: "NotFound", 406: "NotAcceptable", 409: "Conflict", 429: "TooManyRequests",
		500: "ContactAdminForAssistance", 502: "ContactAdminForAssistance", 503: "ContactAdminForAssistance", 504: "ContactAdminForAssistance",
	} {
		t.Run(code, func(t *testing.T) {
			startFaulty(t, emulator.Fault{Status: status}).send(t).serviceError(t, status, code)
		})
	}
	t.Run("401", func(t *testing.T) {
		startFaulty(t, emulator.Fault{Status: 401}).send(t).gatewayUnauthorized(t, "HmacValidFail")
	})
	t.Run("403", func(t *testing.T) {
		e := startFaulty(t, emulator.Fault{Status: 403}).send(t).serviceError(t, http.StatusForbidden, "Forbidden")
		response, _ := e["response"].(map[string]any)
		hasKeys(t, "response", response, "access_level", "action_name", "caused_auths", "message")
		if response["action_name"] != "virtualserver:ListImageMembers" {
			t.Errorf("response is %v", response)
		}
	})
}

// The headers of a fault reach the client with whatever else the fault does.
func TestHeaderFault(t *testing.T) {
	body := "{}"
	for name, fault := range map[string]emulator.Fault{
		"alone":       {},
		"status":      {Status: http.StatusServiceUnavailable},
		"body":        {Body: &body},
		"gateway-404": {Kind: "gateway-404"},
		"html":        {Kind: "html"},
		"cut-off":     {Kind: "cut-off"},
		"endless":     {Kind: "endless"},
	} {
		t.Run(name, func(t *testing.T) {
			fault.Header = map[string]string{"Retry-After": "2", "X-Request-Id": "r"}
			response, err := plain.Do(startFaulty(t, fault).request(t))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			if h := response.Header; h.Get("Retry-After") != "2" || h.Get("X-Request-Id") != "r" {
				t.Errorf("the headers are %v", h)
			}
		})
	}
}

// A header that the emulator sends by itself gives way to the fault's: who writes it down means it.
func TestHeaderFaultBeatsTheUsual(t *testing.T) {
	body := "{}"
	for name, fault := range map[string]emulator.Fault{
		"alone": {}, "status": {Status: http.StatusBadGateway}, "body": {Body: &body}, "html": {Kind: "html"}, "gateway-404": {Kind: "gateway-404"},
	} {
		t.Run(name, func(t *testing.T) {
			fault.Header = map[string]string{"Content-Type": "text/plain", "Date": "yesterday"}
			got := startFaulty(t, fault).send(t)
			if got.header.Get("Content-Type") != "text/plain" || got.header.Get("Date") != "yesterday" {
				t.Errorf("the headers are %v", got.header)
			}
		})
	}
}

// A proxy's page can say that it is HTML over JSON, or say nothing; a cache's answer tells its age.
func TestHeaderFaultOverJSON(t *testing.T) {
	body := `{"members":[]}`
	for _, header := range []map[string]string{
		{"Content-Type": "text/html"}, {"Content-Type": ""}, {"content-type": ""}, {"Age": "4000", "Warning": `110 - "Response is Stale"`}, {"Date": ""},
	} {
		for _, fault := range []emulator.Fault{{Header: header}, {Header: header, Body: &body}, {Header: header, Kind: "trickle", Body: new("x")}} {
			got := startFaulty(t, fault).send(t)
			for name, want := range header {
				values := got.header.Values(name)
				if want == "" && len(values) != 0 || want != "" && !slices.Equal(values, []string{want}) {
					t.Errorf("%v is sent as %q", header, values)
				}
			}
			if got.status != http.StatusOK || fault.Body == nil && !strings.HasPrefix(got.body, `{"members":[{`) {
				t.Errorf("the answer is %d %s", got.status, got.body)
			}
		}
	}
}

// A body is sent byte for byte, with no line feed behind it and whether it is JSON or not.
func TestBodyFault(t *testing.T) {
	for _, body := range []string{"", "null", `{"members":null}`, `{"members":[`, "\xff\x00\r\n", strings.Repeat("x", 100_000)} {
		for _, status := range []int{0, http.StatusOK, http.StatusPartialContent, http.StatusNotFound, http.StatusServiceUnavailable} {
			got := startFaulty(t, emulator.Fault{Body: &body, Status: status}).send(t)
			if got.status != max(status, http.StatusOK) || got.body != body {
				t.Errorf("%d with %.20q is answered %d with %.20q", status, body, got.status, got.body)
			}
		}
	}
}

func TestGatewayNotFoundFault(t *testing.T) {
	startFaulty(t, emulator.Fault{Kind: "gateway-404"}).send(t).gatewayNotFound(t)
}

func TestHTMLFault(t *testing.T) {
	for status, want := range map[int]int{0: 200, 404: 404, 503: 503} {
		got := startFaulty(t, emulator.Fault{Kind: "html", Status: status}).send(t)
		if got.status != want || got.header.Get("Content-Type") != "text/html; charset=utf-8" ||
			!strings.HasPrefix(got.body, "<!DOCTYPE html>") || !strings.HasSuffix(got.body, "</html>\n") {
			t.Errorf("with status %d the answer is %d %v %q", status, got.status, got.header, got.body)
		}
	}
}

func TestResetFault(t *testing.T) {
	t.Run("TCP", func(t *testing.T) {
		response, err := plain.Do(startFaulty(t, emulator.Fault{Kind: "reset"}).request(t))
		if err == nil {
			_ = response.Body.Close()
			t.Fatalf("the answer is %s", response.Status)
		}
		if !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("the error is %v, want a reset", err)
		}
	})
	// A reset is one below TLS too: an orderly end would be another error to a client.
	t.Run("TLS", func(t *testing.T) {
		server := httptest.NewTLSServer(emulator.New(emulator.Default, emulator.Options{Fault: &emulator.Fault{Kind: "reset"}}))
		t.Cleanup(server.Close)
		response, err := server.Client().Do(get(server.URL + membersPath(documentImage)).request(t))
		if err == nil {
			_ = response.Body.Close()
			t.Fatalf("the answer is %s", response.Status)
		}
		if !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("the error is %v, want a reset", err)
		}
	})
	// HTTP/2 has no connection to get at: the stream ends abruptly, and the connection lives on.
	t.Run("HTTP/2", func(t *testing.T) {
		server := httptest.NewUnstartedServer(emulator.New(emulator.Default, emulator.Options{Fault: &emulator.Fault{Kind: "reset", First: 1}}))
		server.EnableHTTP2 = true
		server.StartTLS()
		t.Cleanup(server.Close)
		c := get(server.URL + membersPath(documentImage))
		response, err := server.Client().Do(c.request(t))
		if err == nil {
			_ = response.Body.Close()
			t.Fatalf("the answer is %s", response.Status)
		}
		if !strings.Contains(err.Error(), "stream error") {
			t.Errorf("the error is %v, want a stream error", err)
		}
		c.sendBy(t, server.Client()).object(t, http.StatusOK)
	})
}

// half reads an answer that must end before its time, and returns what came.
func half(t *testing.T, client *http.Client, c call) (status int, body string) {
	t.Helper()
	response, err := client.Do(c.request(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	got, err := io.ReadAll(response.Body)
	if err == nil {
		t.Errorf("the body is whole: %s", got)
	}
	return response.StatusCode, string(got)
}

func TestCutOffFault(t *testing.T) {
	whole := get(start(t, emulator.Options{}) + membersPath(documentImage)).send(t).body
	c := startFaulty(t, emulator.Fault{Kind: "cut-off"})
	if status, got := half(t, plain, c); status != http.StatusOK || got != whole[:len(whole)/2] {
		t.Errorf("the answer is %d %q, want half of %q", status, got, whole)
	}
	// The error has to be that of a body shorter than announced, which only Content-Length gives away.
	response, err := plain.Do(c.request(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.ContentLength != int64(len(whole)) {
		t.Errorf("the length is announced as %d, want %d", response.ContentLength, len(whole))
	}
	if _, err := io.ReadAll(response.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the error is %v, want an unexpected EOF", err)
	}
	if status, got := half(t, plain, startFaulty(t, emulator.Fault{Kind: "cut-off", Status: 503})); status != 503 || !strings.HasPrefix(got, `{"errors":[`) {
		t.Errorf("with a status the answer is %d %q", status, got)
	}
	server := httptest.NewUnstartedServer(emulator.New(emulator.Default, emulator.Options{Fault: &emulator.Fault{Kind: "cut-off"}}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	c.url = server.URL + membersPath(documentImage)
	if status, got := half(t, server.Client(), c); status != http.StatusOK || got != whole[:len(whole)/2] {
		t.Errorf("by HTTP/2 the answer is %d %q", status, got)
	}
}

// A fault's fields work together: it is the body of the fault that is cut off.
func TestCutOffFaultOfABody(t *testing.T) {
	body := "0123456789"
	if status, got := half(t, plain, startFaulty(t, emulator.Fault{Kind: "cut-off", Body: &body, Status: 206})); status != 206 || got != "01234" {
		t.Errorf("the answer is %d %q, want 206 with 01234", status, got)
	}
}

// The list is well formed as far as it goes and goes on past any limit; it ends when the client does.
func TestEndlessFault(t *testing.T) {
	ended := make(chan struct{})
	e := emulator.New(emulator.Default, emulator.Options{Fault: &emulator.Fault{Kind: "endless"}})
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		e.ServeHTTP(w, r)
	}))
	response, err := plain.Do(get(url + membersPath(documentImage)).request(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/json" || response.ContentLength != -1 {
		t.Errorf("the answer is %s %v", response.Status, response.Header)
	}
	const limit = 17 << 20 // more than a client may take
	start := make([]byte, 256)
	if _, err := io.ReadFull(response.Body, start); err != nil {
		t.Fatal(err)
	}
	const member = `{"member_id":"a8f10467abfc4b87b64614ab36eb9ae4","status":"accepted"},`
	if !strings.HasPrefix(string(start), `{"members":[`+member+member) {
		t.Errorf("the answer starts with %s", start)
	}
	if n, err := io.CopyN(io.Discard, response.Body, limit); err != nil {
		t.Errorf("it ends after %d bytes: %v", n, err)
	}
	_ = response.Body.Close()
	<-ended
}

// An error that does not end is a way to fill a client's memory too.
func TestEndlessFaultWithAStatus(t *testing.T) {
	response, err := plain.Do(startFaulty(t, emulator.Fault{Kind: "endless", Status: http.StatusBadGateway}).request(t))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusBadGateway {
		t.Errorf("the status is %s", response.Status)
	}
}

// patientWriter takes whatever it is given, as that of a HEAD request does, but not for ever. Its request ends early.
type patientWriter struct {
	*httptest.ResponseRecorder
	writes int
	cancel context.CancelFunc
}

func (w *patientWriter) Write(p []byte) (int, error) {
	switch w.writes++; w.writes {
	case 3:
		w.cancel()
	case 1000:
		return 0, errors.New("enough")
	}
	return len(p), nil
}

// A HEAD request's writer never fails: without a look at the context the handler would spin for ever.
func TestEndlessFaultEndsWithTheRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	request := get("http://127.0.0.1"+membersPath(documentImage)).requestWithin(ctx, t)
	request.RequestURI = request.URL.RequestURI()
	w := &patientWriter{httptest.NewRecorder(), 0, cancel}
	emulator.New(emulator.Default, emulator.Options{Fault: &emulator.Fault{Kind: "endless"}}).ServeHTTP(w, request)
	if w.writes > 10 {
		t.Errorf("there are %d writes, although the request ended at the third", w.writes)
	}
}
