// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// operation is what is asked of the service, before it is known where the service is.
type operation struct {
	path     []string
	query    url.Values
	ofImage  bool // about one image
	unsigned bool // without credentials and without a version
}

// Request is what was asked of SCP, with a GET. It is sent as it is, and an [Error] describes it by the same values.
type Request struct {
	URL        *url.URL
	APIVersion string // the pinned version; empty if none was asked for
	Signed     bool   // whether it carried credentials and a signature
	sent       int    // how often it was sent before
	form       form   // in which it is sent
	ofImage    bool   // whether it is about one image
}

// String returns the request in one line: GET https://….
func (r Request) String() string {
	return http.MethodGet + " " + r.URL.String()
}

// newRequest returns the request for an operation in region.
func (c *Client) newRequest(region string, o operation) (Request, *Error) {
	base, err := c.config.Endpoint.URL(region)
	if err != nil {
		return Request{}, c.inputError("%s", err)
	}
	base.Path = cmp.Or(base.Path, "/") // without it the joined path would be a relative one
	r := Request{URL: base.JoinPath(o.path...), ofImage: o.ofImage}
	r.URL.RawQuery = strings.ReplaceAll(o.query.Encode(), "+", "%20") // as gateways that rewrite it
	if !o.unsigned {
		r.APIVersion, r.Signed = c.config.APIVersion, true
	}
	return r, nil
}

// inputError returns the error of an input for which no request is sent.
func (c *Client) inputError(format string, values ...any) *Error {
	return c.newError(Request{}, &Error{Kind: KindInput, Reason: fmt.Sprintf(format, values...)})
}

// checkInput returns the error of an input if err, which says what is wrong with it, is not nil, or if it contains a secret.
func (c *Client) checkInput(what, value string, err error) *Error {
	switch {
	case c.redactor.Contains(value):
		return c.inputError("%s contains a key or token, which is not sent", what)
	case err != nil:
		return c.inputError("%s %q cannot be used: %s", what, value, err)
	}
	return nil
}

// newHTTPRequest returns the request as net/http sends it, signed for the moment now if it is to be signed.
func (c *Client) newHTTPRequest(r Request, now time.Time) *http.Request {
	request := &http.Request{Method: http.MethodGet, URL: r.URL, Host: r.URL.Host, Header: http.Header{
		"Accept":          {"application/json"},
		"Accept-Language": {"en-US"},
		"Cache-Control":   {"no-cache"},
		"Pragma":          {"no-cache"},
		"User-Agent":      {c.config.UserAgent},
	}}
	if r.Signed {
		request.Header.Set("Scp-Api-Version", "virtualserver "+r.APIVersion)
		c.config.Credentials.sign(request, now)
	}
	return request
}
