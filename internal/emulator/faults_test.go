// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
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
			transport != "HTTP/2" && !errors.Is(err, acc.ErrConnectionReset) {
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
		membersPath(documentImage): `{"members":[` + member + member, "/v1/pending-images": `{"images":[` + image,
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
