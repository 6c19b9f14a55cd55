// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// secretive has in its keys every character that one of the escapings changes.
var secretive = Credentials{AccessKey: `ak/1+2=3`, SecretKey: `sk/"4"&<5>'%6\7=`, AuthToken: `tk+8/9==`}

// escapings are the forms in which servers and Go's own errors quote a text.
var escapings = map[string]func(string) string{
	"raw":           func(s string) string { return s },
	"query":         url.QueryEscape,
	"path":          url.PathEscape,
	"query, lower":  func(s string) string { return lowerEscapes(url.QueryEscape(s)) },
	"HTML":          html.EscapeString,
	"HTML, named":   strings.NewReplacer(`&`, "&amp;", `<`, "&lt;", `>`, "&gt;", `"`, "&quot;", `'`, "&apos;").Replace,
	"JSON":          func(s string) string { return inner(strconv.Quote(s)) },
	"JSON, slash":   func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
	"JSON, PHP":     func(s string) string { return strings.ReplaceAll(inner(strconv.Quote(s)), "/", `\/`) },
	"JSON, Gson":    func(s string) string { return unicodeEscape(inner(strconv.Quote(s)), `=<>&'`) },
	"JSON, .NET":    func(s string) string { return unicodeEscape(s, `"&'+<>\`) },
	"JSON, upper":   func(s string) string { return upperUnicode(unicodeEscape(s, `"&'+<>\`)) },
	"HTML, hex":     func(s string) string { return hexEntities(s, "x") },
	"HTML, HEX":     func(s string) string { return hexEntities(s, "X00") },
	"twice in JSON": func(s string) string { return inner(strconv.Quote(inner(strconv.Quote(s)))) },
}

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

func unicodeEscape(text, characters string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(characters, r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// upperUnicode turns the digits of \u escapes to upper case.
func upperUnicode(text string) string {
	parts := strings.Split(text, `\u`)
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.ToUpper(parts[i][:4]) + parts[i][4:]
	}
	return strings.Join(parts, `\u`)
}

func hexEntities(text, prefix string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, "&#%s%x;", prefix, r)
	}
	return b.String()
}

// lowerEscapes turns the digits of percent escapes to lower case.
func lowerEscapes(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "%") {
		if i > 0 {
			part = "%" + strings.ToLower(part[:2]) + part[2:]
		}
		b.WriteString(part)
	}
	return b.String()
}

func TestRedactEscapings(t *testing.T) {
	const signature = vectorSignature
	secrets := map[string]string{"secret key": secretive.SecretKey, "access key": secretive.AccessKey, "token": secretive.AuthToken, "signature": signature}
	for name, escape := range escapings {
		for what, secret := range secrets {
			t.Run(what+", "+name, func(t *testing.T) {
				got := secretive.clean("before "+escape(secret)+" between "+escape(secret)+", after", signature)
				if want := "before (redacted) between (redacted), after"; got != want {
					t.Errorf("%s becomes %s", escape(secret), got)
				}
			})
		}
	}
}

func TestRedact(t *testing.T) {
	for _, c := range []struct {
		name        string
		credentials Credentials
		signature   string
		text, want  string
	}{
		{"nothing to redact", vectorCredentials, "sig", "HmacValidFail", "HmacValidFail"},
		{"no secrets", Credentials{}, "", "a b", "a b"},
		{"no secrets, something escaped", Credentials{}, "", `100% &amp; \n`, `100% &amp; \n`},
		{"nothing escaped but for HTML", Credentials{SecretKey: "a<b"}, "", "a<b a&lt;b a&#60;b a&#x3C;b", "(redacted) (redacted) (redacted) (redacted)"},
		{"no signature yet", vectorCredentials, "", "test-secret", "(redacted)"},
		{"prefix of another", Credentials{AccessKey: "key", SecretKey: "key-and-more"}, "key-and", "key key-and-more key-and", "(redacted) (redacted) (redacted)"},
		{"escaped prefix of another", Credentials{AccessKey: "a", SecretKey: "a/b"}, "", "a%2Fb", "(redacted)"},
		{"within a word", vectorCredentials, "", "xtest-secretx", "x(redacted)x"},
		{"split over lines", Credentials{SecretKey: "secret"}, "", "secret\r\nsecret", "(redacted) (redacted)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.credentials.clean(c.text, c.signature); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The replacement must not be searched for secrets again: what it grows to with one-letter keys has no end.
func TestRedactDoesNotRedactItself(t *testing.T) {
	credentials := Credentials{AccessKey: "d", SecretKey: "e", AuthToken: "ed"}
	if got := credentials.clean("ed", "c"); got != "(redacted)" {
		t.Errorf("got %d characters, %.60q, want (redacted)", len(got), got)
	}
}

// A secret that the bound would cut in two is redacted whole. What is not shown is not looked at: it counts as it came.
func TestRedactAcrossTheBound(t *testing.T) {
	for before := 480; before <= 510; before++ {
		want := strings.Repeat("x", before) + "(redacted)"
		more := len(want) - 500
		if before >= 500 {
			more = before + len("test-secret") - 500
		}
		if more > 0 {
			want = fmt.Sprintf("%s… (%d more characters)", want[:500], more)
		}
		if got := vectorCredentials.clean(strings.Repeat("x", before)+"test-secret", ""); got != want {
			t.Errorf("after %d characters: got %q", before, got[before:])
		}
	}
}

// Nor must the bound of what is read of a body leave the beginning of a secret: white space before it is folded away.
// Some characters may stay: other words begin like a secret too.
func TestRedactAcrossTheBodyBound(t *testing.T) {
	const secret = "hunter2-hunter2-hunter2"
	for _, inside := range []int{1, 8, len(secret) - 1, len(secret)} {
		client := fakeClient(answering(400, strings.Repeat(" ", maxErrorBodySize-inside)+secret))
		client.credentials = Credentials{SecretKey: secret}
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
	client.credentials = Credentials{SecretKey: "hunter2-hunter2-hunter2"}
	_, err := read(t, client)
	if err == nil || err.Class != ClassStatus || err.StatusCode != 403 || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error is %+v", err)
	}
}

// echo answers with what quote makes of the request.
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
	for _, secret := range []string{secretive.AccessKey, secretive.SecretKey, secretive.AuthToken, signature} {
		for _, escape := range escapings {
			if secret != "" && strings.Contains(text, escape(secret)) {
				found = append(found, escape(secret))
			}
		}
	}
	return found
}

// Whatever part of an answer echoes the secrets, no part of the error may.
func TestEchoedSecrets(t *testing.T) {
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
		"other image":  echo(200, func(r *http.Request) string { return `{"members":[{"member_id":"m","image_id":` + quoted(r) + `}]}` }),
		"name twice":   echo(200, func(r *http.Request) string { return `{"members":[],` + quoted(r) + `:1,` + quoted(r) + `:1}` }),
		"pointer":      echo(200, func(r *http.Request) string { return `{` + quoted(r) + `:{"a":tru}}` }),
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
			client.credentials = secretive
			_, err := read(t, client)
			if err == nil {
				t.Fatal("there is no error")
			}
			everything := fmt.Sprintf("%s\n%+v", err, *err)
			if found := leaks(everything, signature); found != nil {
				t.Errorf("%q is in\n%s", found, everything)
			}
		})
	}
}

// Go's own errors quote what the server sent.
func TestMalformedAnswerEchoesSecrets(t *testing.T) {
	for name, form := range map[string]string{
		"status line": "%s\r\n\r\n", "version": "HTTP/%s 200 OK\r\n\r\n", "code": "HTTP/1.1 %s OK\r\n\r\n",
		"header": "HTTP/1.1 200 OK\r\n%s\r\n\r\n", "length": "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n",
		"encoding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n", "header name": "HTTP/1.1 200 OK\r\n\"%s\": x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			var signature string
			url := rawServer(t, false, func(request string) string {
				for line := range strings.SplitSeq(request, "\r\n") {
					if value, ok := strings.CutPrefix(line, "Scp-Signature: "); ok {
						signature = value
					}
				}
				return fmt.Sprintf(form, signature+secretive.SecretKey+secretive.AuthToken+secretive.AccessKey)
			})
			client := serverClient(t, url)
			client.credentials = secretive
			_, err := read(t, client)
			if err == nil || err.Class != ClassTransport || signature == "" {
				t.Fatalf("the error is %+v", err)
			}
			if found := leaks(fmt.Sprintf("%+v", *err), signature); found != nil {
				t.Errorf("%q is in\n%+v", found, *err)
			}
		})
	}
}

// What a new user made servers echo: other cases and encodings of a secret, a decoder's pointer, another request's signature.
func TestRedactHostileEchoes(t *testing.T) {
	credentials := Credentials{AccessKey: "AccKey/odd~x+9", SecretKey: "sk", AuthToken: "Tok~en/Se+cret=Value\"9"}
	for name, text := range map[string]string{
		"pointer":             `within "/Tok~0en~1Se+cret=Value\"9" after offset 29`,
		"upper case":          `TOK~EN/SE+CRET=VALUE"9`,
		"base64":              "VG9rfmVuL1NlK2NyZXQ9VmFsdWUiOQ==",
		"URL twice":           `Tok~en%252FSe%252Bcret%253DValue%25229`,
		"HTML names":          "Tok~en&sol;Se&plus;cret&equals;Value&quot;9",
		"another's signature": "replay of SXs5gbz8TFOHGVUs05DsKoYTIMOKj5g0d7zXJILjHgo=",
		"and escaped":         "replay of SXs5gbz8TFOHGVUs05Ds%2FoYTIMOKj5g0d7zXJILjHgo%3D",
	} {
		t.Run(name, func(t *testing.T) {
			got := credentials.clean("before "+text+" after", "")
			if !strings.Contains(got, redacted) || strings.Contains(strings.ToLower(got), "cret") || strings.Contains(got, "VG9r") || strings.Contains(got, "SXs5") {
				t.Errorf("%q becomes %q", text, got)
			}
		})
	}
}
