// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/scp-community/terraform-provider-scp/internal/scp/redact"
)

// secretive has in its keys every character that one of the escapings changes.
var secretive = Credentials{AccessKey: `Ak/1+2=3`, SecretKey: `sk/"4"&<5>'%6\7=`, AuthToken: `tk+8/9==`}

// Nor must the bound of what is read of a body leave the beginning of a secret: white space before it is folded away.
// Some characters may stay: other words begin like a secret too.
func TestRedactAcrossTheBodyBound(t *testing.T) {
	const secret = "hunter2-hunter2-hunter2"
	for _, inside := range []int{1, 8, len(secret) - 1, len(secret)} {
		client := fakeClient(answering(400, strings.Repeat(" ", maxErrorBodySize-inside)+secret))
		client.redactor = redact.New(secret)
		_, err := read(t, client)
		if err == nil {
			t.Fatal("there is no error")
		}
		if len(err.Detail) >= 8 && strings.HasPrefix(secret, err.Detail) {
			t.Errorf("with %d of %d bytes read the detail is %q", inside, len(secret), err.Detail)
		}
	}
}

// The same goes for a connection that ends within a secret.
func TestRedactACutOffBody(t *testing.T) {
	client := fakeClient(roundTripper(func(*http.Request) (*http.Response, error) {
		response := respond(403, "")
		response.Body = cutOffBody{strings.NewReader("Your key is hunter2-hunter2-hunt")}
		return response, nil
	}))
	client.redactor = redact.New("hunter2-hunter2-hunter2")
	_, err := read(t, client)
	if err == nil || err.Kind != KindForbidden || err.StatusCode != 403 || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error is %+v", err)
	}
}

// echo responds with what quote makes of the request.
func echo(status int, quote func(*http.Request) string, headers ...string) roundTripper {
	return func(request *http.Request) (*http.Response, error) {
		text := quote(request)
		for i := 1; i < len(headers); i += 2 {
			headers[i] = text
		}
		return respond(status, text, headers...), nil
	}
}

// all is every header of a request, on a line.
func all(request *http.Request) string {
	return fmt.Sprintf("%v secret-key=%s", request.Header, secretive.SecretKey)
}

// leaks names the secrets in text.
func leaks(text, signature string) []string {
	var found []string
	plainly := func(text string) string { return strings.ToLower(strings.ReplaceAll(text, `\`, "")) }
	for _, secret := range []string{secretive.AccessKey, secretive.SecretKey, secretive.AuthToken, signature} {
		for _, form := range []string{secret, url.QueryEscape(secret), inner(strconv.Quote(secret)), html.EscapeString(secret)} {
			if secret != "" && strings.Contains(plainly(text), plainly(form)) {
				found = append(found, form)
			}
		}
	}
	return found
}

// Whatever part of a response echoes the secrets, no part of the error or of the log may.
func TestEchoedSecrets(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", "TRACE")
	quoted := func(request *http.Request) string { return strconv.Quote(all(request)) }
	for name, transport := range map[string]roundTripper{
		"raw body":    echo(500, all),
		"location":    echo(307, all, "Location", ""),
		"retry-after": echo(503, all, "Retry-After", "", "Date", ""),
		"detail":      echo(400, func(r *http.Request) string { return serviceBody(quoted(r), "null") }),
		"list":        echo(400, func(r *http.Request) string { return serviceBody("["+quoted(r)+"]", "null") }),
		"action": echo(403, func(r *http.Request) string {
			return serviceBody(`""`, `{"action_name":`+quoted(r)+`,"message":`+quoted(r)+`}`)
		}),
		"code": echo(403, func(r *http.Request) string {
			return `{"errors":[{"code":` + quoted(r) + `,"request_id":` + quoted(r) + `}]}`
		}),
		"gateway":      echo(401, func(r *http.Request) string { return `{"status":` + quoted(r) + `,"message":` + quoted(r) + `}` }),
		"gateway's id": echo(404, func(r *http.Request) string { return `{"error":"x","requestId":` + quoted(r) + `}` }),
		"unknown JSON": echo(404, func(r *http.Request) string { return `{"unknown":` + quoted(r) + `}` }),
		"media type":   echo(200, func(r *http.Request) string { return r.Header.Get("Scp-Accesskey") }, "Content-Type", ""),
		"title": echo(500, func(r *http.Request) string {
			return "<html><title>" + strings.NewReplacer("/", `\/`, "<", " ").Replace(all(r)) + "</title>"
		}),
		"other image": echo(200, func(r *http.Request) string { return `{"members":[{"member_id":"m","image_id":` + quoted(r) + `}]}` }),
		"name twice":  echo(200, func(r *http.Request) string { return `{"members":[],` + quoted(r) + `:1,` + quoted(r) + `:1}` }),
		"pointer":     echo(200, func(r *http.Request) string { return `{` + quoted(r) + `:{"a":tru}}` }),
		"transport": func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("malformed HTTP response %q", all(r))
		},
		"transport raw":    func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("bad: %s", all(r)) },
		"reading the body": brokenBody(func(r *http.Request) error { return fmt.Errorf("malformed chunk %q", all(r)) }),
	} {
		t.Run(name, func(t *testing.T) {
			var signature string
			client := fakeClient(roundTripper(func(request *http.Request) (*http.Response, error) {
				signature = request.Header.Get("Scp-Signature")
				return transport(request)
			}))
			client.config.Credentials, client.redactor = secretive, secretive.redactor()
			var output bytes.Buffer
			_, err := readWithin(t, tflogtest.RootLogger(t.Context(), &output), client)
			everything := fmt.Sprintf("%s\n%+v\n%s", err, err, &output)
			lines, broken := tflogtest.MultilineJSONDecode(&output)
			if everything += fmt.Sprint(lines); err == nil || broken != nil || len(lines) != 2 {
				t.Fatalf("there are %d lines and %v in\n%s", len(lines), broken, everything)
			}
			if found := leaks(everything, signature); found != nil {
				t.Errorf("%q is in\n%s", found, everything)
			}
		})
	}
}

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }
