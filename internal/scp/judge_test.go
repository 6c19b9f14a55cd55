// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A good body does not make another status than 200 good.
func TestOnly200IsGood(t *testing.T) {
	for _, status := range []int{
		201, 202, 203, 204, 205, 206, 207, 226, 300, 304, 400, 401, 403, 404, 406, 409, 410, 418, 501, 505, 511, 599, 999,
	} {
		attempts := 0
		client := fakeClient(roundTripper(func(*http.Request) (*http.Response, error) {
			attempts++
			return respond(status, documented), nil
		}))
		client.config.MaxRetries = 3
		_, err := read(t, client)
		if err == nil {
			t.Errorf("%d is no error", status)
			continue
		}
		want := KindStatus
		if status == 401 {
			want = KindUnauthorized
		}
		if err.Kind != want || err.StatusCode != status || err.FromService || attempts != 1 || err.Attempts != 1 {
			t.Errorf("%d: the error is %+v after %d attempts", status, err, attempts)
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
		client.config.MaxRetries = 2
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

func TestInformationalResponses(t *testing.T) {
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
	// One that comes before the response is no response.
	members, err := read(t, serverClient(t, rawServer(t, false, func(string) string { return "HTTP/1.1 103 Early Hints\r\n\r\n" + good })))
	if err != nil || len(members) != 0 {
		t.Errorf("103 before 200: got %v, %v", members, err)
	}
}

// What is no JSON by its media type is none, whatever its text; a text that is JSON counts where nothing says otherwise.
func TestMediaType(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  string // the media type that is named; empty for a good response
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{"application/json"}, ""},
		{[]string{"application/json; charset=utf-8"}, ""},
		{[]string{"Application/JSON"}, ""},
		{[]string{"application/problem+json"}, ""},
		{[]string{"application/json; charset"}, ""},
		{[]string{"application/json", "application/json"}, ""},
		{[]string{"application/json, application/json"}, ""},
		{[]string{"text/html"}, "text/html"},
		{[]string{"text/html; charset=utf-8"}, "text/html"},
		{[]string{"text/plain"}, "text/plain"},
		{[]string{"application/xml"}, "application/xml"},
		{[]string{"application/octet-stream"}, "application/octet-stream"},
		{[]string{"application/json", "text/html"}, "text/html"},
		{[]string{"text/html, application/json"}, "text/html"},
		{[]string{";;"}, ";;"},
	} {
		headers := []string{}
		for _, line := range c.lines {
			headers = append(headers, "Content-Type", line)
		}
		_, err := read(t, fakeClient(answering(200, documented, headers...)))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: the error is %v", c.lines, err)
		case c.want != "" && (err == nil || err.Kind != KindUnusable || !strings.Contains(err.Reason, "its media type is "+c.want+", not JSON")):
			t.Errorf("%q: the error is %+v", c.lines, err)
		}
	}
}

// Whatever is read, what contradicts its list counts: a key, a field or a trailer. The rules are those of package consistency.
func TestContradictions(t *testing.T) {
	for name, list := range map[string]struct {
		good string
		read func(*Client) error
	}{
		"members":  {documented, func(c *Client) error { _, err := c.ImageMembers(t.Context(), "", imageID); return err }},
		"versions": {`{"versions":[{"id":"v1.3"}]}`, func(c *Client) error { _, err := c.ServiceVersions(t.Context(), ""); return err }},
		"images":   {`{"images":[]}`, func(c *Client) error { _, err := c.Images(t.Context(), "", nil); return err }},
		"pending":  {`{"images":[]}`, func(c *Client) error { _, err := c.PendingImages(t.Context(), "", nil); return err }},
	} {
		trailing := roundTripper(func(*http.Request) (*http.Response, error) {
			response := respond(200, list.good)
			response.Trailer = http.Header{"X-Stream-Error": {"backend lost"}}
			return response, nil
		})
		for what, c := range map[string]struct {
			transport roundTripper
			want      string
		}{
			"field":   {answering(200, list.good, "X-Total-Count", "7"), "its header X-Total-Count contradicts the list"},
			"trailer": {trailing, "its trailer X-Stream-Error reports a problem: backend lost"},
			"key":     {answering(200, strings.TrimSuffix(list.good, "}")+`,"errors":["x"]}`), `it has the key "errors", which reports a problem`},
		} {
			if err := list.read(fakeClient(c.transport)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: the error is %v, want %q", name, what, err, c.want)
			}
		}
		if err := list.read(fakeClient(answering(200, list.good))); err != nil {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// A body in an encoding that was not asked for is not shown as text, whatever its status.
func TestEncodingThatWasNotRequested(t *testing.T) {
	for status, kind := range map[int]Kind{200: KindUnusable, 401: KindUnauthorized} {
		for _, encoding := range []string{"br", "zstd"} {
			_, err := read(t, fakeClient(answering(status, "\x28\xb5\x2f\xfd", "Content-Encoding", encoding)))
			if err == nil || err.Kind != kind || err.Encoding != encoding ||
				!strings.Contains(err.Summary(), encoding+", which was not requested") || strings.ContainsRune(err.Summary(), '\ufffd') {
				t.Errorf("%d in %s: the error is %v", status, encoding, err)
			}
		}
	}
	if _, err := read(t, fakeClient(answering(200, documented, "Content-Encoding", "identity"))); err != nil {
		t.Error(err)
	}
}

// What a text says is recognized before it is cleaned: a short key is a part of many words.
func TestReasonWithShortKeys(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		said   func(*Error) bool
	}{
		"not shared": {403, serviceBody(`"Only shared images have members."`, "null"), func(e *Error) bool { return e.NotShared }},
		"signature":  {401, `{"name":"rejected","message":"HmacValidFail"}`, func(e *Error) bool { return e.SignatureRejected }},
		"versions":   {400, serviceBody(`"This version is not supported"`, "null"), func(e *Error) bool { return e.VersionRejected }},
		"invalid":    {400, serviceBody(`"Invalid version"`, "null"), func(e *Error) bool { return e.VersionRejected }},
		"conversion": {400, serviceBody(`"The image conversion is in progress"`, "null"), func(e *Error) bool { return !e.VersionRejected }},
		"hypervisor": {400, serviceBody(`"Hypervisor version 7"`, "null"), func(e *Error) bool { return !e.VersionRejected }},
		"406":        {406, serviceBody(`"as"`, "null"), func(e *Error) bool { return e.VersionRejected }},
		"proxy's":    {406, `<html><title>as</title>`, func(e *Error) bool { return !e.VersionRejected }},
		"version":    {400, serviceBody(`"Unsupported version"`, "null"), func(e *Error) bool { return e.VersionRejected }},
	} {
		client := fakeClient(answering(c.status, c.body))
		client.redactor = Credentials{AccessKey: "s", SecretKey: "a", AuthToken: "V"}.redactor()
		if _, err := read(t, client); err == nil || !c.said(err) || !strings.Contains(err.Detail, "(redacted)") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
