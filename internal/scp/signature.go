// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"crypto/fips140"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/redact"
)

const clientType = "Openapi"

// Credentials identify the caller to SCP.
type Credentials struct {
	AccessKey string
	SecretKey string
	AuthToken string // a session token, sent as X-Auth-Token; empty for none
}

// CheckSecretKey returns an error if this process must not sign with key: in FIPS 140-only mode, signing with fewer than 112 bits panics.
func CheckSecretKey(key string) error {
	if fips140.Enforced() && len(key) < 14 {
		return errors.New("it is shorter than 14 characters, which FIPS 140-only mode (GODEBUG=fips140=only) does not allow")
	}
	return nil
}

// redactor returns what removes the credentials from texts. The secret key never goes over the wire, but may have been pasted anywhere.
func (c Credentials) redactor() *redact.Redactor {
	return redact.New(c.SecretKey, c.AuthToken, c.AccessKey)
}

// sign sets the headers that authenticate request, which is sent at the time now. Their names are in net/http's form.
func (c Credentials) sign(request *http.Request, now time.Time) {
	timestamp := strconv.FormatInt(now.UnixMilli(), 10)
	request.Header["Scp-Accesskey"] = []string{c.AccessKey}
	request.Header["Scp-Timestamp"] = []string{timestamp}
	request.Header["Scp-Signature"] = []string{c.signature(request.Method, request.URL.String(), timestamp)}
	request.Header["Scp-Clienttype"] = []string{clientType}
	if c.AuthToken != "" {
		request.Header["X-Auth-Token"] = []string{c.AuthToken}
	}
}

// signature returns the standard Base64 of an HMAC-SHA256 over the parts, with nothing between them.
// url is the full URL, byte for byte as sent; timestamp is in Unix milliseconds.
// Source: the signing chapter on docs.e.samsungsdscloud.com, and the vendor's SDK.
func (c Credentials) signature(method, url, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(c.SecretKey))
	mac.Write([]byte(method + url + timestamp + c.AccessKey + clientType))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
