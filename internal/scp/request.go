// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"net/http"
	"net/url"
	"time"
)

// service is the name of the one SCP service that this client reads from, in host names and in the version's header.
const service = "virtualserver"

// operation is what is asked of the service, before it is known where the service is.
type operation struct {
	path     []string
	query    url.Values
	unsigned bool // without credentials and without a version
}

// Request is what was asked of SCP. It is sent as it is, and an [Error] tells of it by the same values.
type Request struct {
	Method     string
	URL        *url.URL
	Service    string // the SCP service's name
	APIVersion string // the pinned version; empty if none was asked for
	Signed     bool   // whether it carried credentials and a signature
}

// String is the request in one line: GET https://… (API version 1.3).
func (r Request) String() string {
	line := r.Method + " " + r.URL.String()
	if r.APIVersion != "" {
		line += " (API version " + r.APIVersion + ")"
	}
	return line
}

// request says what is sent for an operation in region, which is empty if the client's endpoint takes none.
func (c *Client) request(region string, o operation) (Request, error) {
	base, err := c.endpoint.URL(region)
	if err != nil {
		return Request{}, err
	}
	base.Path = cmp.Or(base.Path, "/") // without it the joined path would be a relative one
	r := Request{Method: http.MethodGet, URL: base.JoinPath(o.path...), Service: service}
	r.URL.RawQuery = o.query.Encode()
	if !o.unsigned {
		r.APIVersion, r.Signed = c.apiVersion, true
	}
	return r, nil
}

// http returns the request as net/http sends it, signed for the moment now if it is to be signed, and the signature.
func (c *Client) http(r Request, now time.Time) (request *http.Request, signature string) {
	request = &http.Request{Method: r.Method, URL: r.URL, Host: r.URL.Host, Header: http.Header{}}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Language", "en-US")
	request.Header.Set("Cache-Control", "no-cache")
	if c.userAgent != "" {
		request.Header.Set("User-Agent", c.userAgent)
	}
	if r.Signed {
		request.Header.Set("Scp-Api-Version", r.Service+" "+r.APIVersion)
		signature = c.credentials.sign(request, now)
	}
	return request, signature
}
