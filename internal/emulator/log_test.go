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

// logOf returns what an emulator logs at level while do sends to its URL.
func logOf(fixtures func() (emulator.Fixtures, error), fault *emulator.Fault, level hclog.Level, do func(url string)) string {
	var log bytes.Buffer
	logger := hclog.New(&hclog.LoggerOptions{Level: level, Output: &log, Mutex: new(sync.Mutex)})
	server := httptest.NewServer(emulator.New(fixtures, emulator.Options{Logger: logger, Fault: fault}))
	do(server.URL)
	server.Close() // the log is written
	return log.String()
}

// Nothing that a request could be repeated or forged with is in the log, at whatever level and whatever happens.
func TestLogHoldsNoHeaders(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.AuthToken = "the-session-token"
	fixtures.Images = append(fixtures.Images,
		emulator.Image{ID: "failing", Fault: &emulator.Fault{Status: http.StatusServiceUnavailable,
			Header: map[string]string{"Retry-After": "2"}}})
	secrets := []string{"demo-access-key", "demo-secret-key", "the-session-token", "wrong-"}
	images := []string{documentImage, privateImage, "unknown", "failing"}
	log := logOf(emulator.Fixed(fixtures), nil, hclog.Trace, func(url string) {
		for _, image := range images {
			for _, edit := range []func(*call){
				func(*call) {},
				func(c *call) { c.accessKey = "wrong-access-key" },
				func(c *call) { c.secretKey = "wrong-secret-key" },
				func(c *call) { c.token = "wrong-token" },
				func(c *call) { c.version = "wrong-version" },
			} {
				c := get(url + membersPath(image))
				c.token = "the-session-token"
				edit(&c)
				c.edit = func(r *http.Request) {
					secrets = append(secrets, r.Header.Get("Scp-Signature"), r.Header.Get("Scp-Timestamp"))
				}
				c.send(t)
			}
		}
	})
	for _, image := range images {
		if n := strings.Count(log, membersPath(image)); n != 5 {
			t.Errorf("the log names %s %d times, want 5", image, n)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
}

// The log says what the reply was and why, and what is wrong with the fixtures: the client's message may be far away.
func TestLog(t *testing.T) {
	for _, test := range []struct {
		fixtures func() (emulator.Fixtures, error)
		fault    *emulator.Fault
		want     []string
	}{
		{emulator.Default, nil, []string{"[INFO]", "method=GET", "uri=" + membersPath(documentImage), "status=200"}},
		{emulator.Default, &emulator.Fault{Kind: "gateway-404", Latency: 1}, []string{"status=404", "gateway-404", "1ns"}},
		{emulator.File("/nonexistent/fixtures.json"), nil, []string{"[ERROR]", "/nonexistent/fixtures.json"}},
	} {
		log := logOf(test.fixtures, test.fault, hclog.Info, func(url string) { get(url + membersPath(documentImage)).send(t) })
		for _, want := range test.want {
			if !strings.Contains(log, want) {
				t.Errorf("%v: the log has no %s:\n%s", test.fault, want, log)
			}
		}
	}
}
