// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

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
		if encoding := unreadable(got.header); encoding != "" {
			return got, c.newError(r, &Error{
				Kind: KindUnusable, StatusCode: got.status, Encoding: encoding,
				Reason: "unusable body: its Content-Encoding is " + encoding + ", which was not requested",
			})
		}
		if reason := staleness(got.header); reason != "" {
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
	encoding := unreadable(got.header)
	if encoding != "" {
		got.body = []byte("a body in the Content-Encoding " + encoding + ", which was not requested")
	}
	said := parseErrorBody(got.body)
	e := &Error{
		StatusCode: got.status, Location: got.header.Get("Location"),
		Encoding:    encoding,
		FromService: said.fromService,
		Code:        said.code, Detail: said.detail, Action: said.action, RequestID: said.requestID,
	}
	e.ServerTime, _ = http.ParseTime(got.header.Get("Date"))
	e.RetryAfter = retryAfter(got.header.Get("Retry-After"), e.ServerTime, c.config.Now())
	e.Kind = kindOfStatus(r, got.status, said, !e.ServerTime.IsZero() && c.config.Now().Sub(e.ServerTime).Abs() > maxClockSkew)
	return c.newError(r, e)
}

// unreadable returns the encoding of a body that cannot be read; empty if it can. net/http asks for gzip alone, and takes it off.
func unreadable(header http.Header) string {
	if encoding := header.Get("Content-Encoding"); !strings.EqualFold(encoding, "identity") {
		return encoding
	}
	return ""
}

// unusable returns why the body of a 200 is not JSON; empty if it may be.
func unusable(header http.Header, body []byte) string {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return "it is empty"
	case isHTML(body):
		return "it is " + describeHTML(body)
	}
	for _, contentType := range consistency.Values(header, "Content-Type") {
		mediaType, _, err := mime.ParseMediaType(contentType)
		if mediaType == "" && err != nil {
			mediaType = contentType
		}
		if mediaType != "application/json" && !strings.HasSuffix(mediaType, "+json") {
			return fmt.Sprintf("its media type is %s, not JSON", mediaType)
		}
	}
	if !utf8.Valid(body) {
		return "it is not valid UTF-8"
	}
	return ""
}
