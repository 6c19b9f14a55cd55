// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRequestHeaders(t *testing.T) {
	for _, token := range []string{"", "session-token"} {
		want := http.Header{
			"Accept":          {"application/json"},
			"Accept-Language": {"en-US"},
			"Cache-Control":   {"no-cache"},
			"Pragma":          {"no-cache"},
			"Scp-Api-Version": {"virtualserver 1.10"},
			"User-Agent":      {"terraform-provider-scp/1.0"},
			"Scp-Accesskey":   {"2sd2gg=2agbdSD26svcD"},
			"Scp-Timestamp":   {"1605290625682"},
			"Scp-Signature":   {vectorSignature},
			"Scp-Clienttype":  {"Openapi"},
		}
		if token != "" {
			want.Set("X-Auth-Token", token)
		}
		s := script(answering(200, `{"members":[]}`))
		client := newClient(Config{
			Credentials: Credentials{vectorCredentials.AccessKey, vectorCredentials.SecretKey, token},
			Endpoint:    Endpoint{Environment: "e"},
			APIVersion:  "1.10",
			UserAgent:   "terraform-provider-scp/1.0",
			Now:         func() time.Time { return time.UnixMilli(vectorTimestamp).Add(999 * time.Microsecond) },
			Transport:   s,
		})
		if _, err := client.ImageMembers(t.Context(), "kr-west1", imageID); err != nil {
			t.Fatal(err)
		}
		sent := s.sent[0]
		if sent.Method != "GET" || sent.URL.String() != vectorURL || sent.Body != nil || !reflect.DeepEqual(sent.Header, want) {
			t.Errorf("sent %s %s with %v, want %v", sent.Method, sent.URL, sent.Header, want)
		}
	}
}

// The URL must be signed as it goes over the wire, whatever is in it.
func TestSignedURLIsTheOneSent(t *testing.T) {
	var problem string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		url := "http://" + r.Host + r.RequestURI
		want := vectorCredentials.signature(r.Method, url, r.Header.Get("Scp-Timestamp"))
		if got := r.Header.Get("Scp-Signature"); got != want {
			problem = "the signature is not that of " + url
		}
		sent, err := strconv.ParseInt(r.Header.Get("Scp-Timestamp"), 10, 64)
		if err != nil || time.Since(time.UnixMilli(sent)).Abs() > time.Minute {
			problem = "the timestamp is " + r.Header.Get("Scp-Timestamp")
		}
		writeJSON(w, `{"members":[]}`)
	}))
	defer server.Close()
	for _, prefix := range []string{"", "/", "/proxy/", "/a%20b", "/a%2Fb", "/비밀", "/a+b;c=d,e:f@g", "/a//b/../c", "/'(x)*!~"} {
		problem = ""
		if _, err := read(t, serverClient(t, server.URL+prefix)); err != nil {
			t.Errorf("%q: %v", prefix, err)
		}
		if problem != "" {
			t.Errorf("%q: %s", prefix, problem)
		}
	}
}

func TestNothingIsSentForABadRequest(t *testing.T) {
	client := newClient(Config{Endpoint: Endpoint{Environment: "e"}, Transport: sendsNothing(t)})
	for _, c := range []struct{ region, id, want string }{
		{"kr-west1", "a\n", `the image ID "a\n" cannot be used: it must be 1 to 255 letters, digits, hyphens and underscores`},
		{"", imageID, `the region "" cannot be used: it must be a single DNS label: 1 to 63 lower-case letters, digits and inner hyphens`},
	} {
		for range 2 { // what is known of a region is kept
			members, err := client.ImageMembers(t.Context(), c.region, c.id)
			if members != nil || err == nil || err.Error() != c.want {
				t.Errorf("%q: got %v with the error %v", c.id, members, err)
			}
		}
	}
}

// A key in place of an ID is neither sent nor shown.
func TestSecretsAreNotSent(t *testing.T) {
	client := fakeClient(sendsNothing(t))
	_, members := client.ImageMembers(t.Context(), "", "test-secret")
	_, images := client.Images(t.Context(), "", ImageFilters{"name": "a test-secret"})
	for _, err := range []error{members, images} {
		if err == nil || !strings.Contains(err.Error(), "contains a key or token") || strings.Contains(err.Error(), "test-secret") {
			t.Errorf("the error is %v", err)
		}
	}
	if got := client.Clean("image test-secret"); got != "image (redacted)" {
		t.Errorf("it is shown as %q", got)
	}
}

func TestClientDefaults(t *testing.T) {
	client := newClient(Config{Endpoint: Endpoint{Override: override}, MaxRetries: -1})
	if client.config.APIVersion != DefaultAPIVersion || client.config.RequestTimeout != 30*time.Second || client.config.MaxRetries != 0 ||
		time.Since(client.config.Now()).Abs() > time.Minute {
		t.Errorf("the defaults are %+v", client)
	}
	transport := client.config.Transport.(*http.Transport)
	if transport == http.DefaultTransport || transport.Proxy == nil || !transport.ForceAttemptHTTP2 || transport.DisableKeepAlives ||
		transport.MaxIdleConnsPerHost != transport.MaxIdleConns || transport.MaxResponseHeaderBytes != 256<<10 {
		t.Errorf("the transport is %+v", transport)
	}
	set := newClient(Config{Endpoint: Endpoint{Override: override}, APIVersion: "1.2", RequestTimeout: time.Second, MaxRetries: 7})
	if set.config.APIVersion != "1.2" || set.config.RequestTimeout != time.Second || set.config.MaxRetries != 7 {
		t.Errorf("set values are not kept: %+v", set)
	}
}
