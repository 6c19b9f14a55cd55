// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// The secrets of the fault tests. Nothing that is printed or stored may contain one.
const (
	faultAccessKey = "AKhunter2access"
	faultSecretKey = "SKhunter2/secret+key"
	faultToken     = "TKhunter2.session.token"
)

type faultCase struct {
	fault    emulator.Fault
	handler  http.HandlerFunc // instead of the emulator
	override string           // instead of a server that runs
	tls      bool
	want     []string
	requests int
}

func faultCases() map[string]faultCase {
	status := func(code int, want ...string) faultCase {
		return faultCase{fault: emulator.Fault{Status: code}, want: want, requests: 1}
	}
	retried := func(c faultCase) faultCase {
		c.requests, c.want = 2, append(c.want, "Attempts: 2 in ")
		return c
	}
	answer := func(handler http.HandlerFunc, want ...string) faultCase {
		return faultCase{handler: handler, want: want, requests: 1}
	}
	return map[string]faultCase{
		"401": status(401, "Error: Authentication Failed", "401 Unauthorized", "HmacValidFail", "SCP_TF_SECRET_KEY"),
		"503": retried(status(503, "Error: SCP Server Error", "Run again later")),
		"clock": {
			fault: emulator.Fault{Clock: emulator.Duration(-time.Hour)},
			want:  []string{"Error: Clock Is Wrong", "ahead of the server's", "here: 20", "server: 20"}, requests: 1,
		},
		"hang": retried(faultCase{
			fault: emulator.Fault{Kind: "hang"}, want: []string{"Error: Request Timed Out", "request_timeout"},
		}),
		"nobody listens": {
			override: "http://127.0.0.1:1",
			want:     []string{"Error: Connection Failed", acc.ErrConnectionRefused.Error(), "Attempts: 2 in "},
		},
		"no such name": {override: "https://no-such-host.invalid", want: []string{"Error: Host Name Not Found", "Check the spelling"}},
		"certificate":  {tls: true, want: []string{"Error: TLS Connection Failed", "SSL_CERT_FILE"}},
		"redirect": answer(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://login.example.com/", http.StatusFound)
		}, "Error: Redirect Not Followed", `"https://login.example.com/"`),
		"terminal escapes": answer(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, "\x1b[2J\x1b]0;owned\a bad\u202erequest"+strings.Repeat(" x", 4000))
		}, "Error: Response Not From SCP", "[2J", "…"),
		"secrets echoed": answer(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprintf(w, `{"errors":[{"code":"Forbidden","detail":%q,"request_id":"req-1"}]}`,
				fmt.Sprint(faultSecretKey, " ", faultToken, " ", r.Header))
		}, "Error: Permission Denied", "(redacted)", "Request ID: req-1"),
	}
}

// Every fault fails the plan with its own diagnostic after the right number of requests, and no secret is printed, stored or logged.
func TestCLIFaults(t *testing.T) {
	t.Parallel()
	for name, test := range faultCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests, signatures = atomic.Int64{}, make(chan string, 10)
			url := test.override
			if url == "" {
				url = startFaulty(t, test, &requests, signatures)
			}
			variables := []string{
				"SCP_TF_ENDPOINT_OVERRIDE=" + url, "SCP_TF_ACCESS_KEY=" + faultAccessKey, "SCP_TF_SECRET_KEY=" + faultSecretKey,
				"SCP_TF_AUTH_TOKEN=" + faultToken, "SCP_TF_MAX_RETRIES=1", "SCP_TF_REQUEST_TIMEOUT=2s",
			}
			configuration := requiredProviders + readConfiguration(documentImage) + "\noutput \"members\" {\n  value = " + documentAddress +
				".members\n}\n"
			c := newCLI(t, configuration)
			start := time.Now()
			output, code := c.Run(t, append(variables, "TF_LOG=TRACE", "TF_LOG_PATH=trace.log"), "apply", "-auto-approve", "-no-color")
			elapsed := time.Since(start).Round(10 * time.Millisecond)
			if code != 1 {
				t.Errorf("terraform apply exits with %d, want 1", code)
			}
			folded := strings.Join(strings.Fields(output), " ")
			for _, want := range test.want {
				if !strings.Contains(folded, want) {
					t.Errorf("the output does not say %q:\n%s", want, output)
				}
			}
			if got := int(requests.Load()); got != test.requests {
				t.Errorf("%d requests were sent, want %d", got, test.requests)
			}
			if strings.ContainsAny(output, "\x1b\a\u202e") {
				t.Errorf("the output holds control characters: %q", output)
			}
			expectNoSecrets(t, c.Dir, output, signatures)
			_, said, _ := strings.Cut(folded, "Error: ")
			t.Logf("%d requests, %s: %s", requests.Load(), elapsed, said)
		})
	}
}

// startFaulty starts the server of a case. It counts the requests.
func startFaulty(t *testing.T, test faultCase, requests *atomic.Int64, signatures chan<- string) string {
	t.Helper()
	fixtures := defaultFixtures(t)
	fixtures.AccessKey, fixtures.SecretKey, fixtures.AuthToken = faultAccessKey, faultSecretKey, faultToken
	var handler http.Handler = test.handler
	if test.handler == nil {
		handler = emulator.New(emulator.Fixed(fixtures), emulator.Options{Fault: &test.fault})
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		signatures <- r.Header.Get("Scp-Signature")
		handler.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = nil
	if test.tls {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server.URL
}

// expectNoSecrets checks what was printed, logged and stored.
func expectNoSecrets(t *testing.T, dir, output string, signatures chan string) {
	t.Helper()
	secrets := []string{faultAccessKey, faultSecretKey, faultToken, "hunter2"}
	for len(signatures) > 0 {
		if signature := <-signatures; signature != "" {
			secrets = append(secrets, signature)
		}
	}
	places := map[string]string{"output": output}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			text, err := os.ReadFile(dir + "/" + entry.Name())
			if err != nil {
				t.Fatal(err)
			}
			places[entry.Name()] = string(text)
		}
	}
	if places["trace.log"] == "" {
		t.Error("there is no log to look through")
	}
	for place, text := range places {
		for _, secret := range secrets {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s holds a secret: …%s…", place, text[max(0, at-80):min(len(text), at+80)])
			}
		}
	}
}

// A good read leaks no secret either, into a saved plan or its JSON. The response is compressed.
func TestCLISuccessWithoutSecrets(t *testing.T) {
	t.Parallel()
	fixtures := defaultFixtures(t)
	fixtures.AccessKey, fixtures.SecretKey, fixtures.AuthToken = faultAccessKey, faultSecretKey, faultToken
	signatures := make(chan string, 10)
	e := emulator.New(emulator.Fixed(fixtures), emulator.Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signatures <- r.Header.Get("Scp-Signature")
		recorded := httptest.NewRecorder()
		e.ServeHTTP(recorded, r)
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(recorded.Code)
		compressed := gzip.NewWriter(w)
		_, _ = compressed.Write(recorded.Body.Bytes())
		_ = compressed.Close()
	}))
	t.Cleanup(server.Close)
	variables := []string{"TF_LOG=TRACE", "TF_LOG_PATH=trace.log"}
	variables = append(variables, emulator.Environment(server.URL, fixtures)...)

	c := newCLI(t, requiredProviders+readConfiguration(documentImage)+"\noutput \"members\" {\n  value = "+documentAddress+".members\n}\n")
	var all string
	for _, args := range [][]string{{"plan", "-out=saved.plan"}, {"show", "-json", "saved.plan"}, {"apply", "saved.plan"}} {
		output, code := c.Run(t, variables, append(args, "-no-color")...)
		if code != 0 {
			t.Fatalf("terraform %s exits with %d:\n%s", args[0], code, output)
		}
		all += output
	}
	if !strings.Contains(all, "a8f10467abfc4b87b64614ab36eb9ae4") {
		t.Errorf("the member is not shown:\n%s", all)
	}
	expectNoSecrets(t, c.Dir, all, signatures)
}

// Ctrl-C ends a run, whether the server hangs or the client waits for the next attempt.
func TestCLIInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows, Go cannot interrupt another process, only kill it")
	}
	t.Parallel()
	faults := map[string]emulator.Fault{
		"hang":     {Kind: "hang"},
		"back-off": {Status: 503, Header: map[string]string{"Retry-After": "60"}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{Fault: &fault})
			var output strings.Builder
			command := newCLI(t, requiredProviders+readConfiguration(documentImage)).Command(t, env.list(), "plan", "-no-color")
			command.Stdout, command.Stderr = &output, &output
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			for len(e.Requests()) == 0 {
				time.Sleep(10 * time.Millisecond) // nothing to wait on: the request comes from another process
			}
			time.Sleep(200 * time.Millisecond) // let the client come to its back-off
			start := time.Now()
			if err := command.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			_ = command.Wait()
			if elapsed := time.Since(start); elapsed > 20*time.Second { // 30 s or more without the interrupt
				t.Errorf("terraform ended %s after the interrupt", elapsed)
			}
			if !strings.Contains(output.String(), "Read Stopped") {
				t.Errorf("the output does not say that the read was stopped:\n%s", output.String())
			}
		})
	}
}
