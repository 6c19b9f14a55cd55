// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// signature is written from the document alone: neither the client's code nor the emulator's may lend it a fault.
func signature(secretKey, method, url, timestamp, accessKey, clientType string) string {
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte(method + url + timestamp + accessKey + clientType))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func milliseconds(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }

// unsigned takes off what the signature consists of.
func unsigned(r *http.Request) {
	for _, name := range []string{"Scp-Accesskey", "Scp-Timestamp", "Scp-Signature", "Scp-ClientType"} {
		r.Header.Del(name)
	}
}

// The tests' own signature has to be right before it can judge the emulator's check.
func TestSignatureVector(t *testing.T) {
	got := signature("test-secret", "GET",
		"https://virtualserver.kr-west1.e.samsungsdscloud.com/v1/images/70a599e0-31e7-49b7-b260-868f441e862b/members",
		"1605290625682", "2sd2gg=2agbdSD26svcD", "Openapi")
	if want := "TFOHGVUs05DsKo/YTIMOKj5g0d7zXJIZvzAEvCaO6Vo="; got != want {
		t.Fatalf("the vector's signature is %q, want %q", got, want)
	}
}

// The vector itself, as it would arrive at SCP: the emulator's check is held to the vendor's function.
func TestSignatureVectorIsAccepted(t *testing.T) {
	at := time.UnixMilli(1605290625682)
	fixtures := emulator.Fixtures{AccessKey: "2sd2gg=2agbdSD26svcD", SecretKey: "test-secret", Images: []emulator.Image{{ID: documentImage}}}
	server := httptest.NewTLSServer(emulator.New(emulator.Fixed(fixtures), emulator.Options{Now: func() time.Time { return at }}))
	t.Cleanup(server.Close)
	for signed, want := range map[string]int{
		"TFOHGVUs05DsKo/YTIMOKj5g0d7zXJIZvzAEvCaO6Vo=": http.StatusOK,
		"TFOHGVUs05DsKo/YTIMOKj5g0d7zXJIZvzAEvCaO6Vk=": http.StatusUnauthorized,
	} {
		c := call{method: http.MethodGet, url: server.URL + membersPath(documentImage), edit: func(r *http.Request) {
			r.Host = "virtualserver.kr-west1.e.samsungsdscloud.com"
			r.Header.Set("Scp-Accesskey", "2sd2gg=2agbdSD26svcD")
			r.Header.Set("Scp-Timestamp", "1605290625682")
			r.Header.Set("Scp-ClientType", "Openapi")
			r.Header.Set("Scp-Signature", signed)
		}}
		if got := c.sendBy(t, server.Client()); got.status != want {
			t.Errorf("%s: the status is %d, want %d: %s", signed, got.status, want, got.body)
		}
	}
}

// One thing at a time is wrong, and each must be enough.
func TestSignatureRefusals(t *testing.T) {
	url := start(t, emulator.Options{})
	header := func(name, value string) func(*call) {
		return func(c *call) { c.edit = func(r *http.Request) { r.Header.Set(name, value) } }
	}
	flipped := func(at int) func(*call) {
		return func(c *call) {
			c.edit = func(r *http.Request) {
				raw, err := base64.StdEncoding.DecodeString(r.Header.Get("Scp-Signature"))
				if err != nil {
					t.Fatal(err)
				}
				raw[at] ^= 1
				r.Header.Set("Scp-Signature", base64.StdEncoding.EncodeToString(raw))
			}
		}
	}
	for _, test := range []struct {
		name  string
		wrong func(*call)
		want  string // the gateway's message
	}{
		{"access key unknown", func(c *call) { c.accessKey = "demo-access-kez" }, "AccessKeyNotFound"},
		{"access key in another case", func(c *call) { c.accessKey = "Demo-Access-Key" }, "AccessKeyNotFound"},
		{"access key not sent", func(c *call) { c.edit = func(r *http.Request) { r.Header.Del("Scp-Accesskey") } }, "AccessKeyNotFound"},
		{"secret key", func(c *call) { c.secretKey = "demo-secret-kez" }, "HmacValidFail"},
		{"first byte of the signature", flipped(0), "HmacValidFail"},
		{"last byte of the signature", flipped(sha256.Size - 1), "HmacValidFail"},
		{"signature not sent", func(c *call) { c.edit = func(r *http.Request) { r.Header.Del("Scp-Signature") } }, "HmacValidFail"},
		{"signature of no length", header("Scp-Signature", base64.StdEncoding.EncodeToString(nil)), "HmacValidFail"},
		{"signature not in Base64", header("Scp-Signature", "not Base64"), "HmacValidFail"},
		{"signature cut off", func(c *call) {
			c.edit = func(r *http.Request) {
				raw, _ := base64.StdEncoding.DecodeString(r.Header.Get("Scp-Signature"))
				r.Header.Set("Scp-Signature", base64.StdEncoding.EncodeToString(raw[:16]))
			}
		}, "HmacValidFail"},
		{"method signed", func(c *call) { c.edit = func(r *http.Request) { r.Method = http.MethodHead } }, "HmacValidFail"},
		{"scheme signed", func(c *call) { c.signedURL = strings.Replace(c.url, "http:", "https:", 1) }, "HmacValidFail"},
		{"host signed", func(c *call) {
			c.signedURL = "http://virtualserver.kr-west1.e.samsungsdscloud.com" + membersPath(documentImage)
		}, "HmacValidFail"},
		{"path alone signed", func(c *call) { c.signedURL = membersPath(documentImage) }, "HmacValidFail"},
		{"path of another image signed", func(c *call) { c.signedURL = url + membersPath(noMembers) }, "HmacValidFail"},
		{"query not signed", func(c *call) { c.signedURL = c.url; c.url += "?a=b" }, "HmacValidFail"},
		{"timestamp not signed", func(c *call) {
			c.timestamp = milliseconds(time.Now())
			later := milliseconds(time.Now().Add(time.Second))
			c.edit = func(r *http.Request) { r.Header.Set("Scp-Timestamp", later) }
		}, "HmacValidFail"},
		{"timestamp not sent", func(c *call) { c.edit = func(r *http.Request) { r.Header.Del("Scp-Timestamp") } }, "TimestampValidFail"},
		{"timestamp not a number", func(c *call) { c.timestamp = "now" }, "TimestampValidFail"},
		{"timestamp a date", func(c *call) { c.timestamp = time.Now().UTC().Format(time.RFC3339) }, "TimestampValidFail"},
		{"timestamp with a fraction", func(c *call) { c.timestamp = milliseconds(time.Now()) + ".5" }, "TimestampValidFail"},
		{"timestamp in seconds", func(c *call) { c.timestamp = strconv.FormatInt(time.Now().Unix(), 10) }, "TimestampValidFail"},
		{"timestamp in microseconds", func(c *call) { c.timestamp = strconv.FormatInt(time.Now().UnixMicro(), 10) }, "TimestampValidFail"},
		{"timestamp too large for a number", func(c *call) { c.timestamp = "99999999999999999999" }, "TimestampValidFail"},
		{"timestamp as large as a number can be", func(c *call) { c.timestamp = "9223372036854775807" }, "TimestampValidFail"},
		{"timestamp as small as a number can be", func(c *call) { c.timestamp = "-9223372036854775808" }, "TimestampValidFail"},
		{"client type", func(c *call) { c.clientType = "Console" }, "HmacValidFail"},
		{"client type in another case", func(c *call) { c.clientType = "openapi" }, "HmacValidFail"},
		{"client type not signed", func(c *call) { c.clientType = ""; header("Scp-ClientType", "Openapi")(c) }, "HmacValidFail"},
		{"client type not sent", func(c *call) { c.clientType = "" }, "HmacValidFail"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := get(url + membersPath(documentImage))
			test.wrong(&c)
			got := c.send(t)
			if c.request(t).Method == http.MethodHead { // has no body to look at
				if got.status != http.StatusUnauthorized {
					t.Errorf("the status is %d", got.status)
				}
				return
			}
			got.gatewayUnauthorized(t, test.want)
		})
	}
}

// The last character of the Base64 holds two bits that mean nothing. A client that sets them sends another
// signature than SCP makes, which compares text as far as anyone knows.
func TestSignatureOfLooseBase64IsRefused(t *testing.T) {
	c := get(start(t, emulator.Options{}) + membersPath(documentImage))
	c.edit = func(r *http.Request) {
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		good := r.Header.Get("Scp-Signature")
		at := len(good) - 2
		r.Header.Set("Scp-Signature", good[:at]+string(alphabet[strings.IndexByte(alphabet, good[at])+1])+"=")
	}
	c.send(t).gatewayUnauthorized(t, "HmacValidFail")
}

// The gateway does not say that the headers are missing: it knows no such path.
func TestRequestWithoutTheHeaders(t *testing.T) {
	c := get(start(t, emulator.Options{}) + membersPath(documentImage))
	for name, edit := range map[string]func(*http.Request){
		"none of the four": unsigned,
		"but the client type": func(r *http.Request) {
			unsigned(r)
			r.Header.Set("Scp-ClientType", "Openapi")
		},
		"but the token": func(r *http.Request) {
			unsigned(r)
			r.Header.Set("X-Auth-Token", "t")
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.edit = edit
			c.send(t).gatewayNotFound(t)
		})
	}
}

// The bytes that are sent count: what a client escapes a second time for the signature is another URL.
func TestSignatureOfEscapedURLs(t *testing.T) {
	url := start(t, emulator.Options{})
	for name, test := range map[string]struct {
		sent, signed string
		want         int
	}{
		"path as sent":         {"/v1/images/a%2Fb%20c/members", "/v1/images/a%2Fb%20c/members", http.StatusNotFound},
		"path escaped twice":   {"/v1/images/a%2Fb%20c/members", "/v1/images/a%252Fb%2520c/members", http.StatusUnauthorized},
		"path not escaped":     {"/v1/images/a%2Fb%20c/members", "/v1/images/a/b c/members", http.StatusUnauthorized},
		"path in other digits": {"/v1/images/a%2fb/members", "/v1/images/a%2Fb/members", http.StatusUnauthorized},
		"query as sent":        {membersPath(documentImage) + "?a=b%20c&d", membersPath(documentImage) + "?a=b%20c&d", http.StatusOK},
		"query escaped twice":  {membersPath(documentImage) + "?a=b%20c", membersPath(documentImage) + "?a=b%2520c", http.StatusUnauthorized},
		"whole URL escaped":    {membersPath(documentImage), strings.ReplaceAll(membersPath(documentImage), "/", "%2F"), http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			c := get(url + test.sent)
			c.signedURL = url + test.signed
			got := c.send(t)
			switch test.want {
			case http.StatusUnauthorized:
				got.gatewayUnauthorized(t, "HmacValidFail")
			case http.StatusNotFound:
				got.serviceError(t, http.StatusNotFound, "NotFound") // past the signature: there is no image a/b c
			default:
				got.object(t, test.want)
			}
		})
	}
}

func TestSessionToken(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.AuthToken = "the-token"
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
	for name, token := range map[string]string{"not sent": "", "wrong": "the-tokem", "longer": "the-token-", "in another case": "The-Token"} {
		t.Run(name, func(t *testing.T) {
			c := get(url + membersPath(documentImage))
			c.token = token
			c.send(t).gatewayUnauthorized(t, "TokenValidFail")
		})
	}
	c := get(url + membersPath(documentImage))
	c.token = "the-token"
	c.send(t).object(t, http.StatusOK)
	// Fixtures without a token ask for none, and mind none.
	c.url = start(t, emulator.Options{}) + membersPath(documentImage)
	c.send(t).object(t, http.StatusOK)
}
