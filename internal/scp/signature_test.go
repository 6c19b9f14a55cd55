// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

// The vector of the vendor's own function.
const (
	vectorURL       = "https://virtualserver.kr-west1.e.samsungsdscloud.com/v1/images/70a599e0-31e7-49b7-b260-868f441e862b/members"
	vectorTimestamp = 1605290625682
	vectorSignature = "TFOHGVUs05DsKo/YTIMOKj5g0d7zXJIZvzAEvCaO6Vo="
)

var vectorCredentials = Credentials{AccessKey: "2sd2gg=2agbdSD26svcD", SecretKey: "test-secret"}

// Each part must count: a signature that leaves one out could be used for another request. The expected values are of
// openssl dgst -sha256 -hmac SECRET -binary | base64.
func TestSignatureParts(t *testing.T) {
	access, secret := vectorCredentials.AccessKey, vectorCredentials.SecretKey
	for _, c := range []struct {
		access, secret, token string
		request, want         string
	}{
		{access, secret, "", "GET " + vectorURL + " 1605290625682", vectorSignature},
		{access, secret, "t", "GET " + vectorURL + " 1605290625682", vectorSignature},
		{access, secret, "", "POST " + vectorURL + " 1605290625682", "UjAR0BnqKMmpYx0CaIWXjvijdk96USz3GQmJVl9cYYM="},
		{access, secret, "", "GET " + vectorURL + "?a=b%20c 1605290625682", "NqJGRbX5fB2chEiUvQO51TjGeeAJwXboY0Om21Vc74Y="},
		{access, secret, "", "GET " + vectorURL + " 1605290625683", "aLI0qD6oUvTVuE0n8dOybaUttJ1/dqiLetJua+7krzo="},
		{"x", secret, "", "GET " + vectorURL + " 1605290625682", "auk+hPOkCQ6XlxwD/alsWtgk2CGMzc87VO8wbAdHLE0="},
		{access, "x", "", "GET " + vectorURL + " 1605290625682", "naTac/MYon/FAI5i8ONZDslAT65zBLdxUsKT8kcQZCI="},
	} {
		parts := strings.Fields(c.request)
		if got := (Credentials{c.access, c.secret, c.token}).signature(parts[0], parts[1], parts[2]); got != c.want {
			t.Errorf("%s: the signature is %q, want %q", c.request, got, c.want)
		}
	}
}
