// SPDX-License-Identifier: MPL-2.0

// Package scp is a client of Samsung Cloud Platform v2's virtualserver API, pinned to one API version.
// Each method sends one signed GET, or one for each page of a list, and either returns what SCP answered or an error, never a guess.
package scp

import (
	"net/http"
	"time"
)

// DefaultRequestTimeout bounds one try if the configuration does not.
const DefaultRequestTimeout = 30 * time.Second

// Config is what a client needs. The zero value of a field that says so stands for its default.
type Config struct {
	Credentials    Credentials
	Endpoint       Endpoint
	APIVersion     string            // "major.minor"; default DefaultAPIVersion
	MaxRetries     int               // tries after the first; less than none is none
	RequestTimeout time.Duration     // for one try; default DefaultRequestTimeout
	MaxConcurrency int               // requests under way at once, over all reads; default DefaultMaxConcurrency
	UserAgent      string            // default Go's
	Transport      http.RoundTripper // default NewTransport(), with no more connections to a host than MaxConcurrency
	Now            func() time.Time  // default time.Now
}

// Client reads from one virtualserver service. It is safe for concurrent use.
type Client struct {
	credentials    Credentials
	endpoint       Endpoint
	apiVersion     string
	maxRetries     int
	requestTimeout time.Duration
	userAgent      string
	transport      http.RoundTripper
	gate           *gate
	now            func() time.Time
}

// NewClient returns a client for config. It does not touch the network.
func NewClient(config Config) *Client {
	if config.APIVersion == "" {
		config.APIVersion = DefaultAPIVersion
	}
	if config.RequestTimeout == 0 {
		config.RequestTimeout = DefaultRequestTimeout
	}
	if config.MaxConcurrency == 0 {
		config.MaxConcurrency = DefaultMaxConcurrency
	}
	if config.Transport == nil {
		transport := NewTransport()
		// Without it a connection that is about to be free again is not waited for, and another is made.
		transport.MaxConnsPerHost = config.MaxConcurrency
		config.Transport = transport
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Client{
		credentials:    config.Credentials,
		endpoint:       config.Endpoint,
		apiVersion:     config.APIVersion,
		maxRetries:     max(config.MaxRetries, 0),
		requestTimeout: config.RequestTimeout,
		userAgent:      config.UserAgent,
		transport:      config.Transport,
		gate:           newGate(config.MaxConcurrency),
		now:            config.Now,
	}
}

// Endpoint returns where the client's service is.
func (c *Client) Endpoint() Endpoint { return c.endpoint }

// APIVersion returns the version that the client is pinned to.
func (c *Client) APIVersion() string { return c.apiVersion }
