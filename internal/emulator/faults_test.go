// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// startFaulty starts an emulator that has the fault for every request, and returns a call to it.
func startFaulty(t *testing.T, fault emulator.Fault) call {
	t.Helper()
	return get(start(t, emulator.Options{Fault: &fault}) + membersPath(documentImage))
}

// Each status comes in the form that SCP uses for it, and a 403 names the operation's permission.
func TestStatusFaults(t *testing.T) {
	for status, want := range map[int]string{
		400: "400 BadRequest", 401: "401 HmacValidFail", 404: "404 NotFound", 406: "406 NotAcceptable", 409: "409 Conflict",
		429: "429 TooManyRequests",
		500: "500 ContactAdminForAssistance", 502: "502 ContactAdminForAssistance", 503: "503 ContactAdminForAssistance",
		504: "504 ContactAdminForAssistance",
	} {
		startFaulty(t, emulator.Fault{Status: status}).gets(t, want)
	}
	url := start(t, emulator.Options{Fault: &emulator.Fault{Status: http.StatusForbidden}})
	for path, want := range map[string]string{
		"/v1/images": "virtualserver:ListImages", "/v1/pending-images": "virtualserver:ListPendingImages",
		membersPath("x"): "virtualserver:ListImageMembers",
	} {
		response, _ := get(url+path).gets(t, "403 Forbidden").serviceError(t)["response"].(map[string]any)
		if response["action_name"] != want {
			t.Errorf("%s needs %v, want %s", path, response["action_name"], want)
		}
	}
}

// The headers of a fault come with whatever else it does, and replace the usual ones; an empty text removes one.
func TestHeaderFaults(t *testing.T) {
	body := `{"members":[]}`
	for _, header := range []map[string]string{
		{"Retry-After": "2", "X-Request-Id": "r"}, {"Content-Type": "text/plain", "Date": "yesterday"}, {"Content-Type": ""},
		{"content-type": ""},
		{"Age": "4000", "Warning": `110 - "Response is Stale"`}, {"Date": ""},
	} {
		for _, fault := range []emulator.Fault{
			{}, {Status: http.StatusServiceUnavailable}, {Body: &body}, {Kind: "gateway-404"}, {Kind: "html"}, {Kind: "cut-off"}, {Kind: "endless"},
			{Kind: "trickle", Body: new("x")},
		} {
			fault.Header = header
			response, err := plain.Do(startFaulty(t, fault).request(t.Context(), t))
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			for name, want := range header {
				values := response.Header.Values(name)
				if want == "" && len(values) != 0 || want != "" && !slices.Equal(values, []string{want}) {
					t.Errorf("with %v %s is %q", fault, name, values)
				}
			}
		}
	}
}

// A body is sent byte for byte, with no line feed behind it and whether it is JSON or not.
func TestBodyFaults(t *testing.T) {
	for _, body := range []string{"", "null", `{"members":null}`, `{"members":[`, "\xff\x00\r\n", strings.Repeat("x", 100_000)} {
		for _, status := range []int{0, http.StatusOK, http.StatusPartialContent, http.StatusNotFound, http.StatusServiceUnavailable} {
			got := startFaulty(t, emulator.Fault{Body: &body, Status: status}).send(t)
			if got.status != max(status, http.StatusOK) || got.body != body {
				t.Errorf("for %d with %.20q the reply is %d with %.20q", status, body, got.status, got.body)
			}
		}
	}
	for status, want := range map[int]int{0: 200, 404: 404, 503: 503} {
		got := startFaulty(t, emulator.Fault{Kind: "html", Status: status}).send(t)
		if got.status != want || got.header.Get("Content-Type") != "text/html; charset=utf-8" ||
			!strings.HasPrefix(got.body, "<!DOCTYPE html>") || !strings.HasSuffix(got.body, "</html>\n") {
			t.Errorf("with status %d the reply is %d %v %q", status, got.status, got.header, got.body)
		}
	}
	startFaulty(t, emulator.Fault{Kind: "gateway-404"}).gets(t, "404 gateway")
}

// Faults of the connection, over each kind of it. HTTP/2 has no connection to reset: the stream ends, and the next call is fine.
func TestConnectionFaults(t *testing.T) {
	whole := get(start(t, emulator.Options{}) + membersPath(documentImage)).send(t).body
	for transport, newServer := range map[string]func(http.Handler) *httptest.Server{
		"TCP": httptest.NewServer, "TLS": httptest.NewTLSServer,
		"HTTP/2": func(handler http.Handler) *httptest.Server {
			server := httptest.NewUnstartedServer(handler)
			server.EnableHTTP2 = true
			server.StartTLS()
			return server
		},
	} {
		// read returns what came of one request to an emulator with the fault, and the error that ended it.
		read := func(fault emulator.Fault) (status int, length int64, body string, failure error) {
			fault.First = 1
			server := newServer(emulator.New(emulator.Default, emulator.Options{Fault: &fault}))
			t.Cleanup(server.Close)
			c := get(server.URL + membersPath(documentImage))
			response, err := server.Client().Do(c.request(t.Context(), t))
			if err != nil {
				failure = err
			} else {
				status, length = response.StatusCode, response.ContentLength
				text, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				body, failure = string(text), err
			}
			if got := c.sendBy(t, server.Client()); got.body != whole {
				t.Errorf("%s: after %v the reply is %s", transport, fault, got.body)
			}
			return status, length, body, failure
		}
		_, _, _, err := read(emulator.Fault{Kind: "reset"})
		if transport == "HTTP/2" && (err == nil || !strings.Contains(err.Error(), "stream error")) ||
			transport != "HTTP/2" && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%s: the error of a reset is %v", transport, err)
		}
		status, length, body, err := read(emulator.Fault{Kind: "cut-off"})
		if status != http.StatusOK || length != int64(len(whole)) || body != whole[:len(whole)/2] || err == nil {
			t.Errorf("%s: cut off, the reply is %d of %d: %q, %v; want half of %q", transport, status, length, body, err, whole)
		}
		if transport != "HTTP/2" && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: the error is %v, want that of a body shorter than announced", transport, err)
		}
		if status, _, body, _ := read(emulator.Fault{Kind: "cut-off", Status: 503}); status != 503 || !strings.HasPrefix(body, `{"errors":[`) {
			t.Errorf("%s: a 503 that is cut off is %d %s", transport, status, body)
		}
		if status, _, body, _ := read(emulator.Fault{Kind: "cut-off", Status: 206, Body: new("0123456789")}); status != 206 || body != "01234" {
			t.Errorf("%s: a body that is cut off is %d %s", transport, status, body)
		}
	}
}

// The list is well formed as far as it goes, and larger than any limit of a client's. It ends when the client does.
func TestEndlessFault(t *testing.T) {
	const member, image = `{"member_id":"a8f10467abfc4b87b64614ab36eb9ae4","status":"accepted"},`,
		`{"id":"70a599e0-31e7-49b7-b260-868f441e862b",`
	for path, want := range map[string]string{
		membersPath(documentImage): `{"members":[` + member + member, "/v1/images": `{"images":[` + image,
		"/kr-east1/v1/images": `{"images":[` + image,
		"/v1/pending-images":  `{"images":[` + image,
	} {
		for _, status := range []int{http.StatusOK, http.StatusBadGateway} {
			ended := make(chan struct{})
			e := emulator.New(emulator.Default, emulator.Options{Fault: &emulator.Fault{Kind: "endless", Status: status}})
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(ended)
				e.ServeHTTP(w, r)
			}))
			response, err := plain.Do(get(url+path).request(t.Context(), t))
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != status || response.Header.Get("Content-Type") != "application/json" || response.ContentLength != -1 {
				t.Errorf("the reply is %s %v", response.Status, response.Header)
			}
			begin := make([]byte, len(want))
			if _, err := io.ReadFull(response.Body, begin); err != nil || string(begin) != want {
				t.Errorf("it begins with %s, %v", begin, err)
			}
			if n, err := io.CopyN(io.Discard, response.Body, 17<<20); err != nil {
				t.Errorf("it ends after %d bytes: %v", n, err)
			}
			_ = response.Body.Close()
			<-ended
		}
	}
}

// statuses are those of n calls, one after another.
func statuses(t *testing.T, c call, n int) (got []int) {
	t.Helper()
	for range n {
		got = append(got, c.send(t).status)
	}
	return got
}

// After, First and Every say at which requests a fault is due.
func TestCountsOfFaults(t *testing.T) {
	for _, test := range []struct {
		after, first, every int
		want                []int
	}{
		{0, 0, 0, []int{503, 503, 503, 503, 503, 503}},
		{0, 1, 0, []int{503, 200, 200, 200, 200, 200}},
		{0, 2, 0, []int{503, 503, 200, 200, 200, 200}},
		{0, 0, 1, []int{503, 503, 503, 503, 503, 503}},
		{0, 0, 2, []int{200, 503, 200, 503, 200, 503}},
		{0, 0, 3, []int{200, 200, 503, 200, 200, 503}},
		{0, 4, 2, []int{200, 503, 200, 503, 200, 200}},
		{0, 4, 5, []int{200, 200, 200, 200, 200, 200}},
		{2, 0, 0, []int{200, 200, 503, 503, 503, 503}},
		{1, 2, 0, []int{200, 503, 503, 200, 200, 200}},
		{1, 0, 2, []int{200, 200, 503, 200, 503, 200}},
	} {
		fault := emulator.Fault{Status: http.StatusServiceUnavailable, After: test.after, First: test.first, Every: test.every}
		if got := statuses(t, startFaulty(t, fault), 6); !slices.Equal(got, test.want) {
			t.Errorf("after %d, first %d, every %d: the statuses are %v, want %v", test.after, test.first, test.every, got, test.want)
		}
	}
}

// Each path is counted for itself, with its region and without its query, and a rejected request counts too.
func TestRequestsAreCountedByPath(t *testing.T) {
	url := start(t, emulator.Options{Fault: &emulator.Fault{Status: http.StatusServiceUnavailable, First: 2}})
	wrong := get(url + membersPath(manyMembers))
	wrong.secretKey = "wrong"
	for _, step := range []struct {
		c    call
		want int
	}{
		{get(url + membersPath(documentImage)), 503}, {get(url + membersPath(noMembers)), 503},
		{get(url + membersPath(documentImage) + "?a=b"), 503},
		{get(url + membersPath(documentImage)), 200}, {get(url + membersPath(noMembers)), 503}, {get(url + membersPath(noMembers)), 200},
		{wrong, 503}, {wrong, 503}, {wrong, 401}, {get(url + membersPath(manyMembers)), 200},
		{get(url + "/kr-east1/v1/images"), 503}, {get(url + "/v1/images"), 503}, {get(url + "/kr-east1/v1/images"), 503},
		{get(url + "/kr-east1/v1/images"), 200},
	} {
		if got := step.c.send(t).status; got != step.want {
			t.Errorf("%s: the status is %d, want %d", step.c.url, got, step.want)
		}
	}
}

// The fault of an image comes before that of an operation, and both before that of the options, also where they are not due. The
// options' is for every other request, the list of versions too.
func TestPrecedenceOfFaults(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.Images = []emulator.Image{
		{ID: "own", Fault: &emulator.Fault{Status: http.StatusTooManyRequests}},
		{ID: "once", Fault: &emulator.Fault{Status: http.StatusTooManyRequests, First: 1}},
		{ID: "never", Fault: &emulator.Fault{}},
		{ID: "private", Private: true, Fault: &emulator.Fault{Kind: "gateway-404"}},
		{ID: "none"},
	}
	fixtures.Faults = map[string]*emulator.Fault{"/v1/images": {Status: http.StatusBadGateway, First: 1}, "/v1/pending-images": nil}
	for _, options := range []emulator.Options{{}, {Fault: &emulator.Fault{Status: http.StatusServiceUnavailable}}} {
		url := serve(t, emulator.New(emulator.Fixed(fixtures), options))
		for path, want := range map[string][]int{
			membersPath("own"): {429, 429}, membersPath("once"): {429, 200}, membersPath("never"): {200, 200}, membersPath("private"): {404, 404},
			"/v1/images": {502, 200}, "/kr-east1/v1/images": {502, 200},
			membersPath("none"): {200, 200}, membersPath("unknown"): {404, 404}, "/v1/pending-images": {200, 200}, "/": {200, 200},
			"/nowhere": {404, 404},
		} {
			if options.Fault != nil && (want[0] == 200 && path != membersPath("never") || path == membersPath("unknown") || path == "/nowhere") {
				want = []int{503, 503}
			}
			if got := statuses(t, get(url+path), 2); !slices.Equal(got, want) {
				t.Errorf("the statuses of %s are %v, want %v", path, got, want)
			}
		}
	}
}

// A fault changes the reply, not the checks before it: a client that signs wrongly is not told that all is well.
func TestFaultsDoNotLetIn(t *testing.T) {
	body := `{"members":[]}`
	c := startFaulty(t, emulator.Fault{Header: map[string]string{"Retry-After": "2"}})
	c.version = "virtualserver 9.9"
	c.gets(t, "406 NotAcceptable")
	c.secretKey = "wrong"
	c.gets(t, "401 HmacValidFail")
	c = startFaulty(t, emulator.Fault{Body: &body})
	c.secretKey = "wrong"
	if got := c.send(t); got.status != http.StatusUnauthorized || got.body != body {
		t.Errorf("the reply is %d %s, want 401 with the body", got.status, got.body)
	}
}

// Many clients at once: for the race detector, and for the counts, which must not lose a request.
func TestManyAtOnce(t *testing.T) {
	const clients, calls, failing = 8, 10, 30
	file := written(t, string(emulator.DefaultJSON()))
	e := emulator.New(emulator.File(file), emulator.Options{Fault: &emulator.Fault{Status: 503, First: failing}})
	url := serve(t, e)
	received := make(chan int, clients*calls)
	var running sync.WaitGroup
	for range clients {
		running.Go(func() {
			for range calls {
				response, err := plain.Do(get(url+membersPath(documentImage)).request(t.Context(), t))
				if err != nil {
					t.Error(err)
					return
				}
				_ = response.Body.Close()
				received <- response.StatusCode
				_ = e.Requests()
			}
		})
	}
	running.Wait()
	close(received)
	counts := map[int]int{}
	for status := range received {
		counts[status]++
	}
	if want := map[int]int{503: failing, 200: clients*calls - failing}; !maps.Equal(counts, want) || len(e.Requests()) != clients*calls {
		t.Errorf("the statuses are %v, want %v; %d requests are recorded", counts, want, len(e.Requests()))
	}
}
