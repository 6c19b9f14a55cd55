// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
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
		{"X-HasMore : true", KindUnusable, "says that the list continues"},
		{"X-Total-Count : 3", KindUnusable, "contradicts the list of length 0"},
		{"Link : <x>; rel=next", KindUnusable, "says that the list continues"},
		{"Grpc-Status : 13", KindUnusable, "reports a problem"},
		{"Content-Type : text/html", KindUnusable, "its Content-Type is text/html, not JSON"},
		{"Content-Encoding : br", KindUnusable, "br, which was not requested"},
		{"Age : 3600", KindStale, "3600 seconds old"},
		{"Warning : 110 - x", KindStale, "out of date"},
		{"X-Cache : HIT", KindStale, "X-Cache"},
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

// Over HTTP/2 names are judged alike, in a head and in a trailer. One with a blank is malformed there, and net/http rejects the response.
func TestNamesOfFieldsOverHTTP2(t *testing.T) {
	for _, c := range []struct {
		name, where string
		kind        Kind
		want        string
	}{
		{"x.error", "head", KindUnusable, "its header X.error reports a problem"},
		{"x.error", "trailer", KindUnusable, "its trailer X.error reports a problem"},
		{"x-error ", "head", KindConnection, ""},
		{"x-error ", "trailer", KindConnection, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := startPath(t, path{http2: trigger{requested: func(f *http2.Framer, stream uint32) bool {
				head, trailer := []string{":status", "200"}, []string{"x-a", "b"}
				if c.where == "head" {
					head = append(head, c.name, "failed")
				} else {
					trailer = append(trailer, c.name, "failed")
				}
				return f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: encoded(head), EndHeaders: true}) == nil &&
					f.WriteData(stream, false, []byte(`{"members":[]}`)) == nil &&
					f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: encoded(trailer), EndHeaders: true, EndStream: true}) == nil
			}}})
			server.client.config.MaxRetries = 0
			if _, err := read(t, server.client); err == nil || err.Kind != c.kind || !strings.Contains(err.Reason, c.want) {
				t.Errorf("%q in the %s: the error is %+v, want %q", c.name, c.where, err, c.want)
			}
		})
	}
}

// encoded is a list of fields, each a name and a value, as HTTP/2 sends them.
func encoded(fields []string) []byte {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for i := 0; i < len(fields); i += 2 {
		_ = encoder.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	return block.Bytes()
}
