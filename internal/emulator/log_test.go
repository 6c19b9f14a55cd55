// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-hclog"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// Nothing that a request could be repeated or forged with is in the log, at whatever level and whatever happens.
func TestLogHoldsNoHeaders(t *testing.T) {
	var log bytes.Buffer
	logger := hclog.New(&hclog.LoggerOptions{Level: hclog.Trace, Output: &log, Mutex: new(sync.Mutex)})
	fixtures := defaultFixtures(t)
	fixtures.AuthToken = "the-session-token"
	fixtures.Images = append(fixtures.Images,
		emulator.Image{ID: "failing", Fault: &emulator.Fault{Status: http.StatusServiceUnavailable, Header: map[string]string{"Retry-After": "2"}}})
	server := httptest.NewServer(emulator.New(emulator.Fixed(fixtures), emulator.Options{Logger: logger}))
	defer server.Close()
	secrets := []string{"demo-access-key", "demo-secret-key", "the-session-token", "wrong-"}
	for _, image := range []string{documentImage, privateImage, "unknown", "failing"} {
		for _, edit := range []func(*call){
			func(*call) {},
			func(c *call) { c.accessKey = "wrong-access-key" },
			func(c *call) { c.secretKey = "wrong-secret-key" },
			func(c *call) { c.token = "wrong-token" },
			func(c *call) { c.version = "wrong-version" },
		} {
			c := get(server.URL + membersPath(image))
			c.token = "the-session-token"
			edit(&c)
			c.edit = func(r *http.Request) {
				secrets = append(secrets, r.Header.Get("Scp-Signature"), r.Header.Get("Scp-Timestamp"))
			}
			c.send(t)
		}
	}
	server.Close() // the log is written
	for _, image := range []string{documentImage, privateImage, "unknown", "failing"} {
		if n := strings.Count(log.String(), membersPath(image)); n != 5 {
			t.Errorf("the log names %s %d times, want 5", image, n)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, log.String())
		}
	}
}

// Who rehearses a fault reads in the log what was answered and why.
func TestLogTellsTheFault(t *testing.T) {
	body := "the body"
	for name, test := range map[string]struct {
		fault *emulator.Fault
		want  []string
	}{
		"none":        {nil, []string{"method=GET", "uri=" + membersPath(documentImage), "status=200"}},
		"status":      {&emulator.Fault{Status: http.StatusServiceUnavailable}, []string{"status=503"}},
		"kind":        {&emulator.Fault{Kind: "html"}, []string{"html"}},
		"body":        {&emulator.Fault{Body: &body}, []string{"the body"}},
		"latency":     {&emulator.Fault{Latency: emulator.Duration(1)}, []string{"1ns"}},
		"clock":       {&emulator.Fault{Clock: 3}, []string{"3ns"}},
		"gateway-404": {&emulator.Fault{Kind: "gateway-404"}, []string{"status=404"}},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			logger := hclog.New(&hclog.LoggerOptions{Output: &log, Mutex: new(sync.Mutex)})
			server := httptest.NewServer(emulator.New(emulator.Default, emulator.Options{Logger: logger, Fault: test.fault}))
			defer server.Close()
			get(server.URL + membersPath(documentImage)).send(t)
			server.Close()
			for _, want := range test.want {
				if !strings.Contains(log.String(), want) {
					t.Errorf("the log has no %s:\n%s", want, log.String())
				}
			}
		})
	}
}

// Fixtures that cannot be read are an error of the log too: the client's answer may be far away.
func TestLogTellsBrokenFixtures(t *testing.T) {
	var log bytes.Buffer
	logger := hclog.New(&hclog.LoggerOptions{Level: hclog.Error, Output: &log, Mutex: new(sync.Mutex)})
	server := httptest.NewServer(emulator.New(emulator.File("/nonexistent/fixtures.json"), emulator.Options{Logger: logger}))
	defer server.Close()
	get(server.URL + membersPath(documentImage)).send(t)
	server.Close()
	if !strings.Contains(log.String(), "[ERROR]") || !strings.Contains(log.String(), "/nonexistent/fixtures.json") {
		t.Errorf("the log is %s", log.String())
	}
}
