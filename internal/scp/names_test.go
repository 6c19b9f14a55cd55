// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// A field is what its name says, also with a blank before the colon, in a head and in a trailer. The bytes are sent over a real connection:
// net/http keeps such a blank as a part of the name.
func TestNamesOfFields(t *testing.T) {
	t.Parallel()
	old := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	for _, c := range []struct {
		line string
		kind Kind
		want string // of the reason, or of the status
	}{
		{"X-Error : failed", KindUnusable, "its header X-Error reports a problem: failed"},
		{"X.Error: failed", KindUnusable, "reports a problem"},
		{"Link : <x>; rel=next", KindUnusable, "says that the list continues"},
		{"Content-Type : text/html", KindUnusable, "its Content-Type is text/html, not JSON"},
		{"Content-Encoding : br", KindUnusable, "br, which was not requested"},
		{"Age : 3600", KindStale, "3600 seconds old"},
		{"Date : " + old, KindStale, "its Date is 1h0m"},
	} {
		url := rawServer(t, false, func(string) string {
			return "HTTP/1.1 200 OK\r\n" + c.line + "\r\nContent-Length: 14\r\n\r\n" + `{"members":[]}`
		})
		if _, err := read(t, serverClient(t, url)); err == nil || err.Kind != c.kind || !strings.Contains(err.Reason, c.want) {
			t.Errorf("%s: the error is %+v, want %q", c.line, err, c.want)
		}
		if c.kind == KindStale || strings.HasPrefix(c.line, "Content-") {
			continue // a trailer comes after them
		}
		url = rawServer(t, false, func(string) string {
			return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n" + `{"members":[]}` + "\r\n0\r\n" + c.line + "\r\n\r\n"
		})
		want := strings.Replace(c.want, "its header", "its trailer", 1)
		if _, err := read(t, serverClient(t, url)); err == nil || err.Kind != c.kind || !strings.Contains(err.Reason, want) {
			t.Errorf("%s, as a trailer: the error is %+v, want %q", c.line, err, want)
		}
	}
	url := rawServer(t, false, func(string) string {
		return "HTTP/1.1 503 Busy\r\nRetry-After : 7\r\nDate : " + old + "\r\nLocation : /x\r\n" +
			"Content-Length: 2\r\n\r\n{}"
	})
	if _, err := read(t, serverClient(t, url)); err == nil || err.RetryAfter != 7*time.Second || err.ServerTime.IsZero() ||
		err.Location != "/x" {
		t.Errorf("the error is %+v, want all fields of the 503", err)
	}
}
