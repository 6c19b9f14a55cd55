// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// temporaryStatuses are those of a response that may be another the next time.
var temporaryStatuses = []int{
	http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusInternalServerError,
	http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// versionWords are what the rejection of an API version may say: how virtualserver words it is not documented.
var versionWords = regexp.MustCompile(`\bapi[ -]?version\b|\bversion\b.*(?:support|valid|unknown)|(?:support|valid|unknown).*\bversion\b`)

// kindOfStatus returns what a response means whose status is not 200. skewed is whether its Date is far from this machine's time. The words
// of its text are recognized before it is cleaned: a short key may be a part of any word.
func kindOfStatus(r Request, e *Error, foreign, skewed bool) Kind {
	words := strings.ToLower(e.Code + " " + e.Detail)
	switch status := e.StatusCode; {
	case status == http.StatusTooManyRequests:
		return KindTooManyRequests
	case slices.Contains(temporaryStatuses, status):
		return KindServerError
	case status == http.StatusProxyAuthRequired:
		return KindProxyLogin
	case status == http.StatusNotFound && !e.fromService:
		return KindEndpointNotFound
	case status == http.StatusNotFound && r.ofImage:
		return KindImageNotFound
	case status >= 300 && status < 400 && status != http.StatusNotModified:
		return KindRedirect
	case r.Signed && status == http.StatusBadRequest && versionWords.MatchString(words):
		return KindVersionRejected
	case status >= 400 && foreign:
		return KindForeign
	case !r.Signed: // no key and no version was sent, so neither can be the reason
		return KindUnexpectedStatus
	case status == http.StatusNotAcceptable:
		return KindVersionRejected
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
	}
	return KindUnexpectedStatus
}
