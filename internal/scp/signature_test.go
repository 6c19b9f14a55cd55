// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http"
	"testing"
	"time"
)

// The vector of the vendor's own function.
const (
	vectorURL       = "https://virtualserver.kr-west1.e.samsungsdscloud.com/v1/images/70a599e0-31e7-49b7-b260-868f441e862b/members"
	vectorTimestamp = 1605290625682
	vectorSignature = "TFOHGVUs05DsKo/YTIMOKj5g0d7zXJIZvzAEvCaO6Vo="
)

var vectorCredentials = Credentials{AccessKey: "2sd2gg=2agbdSD26svcD", SecretKey: "test-secret"}

func TestSignatureVector(t *testing.T) {
	request, err := http.NewRequest(http.MethodGet, vectorURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	vectorCredentials.sign(request, vectorURL, time.UnixMilli(vectorTimestamp).Add(999*time.Microsecond))
	for name, want := range map[string]string{
		"Scp-Accesskey":  "2sd2gg=2agbdSD26svcD",
		"Scp-Timestamp":  "1605290625682",
		"Scp-Signature":  vectorSignature,
		"Scp-ClientType": "Openapi",
	} {
		if got := request.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if _, sent := request.Header["X-Auth-Token"]; sent {
		t.Error("X-Auth-Token is set, although there is no token")
	}
}

// Each part must count: a signature that leaves one out could be used for another request. The expected values are of
// openssl dgst -sha256 -hmac SECRET -binary | base64.
func TestSignatureParts(t *testing.T) {
	for _, c := range []struct {
		name                   string
		credentials            Credentials
		method, url, timestamp string
		want                   string
	}{
		{"vector", vectorCredentials, "GET", vectorURL, "1605290625682", vectorSignature},
		{"other method", vectorCredentials, "POST", vectorURL, "1605290625682", "UjAR0BnqKMmpYx0CaIWXjvijdk96USz3GQmJVl9cYYM="},
		{"query", vectorCredentials, "GET", vectorURL + "?a=b%20c", "1605290625682", "NqJGRbX5fB2chEiUvQO51TjGeeAJwXboY0Om21Vc74Y="},
		{"other time", vectorCredentials, "GET", vectorURL, "1605290625683", "aLI0qD6oUvTVuE0n8dOybaUttJ1/dqiLetJua+7krzo="},
		{
			"other access key", Credentials{AccessKey: "x", SecretKey: "test-secret"}, "GET", vectorURL, "1605290625682",
			"auk+hPOkCQ6XlxwD/alsWtgk2CGMzc87VO8wbAdHLE0=",
		},
		{
			"other secret", Credentials{AccessKey: "2sd2gg=2agbdSD26svcD", SecretKey: "x"}, "GET", vectorURL, "1605290625682",
			"naTac/MYon/FAI5i8ONZDslAT65zBLdxUsKT8kcQZCI=",
		},
		{"the token does not count", Credentials{AccessKey: "2sd2gg=2agbdSD26svcD", SecretKey: "test-secret", AuthToken: "t"},
			"GET", vectorURL, "1605290625682", vectorSignature},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.credentials.signature(c.method, c.url, c.timestamp); got != c.want {
				t.Errorf("the signature is %q, want %q", got, c.want)
			}
		})
	}
}
