// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http"
	"regexp"
	"strings"
)

// kindOfStatus returns what a response means whose status is not 200. skewed is whether its Date is far from this machine's time. The words
// of its text are recognized before it is cleaned: a short key may be a part of any word.
func kindOfStatus(r Request, e *Error, foreign, skewed bool) Kind {
	words := strings.ToLower(e.Code + " " + e.Detail)
	switch e.StatusCode {
	case http.StatusProxyAuthRequired:
		return KindProxyLogin
	case http.StatusTooManyRequests:
		return KindTooManyRequests
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return KindSendAgain
	}
	switch status := e.StatusCode; {
	case status == http.StatusNotFound && e.FromService && r.ofImage:
		return KindImageNotFound
	case status == http.StatusNotFound && e.FromService:
		return KindNotFound
	case status == http.StatusNotFound:
		return KindEndpointNotFound
	case r.Signed && rejectsVersion(status, words, foreign):
		return KindVersionRejected
	case foreign && status == http.StatusUnauthorized:
		return KindForeignLogin
	case foreign && isTemporaryStatus(status):
		return KindForeignBusy
	case foreign && status >= 400 || status == http.StatusRequestEntityTooLarge && !e.FromService:
		return KindForeign
	case isTemporaryStatus(status):
		return KindServerError
	case !r.Signed && status >= 400 && status < 500:
		return KindVersionListRejected
	case status == http.StatusUnauthorized && skewed:
		return KindClock
	case status == http.StatusUnauthorized && strings.Contains(words, "hmacvalidfail"):
		return KindSignatureRejected
	case status == http.StatusUnauthorized:
		return KindUnauthorized
	case status == http.StatusForbidden && strings.Contains(words, "only shared images"):
		return KindNotShared
	case status == http.StatusForbidden:
		return KindForbidden
	case status == http.StatusBadRequest:
		return KindMalformed
	case status >= 300 && status < 400 && status != http.StatusNotModified:
		return KindRedirect
	}
	return KindUnexpectedStatus
}

// versionWords are what the rejection of an API version may say: how virtualserver words it is not documented.
var versionWords = regexp.MustCompile(`\bapi[ -]?version\b|\bversion\b.*(?:support|valid|unknown)|(?:support|valid|unknown).*\bversion\b`)

func rejectsVersion(status int, words string, foreign bool) bool {
	return status == http.StatusNotAcceptable && !foreign || status == http.StatusBadRequest && versionWords.MatchString(words)
}

func isTemporaryStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
