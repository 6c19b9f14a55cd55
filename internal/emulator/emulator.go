// SPDX-License-Identifier: MPL-2.0

// Package emulator is a server that plays Samsung Cloud Platform v2 for demonstrations and tests. It shares no
// code with the client, so that it can prove the client wrong: it has a signature check of its own, written
// from the document.
package emulator

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
)

// Options say how an emulator differs from the usual one. The zero value is the usual one.
type Options struct {
	Logger hclog.Logger     // default: none
	Now    func() time.Time // the server's clock; default time.Now
	Skew   time.Duration    // how far a request's timestamp may be off; default 15 minutes
	Fault  *Fault           // for every request that has none in the fixtures; default none

	PageLimit int // the most images that a page holds, whatever limit is asked for; default and maximum 1,000

	RateLimit float64 // requests a second; one that comes sooner gets 429; default: no limit

	DiscardRequests bool // do not keep requests for Requests, in a run that has very many
}

// Emulator is an [http.Handler] that answers as SCP does. It is safe for concurrent use.
type Emulator struct {
	fixtures func() (Fixtures, error)
	options  Options
	mux      *http.ServeMux
	unknown  http.Handler // for a path that is none of the routes
	limiter  *limiter

	mu       sync.Mutex
	requests []Request
	seen     map[string]int // how often each path was asked for, region and all
}

// Request is a request that an emulator has received.
type Request struct {
	Method, Host, URI string
	Header            http.Header
}

// New returns an emulator that plays the fixtures. The function is called for each request, so that what it
// returns may change between two of them.
func New(fixtures func() (Fixtures, error), options Options) *Emulator {
	if options.Logger == nil {
		options.Logger = hclog.NewNullLogger()
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Skew == 0 {
		options.Skew = 15 * time.Minute
	}
	if options.PageLimit <= 0 || options.PageLimit > largestPage {
		options.PageLimit = largestPage
	}
	e := &Emulator{
		fixtures: fixtures, options: options, mux: http.NewServeMux(), seen: map[string]int{},
		limiter: newLimiter(options.RateLimit),
	}
	for _, route := range routes {
		e.mux.Handle("GET "+route.pattern, e.play(route))
	}
	e.unknown = e.play(route{signed: true, answer: func(exchange) answer { return notFoundByGateway }})
	e.mux.Handle("/", e.unknown)
	return e
}

// routes are the operations that the emulator knows. A new one is a file of its own and a line here.
var routes = []route{
	{pattern: "/{$}", answer: apiVersions},
	{pattern: imagesPath, signed: true, permission: listImages, answer: images},
	{pattern: pendingImagesPath, signed: true, permission: listPendingImages, answer: pendingImages},
	{pattern: "/v1/images/{image_id}/members", signed: true, permission: listImageMembers, answer: imageMembers},
}

// route is one operation of the API. answer gets a request whose signature and version have been checked.
type route struct {
	pattern    string
	signed     bool
	permission string // that a 403 names
	answer     func(exchange) answer
}

// exchange is one request and what is needed to answer it.
type exchange struct {
	*http.Request
	fixtures  Fixtures
	now       time.Time // by the server's clock
	account   string    // the id of who signed
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
	return append([]Request(nil), e.requests...)
}

func (e *Emulator) play(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := e.options.Now()
		w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
		if !e.limiter.allow() {
			e.options.Logger.Info("request", "method", r.Method, "uri", r.RequestURI, "status", http.StatusTooManyRequests, "refused", "rate")
			statusAnswer(http.StatusTooManyRequests, route.permission).write(w)
			return
		}
		fixtures, err := e.fixtures()
		if err != nil {
			e.options.Logger.Error("the fixtures cannot be read", "error", err)
			// Not a status that a client retries: only an edit of the file helps.
			serviceError(http.StatusBadRequest, "BrokenFixtures", "The emulator cannot read its fixtures: "+err.Error()).write(w)
			return
		}
		fixtures = fixtures.in(r.PathValue("region"))
		x := exchange{Request: r, fixtures: fixtures, now: now, pageLimit: e.options.PageLimit}
		fault := e.fault(r, fixtures)
		if fault != nil {
			x.kind = fault.Kind
			x.now = now.Add(time.Duration(fault.Clock))
			w.Header().Set("Date", x.now.UTC().Format(http.TimeFormat))
		}
		answer := e.answer(route, x)
		if fault != nil {
			answer = fault.spoil(answer, route.permission)
		}
		// Nothing of the headers is logged: they hold the signature.
		e.options.Logger.Info("request", "method", r.Method, "uri", r.RequestURI, "status", answer.status, "fault", fault)
		if fault != nil {
			fault.write(w, r, answer)
			return
		}
		answer.write(w)
	})
}

func (e *Emulator) answer(route route, x exchange) answer {
	if route.signed {
		account, refusal := e.checkSignature(x)
		if refusal != nil {
			return *refusal
		}
		x.account = account.ID
		if refusal := checkVersion(x); refusal != nil {
			return *refusal
		}
	}
	return route.answer(x)
}

// fault returns the fault that is due for r, or nil. It counts r by its path, so that the pages of a list count as one.
func (e *Emulator) fault(r *http.Request, fixtures Fixtures) *Fault {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	e.mu.Lock()
	e.seen[path]++
	n := e.seen[path]
	e.mu.Unlock()
	fault := e.options.Fault
	if own := fixtures.Faults[r.URL.Path]; own != nil {
		fault = own
	}
	if image := fixtures.image(r.PathValue("image_id")); image != nil && image.Fault != nil {
		fault = image.Fault
	}
	if fault == nil || !fault.applies(n) {
		return nil
	}
	return fault
}

// answer is a status with a body: raw or page as they are, anything else in JSON.
type answer struct {
	status int
	body   any
}

type (
	raw  string // of a fault, whether it is JSON or not
	page string // of HTML
)

func (a answer) text() []byte {
	switch body := a.body.(type) {
	case raw:
		return []byte(body)
	case page:
		return []byte(body)
	}
	text, _ := json.Marshal(a.body)
	return append(text, '\n')
}

func (a answer) writeHeader(w http.ResponseWriter) {
	contentType := "application/json"
	if _, ok := a.body.(page); ok {
		contentType = "text/html; charset=utf-8"
	}
	if _, set := w.Header()["Content-Type"]; !set { // a fault can have set it
		w.Header().Set("Content-Type", contentType)
	}
	w.WriteHeader(a.status)
}

func (a answer) write(w http.ResponseWriter) {
	a.writeHeader(w)
	_, _ = w.Write(a.text()) //nolint:gosec // the fixtures say what is sent
}
