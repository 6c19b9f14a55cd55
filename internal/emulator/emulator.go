// Package emulator is a server that plays Samsung Cloud Platform v2 for demonstrations and tests. It shares no
// code with the client, so that it can prove the client wrong: it has a signature check of its own, written
// from the document.
package emulator

import (
	"encoding/json"
	"net/http"
	"path"
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

	DiscardRequests bool // do not keep requests for Requests, in a run that has very many
}

// Emulator is an [http.Handler] that answers as SCP does. It is safe for concurrent use.
type Emulator struct {
	fixtures func() (Fixtures, error)
	options  Options
	mux      *http.ServeMux
	unknown  http.Handler // for a path that is none of the routes

	mu       sync.Mutex
	requests []Request
	seen     map[string]int // how often each URI was asked for
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
	e := &Emulator{fixtures: fixtures, options: options, mux: http.NewServeMux(), seen: map[string]int{}}
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
	{pattern: "/v1/images/{image_id}/members", signed: true, answer: imageMembers},
}

// route is one operation of the API. answer gets a request whose signature and version have been checked.
type route struct {
	pattern string
	signed  bool
	answer  func(exchange) answer
}

// exchange is one request and what is needed to answer it.
type exchange struct {
	*http.Request
	fixtures Fixtures
	now      time.Time // by the server's clock
}

// ServeHTTP implements [http.Handler].
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.options.DiscardRequests {
		e.mu.Lock()
		e.requests = append(e.requests, Request{Method: r.Method, Host: r.Host, URI: r.RequestURI, Header: r.Header.Clone()})
		e.mu.Unlock()
	}
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
		fixtures, err := e.fixtures()
		if err != nil {
			e.options.Logger.Error("the fixtures cannot be read", "error", err)
			serviceError(http.StatusInternalServerError, "ContactAdminForAssistance", err.Error()).write(w)
			return
		}
		fault := e.fault(r, fixtures)
		if fault != nil {
			now = now.Add(time.Duration(fault.Clock))
			w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
		}
		answer := e.answer(route, exchange{r, fixtures, now})
		if fault != nil {
			answer = fault.spoil(answer)
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
		if refusal := e.checkSignature(x); refusal != nil {
			return *refusal
		}
		if refusal := checkVersion(x); refusal != nil {
			return *refusal
		}
	}
	return route.answer(x)
}

// fault returns the fault that is due for r, or nil. It counts r.
func (e *Emulator) fault(r *http.Request, fixtures Fixtures) *Fault {
	e.mu.Lock()
	e.seen[r.RequestURI]++
	n := e.seen[r.RequestURI]
	e.mu.Unlock()
	fault := e.options.Fault
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
	if w.Header().Get("Content-Type") == "" { // a fault can have set it
		w.Header().Set("Content-Type", contentType)
	}
	w.WriteHeader(a.status)
}

func (a answer) write(w http.ResponseWriter) {
	a.writeHeader(w)
	_, _ = w.Write(a.text()) //nolint:gosec // the fixtures say what is sent
}

// Environment returns the variables that point the provider at an emulator at url, each as NAME=value.
func Environment(url string, fixtures Fixtures) []string {
	variables := []string{
		"SCP_TF_ENDPOINT_OVERRIDE=" + url,
		"SCP_TF_ACCESS_KEY=" + fixtures.AccessKey,
		"SCP_TF_SECRET_KEY=" + fixtures.SecretKey,
	}
	if fixtures.AuthToken != "" {
		variables = append(variables, "SCP_TF_AUTH_TOKEN="+fixtures.AuthToken)
	}
	return variables
}
