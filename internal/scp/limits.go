// SPDX-License-Identifier: MPL-2.0

package scp

import "time"

// The defaults of a [Config].
const (
	DefaultMaxRetries     = 4
	DefaultMaxConcurrency = 16
	DefaultRequestTimeout = 30 * time.Second
)

// The bounds of the client.
const (
	maxHeaderSize    = 256 << 10 // of all header lines of a response
	maxBodySize      = 16 << 20  // of a good response, decompressed; a member takes about 200 bytes
	maxErrorBodySize = 64 << 10
	maxImages        = 200_000  // of a list without end; far more than an account has
	maxHTMLSize      = 16 << 10 // of a page that is searched for its title

	// One attempt may meet two pooled connections that are closing, and then opens a new one. Without a bound, net/http retries forever
	// when an HTTP/2 server closes each connection before it responds.
	maxConnections = 3

	firstWait = 500 * time.Millisecond // before the second attempt
	maxWait   = 30 * time.Second
	// A server that asks for more waits for a caller who has long given up; more could overflow a duration.
	maxRetryAfter = 24 * time.Hour

	rememberFailure = time.Minute // that every request would have

	// An HTTP/2 connection on which nothing comes is pinged after half of the time for a request, and closed if that brings nothing. Some
	// servers end a connection at its third ping.
	minPingAfter = 10 * time.Second
	pingTimeout  = 3 * time.Second

	maxListReads = 3                // of a list that changes while it is read
	maxClockSkew = time.Minute      // of a response's Date from this machine's time; behind it, the clock is to blame for a 401
	maxDateAge   = 15 * time.Minute // of a response's Date, as long as a signature is valid
)
