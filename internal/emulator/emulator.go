// SPDX-License-Identifier: MPL-2.0

// Package emulator is a server that behaves like Samsung Cloud Platform v2, for demonstrations and tests. It shares no code
// with the client, so that it can prove the client wrong: its signature check is its own, written from the document.
package emulator

import (
	"net/http"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
)

// Options configure an emulator; the zero value uses the defaults.
type Options struct {
	Logger          hclog.Logger     // default: none
	Now             func() time.Time // the server's clock; default time.Now
	Fault           *Fault           // for each request that has none in the fixtures; default: none
	PageLimit       int              // maximum number of images on a page, whatever limit is asked for; default and maximum 1,000
	DiscardRequests bool             // do not keep requests for Requests, in a run that has very many
}

// Emulator is an [http.Handler] that behaves as SCP does. It is safe for concurrent use.
type Emulator struct {
	fixtures func() (Fixtures, error)
	options  Options
	mux      *http.ServeMux
	unknown  http.Handler // for a path that is none of the routes

	mu       sync.Mutex
	requests []Request
	seen     map[string]int // number of requests for each path, with its region
}

// Request is a request that an emulator has received.
type Request struct {
	Method, Host, URI string
	Header            http.Header
}

// New returns an emulator with the fixtures. The function is called for each request, so that what it returns may change
// between two of them.
func New(fixtures func() (Fixtures, error), options Options) *Emulator {
	if options.Logger == nil {
		options.Logger = hclog.NewNullLogger()
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.PageLimit <= 0 || options.PageLimit > largestPage {
		options.PageLimit = largestPage
	}
	e := &Emulator{fixtures: fixtures, options: options, mux: http.NewServeMux(), seen: map[string]int{}}
	for _, route := range routes {
		e.mux.Handle("GET "+route.pattern, e.handler(route))
	}
	e.unknown = e.handler(route{signed: true, handle: func(call) *reply { return gatewayNotFound() }})
	e.mux.Handle("/", e.unknown)
	return e
}

// routes are the operations that the emulator knows. A new one is a file of its own and a line here.
var routes = []route{
	{pattern: "/{$}", handle: apiVersions},
	{pattern: imagesPath, signed: true, permission: listImages, handle: images},
	{pattern: pendingImagesPath, signed: true, permission: listPendingImages, handle: pendingImages},
	{pattern: "/v1/images/{image_id}/members", signed: true, permission: listImageMembers, handle: imageMembers},
}

// route is one operation of the API. handle gets a call whose signature and version have been checked.
type route struct {
	pattern    string
	signed     bool
	permission string // that a 403 names
	handle     func(call) *reply
}

// call is one request and what is needed to reply to it.
type call struct {
	*http.Request
	fixtures  Fixtures
	now       time.Time // by the server's clock
	account   string    // the ID of the account that signed
	kind      string    // of the fault that is due, if any
	pageLimit int
}

// ServeHTTP implements [http.Handler].
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.options.DiscardRequests {
		e.mu.Lock()
		e.requests = append(e.requests, Request{Method: r.Method, Host: r.Host, URI: r.RequestURI, Header: r.Header.Clone()})
		e.mu.Unlock()
	}
	r = withoutRegion(r)
	if escaped := r.URL.EscapedPath(); escaped != path.Clean(escaped) {
		e.unknown.ServeHTTP(w, r) // the mux would redirect it
		return
	}
	e.mux.ServeHTTP(w, r)
}

// Requests returns the requests received so far, oldest first.
func (e *Emulator) Requests() []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.requests)
}

func (e *Emulator) handler(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := e.options.Now()
		w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
		log := e.options.Logger.With("method", r.Method, "uri", r.RequestURI)
		fixtures, err := e.fixtures()
		if err != nil {
			log.Error("the fixtures cannot be read", "error", err)
			// A status that a client neither retries nor takes for a mistake in its request: only an edit of the file helps.
			serviceError(http.StatusUnprocessableEntity, "BrokenFixtures", "The emulator cannot read its fixtures: "+err.Error()).write(w)
			return
		}
		fixtures = fixtures.in(r.PathValue("region"))
		c := call{Request: r, fixtures: fixtures, now: now, pageLimit: e.options.PageLimit}
		fault := e.fault(r, fixtures)
		if fault == nil {
			reply := route.reply(c)
			log.Info("request", "status", reply.status)
			reply.write(w)
			return
		}
		c.kind = fault.Kind
		c.now = now.Add(time.Duration(fault.Clock))
		w.Header().Set("Date", c.now.UTC().Format(http.TimeFormat))
		reply := fault.spoil(route.reply(c), route.permission)
		log.Info("request", "status", reply.status, "fault", fault)
		fault.write(w, r, reply)
	})
}

// reply checks the call's signature and version, and returns the reply.
func (route route) reply(c call) *reply {
	if route.signed {
		account, rejection := checkSignature(c)
		if rejection != nil {
			return rejection
		}
		c.account = account.ID
		if rejection := checkVersion(c); rejection != nil {
			return rejection
		}
	}
	return route.handle(c)
}
