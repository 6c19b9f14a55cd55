// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A good body does not make another status than 200 good.
func TestOnly200IsGood(t *testing.T) {
	for _, status := range []int{
		201, 202, 203, 204, 205, 206, 207, 226, 300, 304, 400, 401, 403, 404, 406, 409, 410, 418, 501, 505, 511, 599, 999,
	} {
		tries := 0
		client := fakeClient(roundTripper(func(*http.Request) (*http.Response, error) {
			tries++
			return respond(status, documented), nil
		}))
		client.maxRetries = 3
		_, err := read(t, client)
		if err == nil {
			t.Errorf("%d is taken for good", status)
			continue
		}
		want := KindStatus
		if status == 401 {
			want = KindUnauthorized
		}
		if err.Kind != want || err.StatusCode != status || err.FromService || tries != 1 || err.Attempts != 1 {
			t.Errorf("%d: the error is %+v after %d tries", status, err, tries)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("the other host received %s with %v", r.URL, r.Header)
		_, _ = io.WriteString(w, `{"members":[]}`)
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path+"?signature="+r.Header.Get("Scp-Signature"), status)
		}))
		client := serverClient(t, server.URL)
		client.maxRetries = 2
		_, err := read(t, client)
		server.Close()
		if err == nil || err.Kind != KindStatus || err.StatusCode != status || err.Attempts != 1 {
			t.Errorf("%d: the error is %+v", status, err)
			continue
		}
		if want := other.URL + "/v1/images/" + imageID + "/members?signature=(redacted)"; err.Location != want {
			t.Errorf("%d: the location is %s, want %s", status, err.Location, want)
		}
	}
}

func TestInformationalAnswers(t *testing.T) {
	const good = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n" + `{"members":[]}`
	for _, c := range []struct {
		name, bytes string
		kind        Kind
		status      int
	}{
		{"101 and the end", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + `{"members":[]}`, KindStatus, 101},
		{"100 and nothing else", "HTTP/1.1 100 Continue\r\n\r\n", KindConnection, 0},
		{"103 without end", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 10000) + good, KindConnection, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, serverClient(t, rawServer(t, false, func(string) string { return c.bytes })))
			if err == nil || err.Kind != c.kind || err.StatusCode != c.status {
				t.Errorf("the error is %+v, want kind %d with the status %d", err, c.kind, c.status)
			}
		})
	}
	// One that comes before the answer is no answer.
	members, err := read(t, serverClient(t, rawServer(t, false, func(string) string { return "HTTP/1.1 103 Early Hints\r\n\r\n" + good })))
	if err != nil || len(members) != 0 {
		t.Errorf("103 before 200: got %v, %v", members, err)
	}
}

// After a 101 the connection is the caller's, and net/http no longer ends it with the context.
func TestSwitchedProtocolDoesNotHang(t *testing.T) {
	url := rawServer(t, true, func(string) string {
		return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
	})
	client := serverClient(t, url)
	client.requestTimeout = 100 * time.Millisecond
	ended := make(chan error, 1)
	go func() {
		_, err := client.ImageMembers(t.Context(), "", imageID)
		ended <- err
	}()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("a 101 is taken for good")
		}
	case <-time.After(2 * time.Second):
		t.Error("the read goes on 2 s after its request's timeout of 100 ms")
	}
}

// closingBody notes that it was closed.
type closingBody struct {
	io.Reader
	closed bool
}

func (b *closingBody) Close() error {
	b.closed = true
	return nil
}

// An answer's body that stays open, and a context that is not ended, are leaks: of the connection and of a timer.
func TestNothingOfATryStaysOpen(t *testing.T) {
	for _, c := range []struct {
		status int
		body   io.Reader
	}{
		{200, strings.NewReader(documented)}, {200, strings.NewReader("{}")}, {200, strings.NewReader(strings.Repeat(" ", maxBodySize+2))},
		{200, cutOffBody{strings.NewReader("{")}}, {404, strings.NewReader("{}")},
		{503, strings.NewReader(strings.Repeat(" ", maxErrorBodySize+2))},
		{101, strings.NewReader("")}, {302, strings.NewReader("")},
	} {
		body := &closingBody{Reader: c.body}
		var ended <-chan struct{}
		_, _ = read(t, fakeClient(roundTripper(func(request *http.Request) (*http.Response, error) {
			ended = request.Context().Done()
			response := respond(c.status, "")
			response.Body = body
			return response, nil
		})))
		if !body.closed {
			t.Errorf("%d: the body is not closed", c.status)
		}
		select {
		case <-ended:
		default:
			t.Errorf("%d: the try's context is not ended", c.status)
		}
	}
}
