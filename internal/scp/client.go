// SPDX-License-Identifier: MPL-2.0

// Package scp is a client of Samsung Cloud Platform v2's virtualserver API, pinned to one API version. Each method sends signed GETs, and
// returns either what SCP responded or an [*Error], never a guess. The region is empty if the client's endpoint takes none.
package scp

import (
	"cmp"
	"net/http"
	"sync"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/pace"
	"github.com/scp-community/terraform-provider-scp/internal/scp/redact"
)

// Config is what a client needs. Fields with a default use it when they are zero.
type Config struct {
	Credentials    Credentials
	Endpoint       Endpoint
	APIVersion     string            // "major.minor"; default DefaultAPIVersion
	MaxRetries     int               // attempts after the first; negative means 0
	RequestTimeout time.Duration     // for one attempt; default DefaultRequestTimeout
	MaxConcurrency int               // requests under way at once, over all reads; default DefaultMaxConcurrency
	UserAgent      string            // none if it is empty
	Transport      http.RoundTripper // default one that keeps connections, with proxies and CAs from the environment
	Now            func() time.Time  // default time.Now
}

// Client reads from one virtualserver service. It is safe for concurrent use.
type Client struct {
	config   Config // with its defaults
	limiter  *pace.Limiter
	redactor *redact.Redactor

	forms sync.Map // the keptForm of each host
	pools sync.Map // what sends the requests of a form
	known sync.Map // the last Error that fails each request of a class
}

// NewClient returns a client for config. It does not use the network. The error says why the endpoint cannot be used.
func NewClient(config Config) (*Client, error) {
	if _, err := config.Endpoint.URL("region"); err != nil {
		return nil, err
	}
	config.APIVersion = cmp.Or(config.APIVersion, DefaultAPIVersion)
	config.MaxRetries = max(config.MaxRetries, 0)
	config.RequestTimeout = cmp.Or(config.RequestTimeout, DefaultRequestTimeout)
	config.MaxConcurrency = cmp.Or(config.MaxConcurrency, DefaultMaxConcurrency)
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Transport == nil {
		config.Transport = newTransport(config)
	}
	return &Client{config: config, limiter: pace.NewLimiter(config.MaxConcurrency), redactor: config.Credentials.redactor()}, nil
}

// Clean returns text without the client's secrets, printable and in one line. Errors are clean; this is for what is shown next to them.
func (c *Client) Clean(text string) string { return c.redactor.CleanOwn(text) }

// BaseURL returns the URL that every request to region begins with, as it is signed and sent; empty if there is none. It is clean.
func (c *Client) BaseURL(region string) string {
	base, err := c.config.Endpoint.URL(region)
	if err != nil {
		return ""
	}
	return c.Clean(base.String())
}
