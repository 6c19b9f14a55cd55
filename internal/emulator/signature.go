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

// maxSkew is the most that a request's timestamp may differ from the server's clock. A sibling service documents it.
const maxSkew = 15 * time.Minute

// checkSignature returns the account that signed a request, or the gateway's reply if its signature is not good.
func checkSignature(c call) (Account, *reply) {
	accessKey := c.Header.Get("Scp-Accesskey")
	timestamp := c.Header.Get("Scp-Timestamp")
	signature := c.Header.Get("Scp-Signature")
	clientType := c.Header.Get("Scp-ClientType")
	if accessKey == "" && timestamp == "" && signature == "" {
		return Account{}, gatewayNotFound() // the gateway does not say that the headers are missing
	}
	accounts := c.fixtures.AllAccounts()
	at := slices.IndexFunc(accounts, func(a Account) bool { return a.AccessKey == accessKey })
	if at < 0 {
		return Account{}, unauthorized("AccessKeyNotFound")
	}
	account := accounts[at]
	if account.AuthToken != "" && c.Header.Get("X-Auth-Token") != account.AuthToken {
		return Account{}, unauthorized("TokenValidFail")
	}
	milliseconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || c.now.Sub(time.UnixMilli(milliseconds)).Abs() > maxSkew {
		return Account{}, unauthorized("TimestampValidFail")
	}

	mac := hmac.New(sha256.New, []byte(account.SecretKey))
	for _, part := range []string{c.Method, origin(c.Request), c.RequestURI, timestamp, accessKey, clientType} {
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
