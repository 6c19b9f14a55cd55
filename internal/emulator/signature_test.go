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

// signature is written from the document alone: a mistake of the client's code or the emulator's must not be here too.
func signature(secretKey, method, url, timestamp, accessKey, clientType string) string {
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte(method + url + timestamp + accessKey + clientType))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func milliseconds(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }

// unsigned removes what the signature consists of.
func unsigned(r *http.Request) {
	for _, name := range []string{"Scp-Accesskey", "Scp-Timestamp", "Scp-Signature", "Scp-ClientType"} {
		r.Header.Del(name)
	}
}

// A signature that the vendor's own function made: the tests' function makes the same, and the emulator accepts no other.
func TestSignatureVector(t *testing.T) {
	const host, vector = "virtualserver.kr-west1.e.samsungsdscloud.com", "TFOHGVUs05DsKo/YTIMOKj5g0d7zXJIZvzAEvCaO6Vo="
	got := signature("test-secret", "GET", "https://"+host+membersPath(documentImage), "1605290625682", "2sd2gg=2agbdSD26svcD", "Openapi")
	if got != vector {
		t.Fatalf("the vector's signature is %q, want %q", got, vector)
	}
	at := time.UnixMilli(1605290625682)
	fixtures := emulator.Fixtures{AccessKey: "2sd2gg=2agbdSD26svcD", SecretKey: "test-secret", Images: []emulator.Image{{ID: documentImage}}}
	server := httptest.NewTLSServer(emulator.New(emulator.Fixed(fixtures), emulator.Options{Now: func() time.Time { return at }}))
	t.Cleanup(server.Close)
	for signed, want := range map[string]string{vector: "200", strings.Replace(vector, "Vo=", "Vk=", 1): "401 HmacValidFail"} {
		c := call{method: http.MethodGet, url: server.URL + membersPath(documentImage), edit: func(r *http.Request) {
			r.Host = host
			r.Header.Set("Scp-Accesskey", "2sd2gg=2agbdSD26svcD")
			r.Header.Set("Scp-Timestamp", "1605290625682")
			r.Header.Set("Scp-ClientType", "Openapi")
			r.Header.Set("Scp-Signature", signed)
		}}
		if got := c.sendBy(t, server.Client()).outcome(t); got != want {
			t.Errorf("%s: the outcome is %s, want %s", signed, got, want)
		}
	}
}

// One thing at a time is wrong, and each is enough.
func TestSignatures(t *testing.T) {
	url := start(t, emulator.Options{})
	header := func(name, value string) func(*call) {
		return func(c *call) { c.edit = func(r *http.Request) { r.Header.Set(name, value) } }
	}
	without := func(name string) func(*call) {
		return func(c *call) { c.edit = func(r *http.Request) { r.Header.Del(name) } }
	}
	changed := func(change func(signature []byte) []byte) func(*call) {
		return func(c *call) {
			c.edit = func(r *http.Request) {
				raw, _ := base64.StdEncoding.DecodeString(r.Header.Get("Scp-Signature"))
				r.Header.Set("Scp-Signature", base64.StdEncoding.EncodeToString(change(raw)))
			}
		}
	}
	flipped := func(at int) func(*call) {
		return changed(func(signature []byte) []byte { signature[at] ^= 1; return signature })
	}
	// The last character of the Base64 has two bits without a meaning. SCP compares text, as far as anyone knows.
	loose := func(c *call) {
		c.edit = func(r *http.Request) {
			const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
			good := r.Header.Get("Scp-Signature")
			at := len(good) - 2
			r.Header.Set("Scp-Signature", good[:at]+string(alphabet[strings.IndexByte(alphabet, good[at])+1])+"=")
		}
	}
	signedURL := func(old, with string) func(*call) {
		return func(c *call) { c.signedURL = strings.Replace(c.url, old, with, 1) }
	}
	timestamp := func(timestamp string) func(*call) { return func(c *call) { c.timestamp = timestamp } }
	const hmacFail, timestampFail = "401 HmacValidFail", "401 TimestampValidFail"
	for name, test := range map[string]struct {
		wrong func(*call)
		want  string
	}{
		"nothing":                     {func(*call) {}, "200"},
		"access key unknown":          {func(c *call) { c.accessKey = "demo-access-kez" }, "401 AccessKeyNotFound"},
		"access key in another case":  {func(c *call) { c.accessKey = "Demo-Access-Key" }, "401 AccessKeyNotFound"},
		"access key not sent":         {without("Scp-Accesskey"), "401 AccessKeyNotFound"},
		"secret key":                  {func(c *call) { c.secretKey = "demo-secret-kez" }, hmacFail},
		"first byte of the signature": {flipped(0), hmacFail},
		"last byte of the signature":  {flipped(sha256.Size - 1), hmacFail},
		"signature not sent":          {without("Scp-Signature"), hmacFail},
		"signature not in Base64":     {header("Scp-Signature", "not Base64"), hmacFail},
		"signature in loose Base64":   {loose, hmacFail},
		"signature cut off":           {changed(func(signature []byte) []byte { return signature[:16] }), hmacFail},
		"method signed":               {func(c *call) { c.edit = func(r *http.Request) { r.Method = http.MethodPost } }, hmacFail},
		"scheme signed":               {signedURL("http:", "https:"), hmacFail},
		"host signed":                 {signedURL(strings.TrimPrefix(url, "http://"), "virtualserver.kr-west1.e.samsungsdscloud.com"), hmacFail},
		"path alone signed":           {signedURL(url, ""), hmacFail},
		"another image's path signed": {signedURL(documentImage, manyMembers), hmacFail},
		"query not signed":            {func(c *call) { c.signedURL = c.url; c.url += "?a=b" }, hmacFail},
		"timestamp not signed":        {header("Scp-Timestamp", milliseconds(time.Now().Add(time.Second))), hmacFail},
		"timestamp not sent":          {without("Scp-Timestamp"), timestampFail},
		"timestamp in words":          {timestamp("now"), timestampFail},
		"timestamp in seconds":        {timestamp(strconv.FormatInt(time.Now().Unix(), 10)), timestampFail},
		"timestamp with a fraction":   {timestamp(milliseconds(time.Now()) + ".5"), timestampFail},
		"timestamp that is too large": {timestamp("99999999999999999999"), timestampFail},
		"largest timestamp":           {timestamp("9223372036854775807"), timestampFail},
		"smallest timestamp":          {timestamp("-9223372036854775808"), timestampFail},
		"client type":                 {func(c *call) { c.clientType = "openapi" }, hmacFail},
		"client type not signed":      {func(c *call) { c.clientType = ""; header("Scp-ClientType", "Openapi")(c) }, hmacFail},
		"client type not sent":        {func(c *call) { c.clientType = "" }, hmacFail},
		"no header":                   {func(c *call) { c.edit = unsigned }, "404 gateway"}, // the gateway knows no such path
		"no header but the type and a token": {func(c *call) {
			c.token = "t"
			c.edit = func(r *http.Request) { unsigned(r); r.Header.Set("Scp-ClientType", "Openapi") }
		}, "404 gateway"},
		"another host": {func(c *call) {
			c.edit = func(r *http.Request) { r.Host = "virtualserver.kr-west1.e.samsungsdscloud.com" }
		}, hmacFail},
		"another host, that is signed": {func(c *call) {
			c.signedURL = "http://scp.example" + membersPath(documentImage)
			c.edit = func(r *http.Request) { r.Host = "scp.example" } // as a proxy or a hosts file brings it here
		}, "200"},
	} {
		t.Run(name, func(t *testing.T) {
			c := get(url + membersPath(documentImage))
			test.wrong(&c)
			c.gets(t, test.want)
		})
	}
}

// The bytes that are sent count: a URL that is escaped a second time for the signature is another one.
func TestSignatureOfURLs(t *testing.T) {
	url := start(t, emulator.Options{})
	for _, test := range []struct{ sent, signed, want string }{
		{"/v1/images/a%2Fb%20c/members", "/v1/images/a%2Fb%20c/members", "404 NotFound"}, // past the signature: there is no image a/b c
		{"/v1/images/a%2Fb%20c/members", "/v1/images/a%252Fb%2520c/members", "401 HmacValidFail"},
		{"/v1/images/a%2Fb%20c/members", "/v1/images/a/b c/members", "401 HmacValidFail"},
		{"/v1/images/a%2fb/members", "/v1/images/a%2Fb/members", "401 HmacValidFail"},
		{membersPath(documentImage) + "?a=b%20c&d", membersPath(documentImage) + "?a=b%20c&d", "200"},
		{membersPath(documentImage) + "?a=b%20c", membersPath(documentImage) + "?a=b%2520c", "401 HmacValidFail"},
		{"/v1/images?sort=id:asc", "/v1/images", "401 HmacValidFail"},
		// A region is signed too, although the routes do not see it.
		{"/kr-west1" + membersPath(documentImage), "/kr-west1" + membersPath(documentImage), "200"},
		{"/kr-west1" + membersPath(documentImage), membersPath(documentImage), "401 HmacValidFail"},
	} {
		c := get(url + test.sent)
		c.signedURL = url + test.signed
		c.gets(t, test.want)
	}
}

// One account's key with another's secret or token is rejected. Fixtures without a token accept any.
func TestKeysAndTokens(t *testing.T) {
	fixtures := accountsOf("a b", emulator.Image{ID: "x"})
	fixtures.Accounts[1].AuthToken = "b-token"
	url := startWith(t, fixtures) + "/v1/images"
	for _, test := range []struct{ accessKey, secretKey, token, want string }{
		{"a-key", "a-secret", "", "200"}, {"a-key", "a-secret", "any", "200"},
		{"a-key", "b-secret", "", "401 HmacValidFail"}, {"e-key", "e-secret", "", "401 AccessKeyNotFound"},
		{"b-key", "b-secret", "b-token", "200"}, {"b-key", "a-secret", "b-token", "401 HmacValidFail"},
		{"b-key", "b-secret", "", "401 TokenValidFail"}, {"b-key", "b-secret", "b-tokem", "401 TokenValidFail"},
		{"b-key", "b-secret", "b-token-", "401 TokenValidFail"}, {"b-key", "b-secret", "B-Token", "401 TokenValidFail"},
	} {
		c := get(url)
		c.accessKey, c.secretKey, c.token = test.accessKey, test.secretKey, test.token
		c.gets(t, test.want)
	}
}
