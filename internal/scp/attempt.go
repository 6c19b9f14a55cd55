// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// wire sends the request once and reads the response, whatever its status.
func (c *Client) wire(ctx context.Context, r Request) (got response, failure *Error) {
	start := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer time.AfterFunc(c.config.RequestTimeout, func() { cancel(errRequestTimeout) }).Stop()
	var traced tracer
	ctx = httptrace.WithClientTrace(ctx, traced.trace(cancel, c.config.MaxRetries > 0))
	defer func() { got.requests, got.duration = max(int(traced.requests.Load()), 1), time.Since(start) }()
	failed := func(err error) (response, *Error) {
		e := classify(contextCause(ctx, err))
		e.StatusCode, e.stage = got.status, traced.stage.Load()
		return got, c.newError(r, e)
	}

	// Not through an http.Client: it would follow redirects, with the signed headers, to hosts that nobody configured.
	request := c.newHTTPRequest(r, c.config.Now())
	answer, err := c.pool(r.form).RoundTrip(request.WithContext(ctx))
	if err != nil {
		return failed(err)
	}
	defer func() { _ = answer.Body.Close() }()
	got.status, got.header = answer.StatusCode, consistency.FieldsOf(answer.Header)
	if answer.StatusCode != http.StatusOK {
		got.body = readErrorBody(answer)
		return got, nil
	}
	if got.body, err = io.ReadAll(io.LimitReader(answer.Body, maxBodySize+1)); err != nil {
		return failed(err)
	}
	if isCutOff(answer, got.body) {
		return failed(io.ErrUnexpectedEOF)
	}
	got.trailer = consistency.FieldsOf(answer.Trailer)
	return got, nil
}

// contextCause returns the reason why ctx ended, if it did, in place of what the transport made of it.
func contextCause(ctx context.Context, err error) error {
	if cause, ok := errors.AsType[*Error](context.Cause(ctx)); ok {
		return cause
	}
	return cmp.Or(ctx.Err(), err)
}

// isCutOff reports whether body ends within its JSON, and the server did not say where it ends. In HTTP/1 it may leave that to the end of
// the connection, and a connection that broke looks the same.
func isCutOff(answer *http.Response, body []byte) bool {
	hasEnd := answer.ProtoMajor >= 2 || answer.ContentLength >= 0 || len(answer.TransferEncoding) > 0 || answer.Uncompressed
	return !hasEnd && errors.Is(jsontext.NewDecoder(bytes.NewReader(body)).SkipValue(), io.ErrUnexpectedEOF)
}
