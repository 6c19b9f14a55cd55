// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// read asks for an operation in region and returns the answer, or an error that is an *Error if a request came of it.
func (c *Client) read(ctx context.Context, region string, o operation) (answer, error) {
	request, err := c.request(region, o)
	if err != nil {
		return answer{}, err
	}
	got, failure := c.send(ctx, request)
	if failure != nil {
		return answer{}, failure
	}
	return got, nil
}

// send sends request until a 200 has come whole, with further tries where one may help.
func (c *Client) send(ctx context.Context, request Request) (answer, *Error) {
	start, pause, host := c.now(), newPause(), c.gate.host(request.URL.Host)
	var last *Error // what the last try came to
	tries, retries, good := 0, 0, host.goodAnswers()
	for {
		leave, err := c.gate.enter(ctx, host)
		if err != nil {
			return answer{}, c.ended(request, last, err, tries, c.now().Sub(start))
		}
		logRequest(ctx, request, tries+1)
		sent := time.Now()
		exchange := c.try(ctx, request)
		leave()
		failure := c.failureOf(request, exchange)
		tries += exchange.requests
		logAnswer(ctx, request, tries, exchange, failure)
		var wait time.Duration // that the server asked for
		if failure != nil {
			wait = failure.RetryAfter
		}
		tooMany, goodNow := host.answered(request.URL.String(), exchange.status, sent, time.Now(), wait)
		if failure == nil {
			return answer{request, exchange.header, exchange.body, exchange.signature, tries, c.now().Sub(start)}, nil
		}
		failure.Tries, failure.Elapsed = tries, c.now().Sub(start)
		// A refusal for too many requests is no failed try as long as the host goes on to answer others: it is a matter of time.
		if !tooMany || goodNow == good {
			retries++
		}
		last, good = failure, goodNow
		switch ended := ctx.Err(); {
		case !failure.temporary():
			return answer{}, failure
		case ended != nil: // which says more than the failure of a try at the same moment
			return answer{}, c.ended(request, last, overdue(ended, tooMany), tries, c.now().Sub(start))
		case retries > c.maxRetries || !canWait(ctx, wait):
			return answer{}, failure
		}
		if err := sleep(ctx, pause.next(wait)); err != nil {
			return answer{}, c.ended(request, last, overdue(err, tooMany), tries, c.now().Sub(start))
		}
	}
}

// try sends request once.
func (c *Client) try(ctx context.Context, request Request) (got exchange) {
	start := c.now()
	ctx, cancel := context.WithTimeoutCause(ctx, c.requestTimeout, errRequestTimeout)
	defer cancel()
	ctx, work := bounded(ctx)
	defer func() { got.requests, got.duration = work.sent(), c.now().Sub(start) }()
	sent, signature := c.http(request, start)
	got.signature = signature

	// Not through an http.Client: it would follow redirects, with the signed headers, to hosts that nobody configured.
	response, err := c.transport.RoundTrip(sent.WithContext(ctx))
	if err != nil {
		got.err = reasonOf(ctx, err)
		return got
	}
	defer func() { _ = response.Body.Close() }()
	got.status, got.header = response.StatusCode, response.Header
	if response.StatusCode != http.StatusOK {
		got.body = readErrorBody(response)
		return got
	}
	if got.body, err = readBody(response); err != nil {
		got.err = reasonOf(ctx, err)
	}
	return got
}

// reasonOf prefers the reason for which ctx ended to what the transport made of it.
func reasonOf(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, errRequestTimeout) || errors.Is(cause, errConnections) {
		return cause
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return err
}
