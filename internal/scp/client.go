// Package scp is a client of Samsung Cloud Platform v2's virtualserver API, pinned to one API version.
// Each method sends one signed GET and either returns what SCP answered or an error, never a guess.
package scp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	service = "virtualserver"

	// DefaultRequestTimeout bounds one try if the configuration does not.
	DefaultRequestTimeout = 30 * time.Second

	maxBodySize      = 16 << 20  // of a good answer, decompressed; a member takes some 200 bytes
	maxErrorBodySize = 64 << 10  // of any other
	maxHeaderSize    = 256 << 10 // of all header lines of an answer
)

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

// NewTransport returns a transport that keeps connections, uses HTTP/2 where offered, and takes proxies and
// extra CAs from the standard environment (HTTPS_PROXY, NO_PROXY; where Go reads them, SSL_CERT_FILE, SSL_CERT_DIR).
func NewTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	transport.MaxResponseHeaderBytes = maxHeaderSize
	return transport
}

// Endpoint returns where the client's service is.
func (c *Client) Endpoint() Endpoint { return c.endpoint }

// APIVersion returns the version that the client is pinned to.
func (c *Client) APIVersion() string { return c.apiVersion }

// auth says whether a request carries the pinned version, the credentials and a signature.
type auth bool

const (
	signed   auth = true
	unsigned auth = false
)

// try sends one request, signed for this moment if it is to be signed, and hands the body of a 200 to decode.
func (c *Client) try(ctx context.Context, url string, auth auth, number int, decode func([]byte) error) (failure *Error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return c.failure(nil, url, "", err)
	}
	leave, err := c.gate.enter(ctx, request.URL.Host)
	if err != nil {
		return c.failure(nil, url, "", err)
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, c.requestTimeout, errRequestTimeout)
	defer cancel()
	request = request.WithContext(ctx)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Language", "en-US")
	if c.userAgent != "" {
		request.Header.Set("User-Agent", c.userAgent)
	}
	var signature string
	if auth == signed {
		request.Header.Set("Scp-Api-Version", service+" "+c.apiVersion)
		signature = c.credentials.sign(request, c.now())
	}

	start, status := c.now(), 0
	logRequest(ctx, request.Method, url, number)
	defer func() { logAnswer(ctx, request.Method, url, number, status, c.now().Sub(start), failure) }()

	// Not through an http.Client: it would follow redirects, with the signed headers, to hosts that nobody configured.
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return c.failure(nil, url, signature, cause(ctx, err))
	}
	defer func() { _ = response.Body.Close() }()
	status = response.StatusCode

	if status != http.StatusOK {
		refusal := c.refusal(response, url, signature, readErrorBody(response))
		if status == http.StatusTooManyRequests {
			c.gate.close(request.URL.Host, refusal.RetryAfter)
		}
		return refusal
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBodySize+1))
	if err != nil {
		return c.failure(response, url, signature, cause(ctx, err))
	}
	if len(body) > maxBodySize {
		err = fmt.Errorf("it is larger than %d MiB", maxBodySize>>20)
	} else {
		err = decode(body)
		if semantic := (*json.SemanticError)(nil); errors.As(err, &semantic) {
			semantic.GoType = nil // which names this program's types, not SCP's fields
		}
	}
	if err != nil {
		return c.failure(response, url, signature, bodyError{err})
	}
	return nil
}

// readErrorBody returns what can be had of an error's body. A body that is not complete loses its end, where a secret
// may be cut so that it would not be recognised.
func readErrorBody(response *http.Response) []byte {
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil // the body is the bare connection, which no context ends
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxErrorBodySize))
	if err != nil || len(body) == maxErrorBodySize {
		return body[:max(0, len(body)-maxErrorBodySize/4)]
	}
	return body
}

// cause prefers the reason for which ctx ended to what the transport made of it.
func cause(ctx context.Context, err error) error {
	if context.Cause(ctx) == errRequestTimeout { //nolint:errorlint // it is never wrapped
		return errRequestTimeout
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return err
}
