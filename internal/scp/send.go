package scp

import (
	"context"
	"net/http"
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
	start, wait := c.now(), newPause()
	for tries := 1; ; tries++ {
		answer, failure := c.try(ctx, request, tries)
		if failure == nil {
			answer.tries, answer.elapsed = tries, c.now().Sub(start)
			return answer, nil
		}
		if failure.temporary() && tries <= c.maxRetries && canWait(ctx, failure.RetryAfter) {
			if sleep(ctx, wait.next(failure.RetryAfter)) == nil {
				continue
			}
		}
		// A context that ended during a wait, or just before it, says more than the try before that.
		if ended := ctx.Err(); ended != nil && failure.temporary() {
			failure.Class = classify(ended)
		}
		failure.Tries, failure.Elapsed = tries, c.now().Sub(start)
		return answer, failure
	}
}

// try sends request once, when it is its turn.
func (c *Client) try(ctx context.Context, request Request, number int) (got answer, failure *Error) {
	leave, err := c.gate.enter(ctx, request.URL.Host)
	if err != nil {
		return answer{}, c.failure(request, nil, "", err)
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, c.requestTimeout, errRequestTimeout)
	defer cancel()
	sent, signature := c.http(request, c.now())

	start, status := c.now(), 0
	logRequest(ctx, request, number)
	defer func() { logAnswer(ctx, request, number, status, c.now().Sub(start), failure) }()

	// Not through an http.Client: it would follow redirects, with the signed headers, to hosts that nobody configured.
	response, err := c.transport.RoundTrip(sent.WithContext(ctx))
	if err != nil {
		return answer{}, c.failure(request, nil, signature, reasonOf(ctx, err))
	}
	defer func() { _ = response.Body.Close() }()
	status = response.StatusCode

	if status != http.StatusOK {
		refusal := c.refusal(request, response, signature, readErrorBody(response))
		if status == http.StatusTooManyRequests {
			c.gate.close(request.URL.Host, refusal.RetryAfter)
		}
		return answer{}, refusal
	}
	body, err := readBody(response.Body)
	if err != nil {
		return answer{}, c.failure(request, response, signature, reasonOf(ctx, err))
	}
	if err := checkAnswer(response.Header, body); err != nil {
		return answer{}, c.failure(request, response, signature, err)
	}
	return answer{request: request, body: body, signature: signature}, nil
}

// reasonOf prefers the reason for which ctx ended to what the transport made of it.
func reasonOf(ctx context.Context, err error) error {
	if context.Cause(ctx) == errRequestTimeout { //nolint:errorlint // it is never wrapped
		return errRequestTimeout
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return err
}
