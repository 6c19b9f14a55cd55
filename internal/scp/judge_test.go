// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

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
		if err == nil || err.Kind != KindRedirect || err.StatusCode != status || err.Attempts != 1 {
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
		{"101 and the end", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + `{"members":[]}`,
			KindUnexpectedStatus, 101},
		{"100 and nothing else", "HTTP/1.1 100 Continue\r\n\r\n", KindConnection, 0},
		{"a header of 300 KiB", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 300<<10) + "\r\n\r\n", KindConnection, 0},
		{"103 without end", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 10000) + good, KindConnection, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, serverClient(t, rawServer(t, false, func(string) string { return c.bytes })))
			if err == nil || err.Kind != c.kind || err.StatusCode != c.status {
				t.Errorf("the error is %+v, want kind %q with the status %d", err, c.kind, c.status)
			}
		})
	}
	// One that comes before the response is no response.
	members, err := read(t, serverClient(t, rawServer(t, false, func(string) string { return "HTTP/1.1 103 Early Hints\r\n\r\n" + good })))
	if err != nil || len(members) != 0 {
		t.Errorf("103 before 200: got %v, %v", members, err)
	}
}

// What is no JSON by its fields is none, whatever its text; a text that is JSON counts where nothing says otherwise.
func TestMediaType(t *testing.T) {
	const contentType = "Content-Type"
	for _, c := range []struct {
		want    string // empty for a good response
		headers []string
	}{
		{"", nil}, {"", []string{contentType, ""}}, {"", []string{contentType, "application/json; charset"}},
		{"", []string{contentType, "Application/JSON"}}, {"", []string{contentType, "application/problem+json;charset=utf-8"}},
		{"", []string{contentType, "application/json", contentType, "application/json"}},
		{"", []string{contentType, "application/json, application/json"}},
		{"its Content-Type is text/html; charset=utf-8, not JSON", []string{contentType, "text/html; charset=utf-8"}},
		{"its Content-Type is application/jsonp, not JSON", []string{contentType, "application/jsonp"}},
		{"its Content-Type is ;;, not JSON", []string{contentType, ";;"}},
		{"its Content-Type is text/x; a=+json, not JSON", []string{contentType, "text/x; a=+json"}},
		{"its Content-Type is text/html, not JSON", []string{contentType, "application/json", contentType, "text/html"}},
		{"its Content-Type is text/html, not JSON", []string{contentType, "text/html, application/json"}},
		{"", []string{"Content-Encoding", "Identity"}},
		{"its Content-Encoding is br, which was not requested", []string{"Content-Encoding", "br"}},
	} {
		_, err := read(t, fakeClient(answering(200, documented, c.headers...)))
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Kind != KindUnusable || !strings.Contains(err.Reason, c.want)) {
			t.Errorf("%q: the error is %+v, want %q", c.headers, err, c.want)
		}
	}
	if _, err := read(t, fakeClient(answering(403, "\x8b\x02", "Content-Encoding", "br"))); err == nil || err.Kind != KindForeign ||
		!strings.HasPrefix(err.Detail, "the body cannot be read: its Content-Encoding is br") {
		t.Errorf("a compressed 403: the error is %+v", err)
	}
}

// Each status, and what its text says, has a kind. The text is recognized before it is cleaned: a short key is a part of many words.
func TestKindOfStatus(t *testing.T) {
	const html = "<html><title>as</title>"
	image := func(ctx context.Context, c *Client) error { _, err := c.ImageMembers(ctx, "", imageID); return err }
	list := func(ctx context.Context, c *Client) error { _, err := c.PendingImages(ctx, "", nil); return err }
	versions := func(ctx context.Context, c *Client) error { _, err := c.ServiceVersions(ctx, ""); return err }
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		read   func(context.Context, *Client) error
		status int
		body   string
		date   time.Duration // from this machine's time
		want   Kind
	}{
		"not shared":               {image, 403, serviceBody(`"Only shared images have members."`, "null"), 0, KindNotShared},
		"forbidden":                {image, 403, serviceBody(`"as"`, "null"), 0, KindForbidden},
		"signature":                {image, 401, `{"name":"rejected","message":"HmacValidFail"}`, 0, KindSignatureRejected},
		"keys":                     {image, 401, "", time.Minute, KindUnauthorized},
		"clock behind":             {image, 401, "", time.Minute + time.Second, KindClock},
		"clock ahead":              {image, 401, `{"name":"rejected","message":"HmacValidFail"}`, -61 * time.Second, KindClock},
		"a login page":             {image, 401, html, time.Hour, KindForeign},
		"without keys":             {versions, 401, "", time.Hour, KindUnexpectedStatus},
		"406 without version":      {versions, 406, "", 0, KindUnexpectedStatus},
		"400 without version":      {versions, 400, serviceBody(`"Invalid version"`, "null"), 0, KindUnexpectedStatus},
		"versions":                 {image, 400, serviceBody(`"This version is not supported"`, "null"), 0, KindVersionRejected},
		"invalid":                  {image, 400, serviceBody(`"Invalid version"`, "null"), 0, KindVersionRejected},
		"version":                  {image, 400, serviceBody(`"Unsupported version"`, "null"), 0, KindVersionRejected},
		"conversion":               {image, 400, serviceBody(`"The image conversion is in progress"`, "null"), 0, KindMalformed},
		"hypervisor":               {image, 400, serviceBody(`"Hypervisor version 7"`, "null"), 0, KindMalformed},
		"a proxy's 400":            {image, 400, html, 0, KindForeign},
		"406":                      {image, 406, serviceBody(`"as"`, "null"), 0, KindVersionRejected},
		"406 without a body":       {image, 406, "", 0, KindVersionRejected},
		"a proxy's 406":            {image, 406, html, 0, KindForeign},
		"image":                    {image, 404, serviceBody(`"as"`, "null"), 0, KindImageNotFound},
		"list":                     {list, 404, serviceBody(`"as"`, "null"), 0, KindUnexpectedStatus},
		"gateway":                  {image, 404, `{"status":404,"error":"Not as Found"}`, 0, KindEndpointNotFound},
		"a proxy's 404":            {image, 404, html, 0, KindEndpointNotFound},
		"a proxy's 403":            {image, 403, html, 0, KindForeign},
		"a proxy's 501":            {image, 501, html, 0, KindForeign},
		"a balancer":               {image, 503, html, 0, KindServerError},
		"a balancer without words": {image, 502, "", 0, KindServerError},
		"429 of anyone":            {image, 429, html, 0, KindTooManyRequests},
		"408 of anyone":            {image, 408, html, 0, KindServerError},
		"407":                      {image, 407, html, 0, KindProxyLogin},
		"201 with a good body":     {image, 201, documented, 0, KindUnexpectedStatus},
		"204":                      {image, 204, "", 0, KindUnexpectedStatus},
		"206 with a good body":     {image, 206, documented, 0, KindUnexpectedStatus},
		"999":                      {image, 999, documented, 0, KindForeign},
		"304":                      {image, 304, "", 0, KindUnexpectedStatus},
		"300":                      {image, 300, "", 0, KindRedirect},
		"501":                      {image, 501, "", 0, KindUnexpectedStatus},
	} {
		synctest.Test(t, func(t *testing.T) {
			headers := []string{"Date", now.Add(c.date).Format(http.TimeFormat)}
			if c.date == 0 {
				headers = nil
			}
			client := fakeClient(answering(c.status, c.body, headers...))
			client.config.Now = func() time.Time { return now }
			client.redactor = Credentials{AccessKey: "s", SecretKey: "a", AuthToken: "V"}.redactor()
			e, ok := errors.AsType[*Error](c.read(t.Context(), client))
			if !ok || e.Kind != c.want || c.body != "" && !strings.Contains(e.Detail, "(redacted)") {
				t.Errorf("%s: the error is %v of kind %q, want %q", name, e, e.Kind, c.want)
			}
		})
	}
}
