// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// checkSignature returns the account that signed a request, or the gateway's refusal if its signature is not good.
func (e *Emulator) checkSignature(x exchange) (Account, *answer) {
	accessKey := x.Header.Get("Scp-Accesskey")
	timestamp := x.Header.Get("Scp-Timestamp")
	signature := x.Header.Get("Scp-Signature")
	clientType := x.Header.Get("Scp-ClientType")
	if accessKey == "" && timestamp == "" && signature == "" {
		// The gateway does not say that the headers are missing.
		refusal := notFoundByGateway
		return Account{}, &refusal
	}
	accounts := x.fixtures.AllAccounts()
	at := slices.IndexFunc(accounts, func(a Account) bool { return a.AccessKey == accessKey })
	if at < 0 {
		return Account{}, unauthorized("AccessKeyNotFound")
	}
	account := accounts[at]
	if account.AuthToken != "" && x.Header.Get("X-Auth-Token") != account.AuthToken {
		return Account{}, unauthorized("TokenValidFail")
	}
	milliseconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return Account{}, unauthorized("TimestampValidFail")
	}
	if skew := x.now.Sub(time.UnixMilli(milliseconds)).Abs(); skew > e.options.Skew {
		return Account{}, unauthorized("TimestampValidFail")
	}

	mac := hmac.New(sha256.New, []byte(account.SecretKey))
	for _, part := range []string{x.Method, origin(x.Request), x.RequestURI, timestamp, accessKey, clientType} {
		_, _ = io.WriteString(mac, part)
	}
	// As text: Base64 can write the same bytes in more ways than the one that SCP does.
	good := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if !hmac.Equal([]byte(signature), []byte(good)) || clientType != "Openapi" {
		return Account{}, unauthorized("HmacValidFail")
	}
	return account, nil
}

// origin returns the scheme and host that r was sent to.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func unauthorized(reason string) *answer {
	return &answer{http.StatusUnauthorized, map[string]any{
		"status": "UNAUTHORIZED", "name": "Request was rejected by gateway", "message": reason,
	}}
}
