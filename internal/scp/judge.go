// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// judged turns a response into an error unless it is a 200 of SCP's own, made for this request: not from a cache, and JSON.
func (c *Client) judged(next handler) handler {
	return func(ctx context.Context, r Request) (response, *Error) {
		got, failure := next(ctx, r)
		if failure != nil {
			return got, failure
		}
		if got.status != http.StatusOK {
			return got, c.rejection(r, got)
		}
		if reason := consistency.Stale(got.header); reason != "" {
			return got, c.newError(r, &Error{Kind: KindStale, StatusCode: got.status, Reason: "the response comes from a cache: " + reason})
		}
		if reason := unusable(got.header, got.body); reason != "" {
			return got, c.newError(r, &Error{Kind: KindUnusable, StatusCode: got.status, Reason: "unusable body: " + reason})
		}
		return got, nil
	}
}

// rejection returns the error of a response whose status is not 200.
func (c *Client) rejection(r Request, got response) *Error {
	if reason := foreignEncoding(got.header); reason != "" {
		got.body = []byte("the body cannot be read: " + reason)
	}
	e, isForeign := parseErrorBody(toUTF8(got.header.Get("content-type"), got.body))
	e.StatusCode, e.Location = got.status, got.header.Get("location")
	e.ServerTime, _ = http.ParseTime(got.header.Get("date"))
	e.RetryAfter = retryAfter(got.header.Get("retry-after"), e.ServerTime, c.config.Now())
	isSkewed := !e.ServerTime.IsZero() && c.config.Now().Sub(e.ServerTime).Abs() > maxClockSkew
	e.Kind = kindOfStatus(r, e, isForeign, isSkewed)
	return c.newError(r, e)
}

// jsonType matches a Content-Type of JSON.
var jsonType = regexp.MustCompile(`(?i)^(application/json|[^;]*\+json)\s*(;|$)`)

// foreignEncoding returns why a body cannot be read; empty if it can. net/http asks for gzip alone, and takes it off.
func foreignEncoding(header consistency.Fields) string {
	encoding := header.Get("content-encoding")
	if encoding == "" || strings.EqualFold(encoding, "identity") {
		return ""
	}
	return "its Content-Encoding is " + encoding + ", which was not requested: a proxy or gateway may have compressed it"
}

// unusable returns why the body of a 200 is not JSON; empty if it may be.
func unusable(header consistency.Fields, body []byte) string {
	switch reason := foreignEncoding(header); {
	case reason != "":
		return reason
	case len(bytes.TrimSpace(body)) == 0:
		return "it is empty"
	case len(body) > maxBodySize:
		return fmt.Sprintf("it is larger than %d MiB", maxBodySize>>20)
	case isHTML(body):
		return "it is " + describeHTML(toUTF8(header.Get("content-type"), body))
	}
	for _, contentType := range header.Values("content-type") {
		if !jsonType.MatchString(contentType) {
			return fmt.Sprintf("its Content-Type is %s, not JSON", contentType) // as it came: a secret in small letters is not recognized
		}
	}
	return ""
}
