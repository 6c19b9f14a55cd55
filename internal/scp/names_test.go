// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
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
		{"X-HasMore : true", KindUnusable, "says that the list continues"},
		{"X-HasMore: true", KindUnusable, "says that the list continues"},
		{"X-NextPageToken: t", KindUnusable, "says that the list continues"},
		{"X-TotalCount: 3", KindUnusable, "contradicts the list of 0 members"},
		{"X-Total-Count : 3", KindUnusable, "contradicts the list of 0 members"},
		{`X-Pagination: {"HasNext":true}`, KindUnusable, "says that the list continues"},
		{"X-Krakend-Completed: false", KindUnusable, "reports a problem"},
		{"X-Apigee-Fault-Code: policies.ratelimit.QuotaViolation", KindUnusable, "reports a problem"},
		{"Link : <x>; rel=next", KindUnusable, "says that the list continues"},
		{"Grpc-Status : 13", KindUnusable, "reports a problem"},
		{"Content-Type : text/html", KindUnusable, "its media type is text/html"},
		{"Content-Encoding : br", KindUnusable, "br, which was not requested"},
		{"Age : 3600", KindStale, "3600 seconds old"},
		{"Warning : 110 - x", KindStale, "out of date"},
		{"X-Cache : HIT", KindStale, "X-Cache"},
		{"x-cache-hit: 1", KindStale, "X-Cache-Hit"},
		{"X-Cached-Response: HIT", KindStale, "X-Cached-Response"},
		{"apicache-store: memory", KindStale, "Apicache-Store"},
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
		return "HTTP/1.1 503 Busy\r\nRetry-After : 7\r\nDate : " + old + "\r\nLocation : /x\r\nContent-Encoding : br\r\n" +
			"Content-Length: 2\r\n\r\n{}"
	})
	if _, err := read(t, serverClient(t, url)); err == nil || err.RetryAfter != 7*time.Second || err.ServerTime.IsZero() ||
		err.Location != "/x" || !strings.Contains(err.Detail, "br, which was not requested") {
		t.Errorf("the error is %+v, want all fields of the 503", err)
	}
}

// Over HTTP/2, net/http takes no name with a blank, and what it takes is judged as over HTTP/1.1.
func TestNamesOfFieldsOverHTTP2(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X.Error", "failed")
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"members":[]}`))
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	client := serverClient(t, server.URL)
	transport := NewTransport()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	defer transport.CloseIdleConnections()
	client.config.Transport = transport
	if _, err := read(t, client); err == nil || err.Kind != KindUnusable || !strings.Contains(err.Reason, "X.error reports a problem") {
		t.Errorf("the error is %+v", err)
	}
}
