// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// handler sends a request and returns its response. Without an error the response is good as far as the handler can judge. With one,
// the response has what was received before it.
type handler func(ctx context.Context, r Request) (response, *Error)

// response is what one attempt received.
type response struct {
	status          int // 0 if nothing was received
	header, trailer consistency.Fields
	body            []byte

	requests int           // how often the request was sent
	duration time.Duration // of the attempt
}

// newColumn assembles how the request of one read is sent, from the wire up. The order matters.
func (c *Client) newColumn(r Request) handler {
	h := c.judged(c.wire) // one HTTP request: signed now, few connections, body read      attempt.go, trace.go
	//                       status, cache, media type: an *Error, or a body to decode     judge.go
	h = c.logged(h)     // two lines an attempt                                            log.go
	h = c.formed(h)     // as the host took the last one, or other than what failed        forms.go
	h = c.paced(r, h)   // waits for the host's turn; sends nothing that is known to fail  paced.go, pace/
	return c.retried(h) // again while that can help                                       retry.go
}
