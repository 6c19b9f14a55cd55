// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is a failure that the emulator simulates: in the fixtures for one image's members or for one operation, or for each
// request that has none there. The fault of an image comes before that of an operation. All fields are optional and can be
// combined.
type Fault struct {
	// Status is sent in the form that SCP uses for it: the gateway's for 401, the services' for others.
	Status int `json:"status,omitempty"`
	// Header is added to the response, e.g. {"Retry-After": "2"}. An empty text removes a header that the response has.
	Header map[string]string `json:"header,omitempty"`
	// Body is sent in place of the usual one, byte for byte.
	Body *string `json:"body,omitempty"`
	// Kind is what goes wrong:
	//
	//	gateway-404  the gateway's 404, which says nothing about the image
	//	html         a page of HTML
	//	hang         no response, ever
	//	reset        the connection is reset
	//	cut-off      half of the response, then the connection ends
	//	trickle      the response, one byte a second
	//	endless      a list that does not end
	//
	// And with the lists of images:
	//
	//	marker-ignored  each page is the first one
	//	repeat          a page begins with the image that the last one ended with
	//	vanish          the image that the marker names is gone; with "after": 1, "first": 1 only for the second request
	//	newest-gone     the newest image is gone; with "after": 2 it goes between a list of one page and the proof of its end
	//	newest-hidden   a policy hides the newest image, which leaves its page shorter
	//	filter-ignored  the filters are not applied
	//	next-on-empty   a page without images has a next one
	//	empty-page      a page behind a marker is empty, although images follow; asking again does not help, but with
	//	                "after": 1, "first": 1 it does: only the second request fails
	//
	// And with the members of an image, if it has any:
	//
	//	member-twice  the first member is in the list twice, once accepted and once pending
	//	no-members    the list is empty, as for an owner without the permission to see a member
	Kind string `json:"kind,omitempty"`
	// Extra is added to the JSON object of the response, e.g. {"total_count": 3}.
	Extra map[string]any `json:"extra,omitempty"`
	// Latency is the wait before the response, as a Go duration: "2s".
	Latency Duration `json:"latency,omitzero"`
	// Clock is how far the server's clock is ahead, as a Go duration; "-1h" for one that is slow.
	Clock Duration `json:"clock,omitzero"`
	// After is how many requests for a path pass before the fault, whatever their query. All pages of a list
	// have one path, so that with 2 the third page is the first with the fault.
	After int `json:"after,omitempty"`
	// First limits the fault to that many requests after those. 0 for no limit.
	First int `json:"first,omitempty"`
	// Every limits the fault to every n-th request after those: 5 for one in five. 0 for no limit.
	Every int `json:"every,omitempty"`
}

// Duration is a time.Duration that is written as text in JSON.
type Duration time.Duration

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// MarshalText implements [encoding.TextMarshaler].
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// The kinds of fault; see [Fault].
const (
	gateway404    = "gateway-404"
	html          = "html"
	hang          = "hang"
	reset         = "reset"
	cutOff        = "cut-off"
	trickle       = "trickle"
	endless       = "endless"
	markerIgnored = "marker-ignored"
	repeat        = "repeat"
	vanish        = "vanish"
	filterIgnored = "filter-ignored"
	nextOnEmpty   = "next-on-empty"
	newestGone    = "newest-gone"
	newestHidden  = "newest-hidden"
	emptyPage     = "empty-page"
	memberTwice   = "member-twice"
	noMembers     = "no-members"
)

var kinds = []string{
	gateway404, html, hang, reset, cutOff, trickle, endless,
	markerIgnored, repeat, vanish, filterIgnored, nextOnEmpty, newestGone, newestHidden, emptyPage, memberTwice, noMembers,
}

// ParseFault reads a fault from JSON.
func ParseFault(text string) (*Fault, error) {
	fault := new(Fault)
	if err := unmarshalStrictly([]byte(text), fault); err != nil {
		return nil, err
	}
	return fault, fault.check()
}

func (f *Fault) check() error {
	if f == nil {
		return nil
	}
	if f.Kind != "" && !slices.Contains(kinds, f.Kind) {
		return fmt.Errorf("there is no kind of fault %q; the kinds are %s", f.Kind, strings.Join(kinds, ", "))
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return fmt.Errorf("there is no status %d", f.Status)
	}
	if f.After < 0 || f.First < 0 || f.Every < 0 || f.Latency < 0 {
		return errors.New("after, first, every and latency cannot be negative")
	}
	return nil
}

// String is f as JSON, for the log.
func (f *Fault) String() string {
	text, _ := json.Marshal(f)
	return string(text)
}

// fault returns the fault that is due for r, or nil: the image's, else the operation's, else that of the options. It counts r by
// its path, so that the pages of a list count as one.
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

// applies reports whether the fault is due at the n-th request for a path, counted from 1.
func (f *Fault) applies(n int) bool {
	n -= f.After
	return n > 0 && (f.First == 0 || n <= f.First) && (f.Every == 0 || n%f.Every == 0)
}

// spoil returns the reply in place of usual, the one without the fault. A 403 names the permission.
func (f *Fault) spoil(usual *reply, permission string) *reply {
	if f.Status != 0 {
		usual = statusReply(f.Status, permission)
	}
	switch {
	case f.Kind == gateway404:
		return gatewayNotFound()
	case f.Kind == html:
		return &reply{max(f.Status, http.StatusOK), page("<!DOCTYPE html>\n<html><head><title>Service notice</title></head>" +
			"<body>Please try again later.</body></html>\n")}
	case f.Body != nil:
		usual.body = raw(*f.Body)
	default:
		if body, ok := usual.body.(map[string]any); ok {
			maps.Copy(body, f.Extra)
		}
	}
	return usual
}

// write sends the reply to r, late or badly if the fault says so.
func (f *Fault) write(w http.ResponseWriter, r *http.Request, reply *reply) {
	select {
	case <-time.After(time.Duration(f.Latency)):
	case <-r.Context().Done():
		return
	}
	for name, value := range f.Header {
		w.Header().Set(name, value)
		if value == "" {
			w.Header()[http.CanonicalHeaderKey(name)] = nil // net/http would set a Date or a Content-Type that is only deleted
		}
	}
	switch f.Kind {
	case hang:
		<-r.Context().Done()
	case reset:
		resetConnection(w)
	case endless:
		writeEndless(w, r, reply.status)
	case cutOff, trickle:
		writeHaltingly(w, r, reply, f.Kind)
	default:
		reply.write(w)
	}
}

// resetConnection ends the connection with a TCP reset where it can get at it, and abruptly where not.
func resetConnection(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	raw := connection
	if tls, ok := connection.(interface{ NetConn() net.Conn }); ok {
		raw = tls.NetConn()
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = raw.Close()
}

func writeEndless(w http.ResponseWriter, r *http.Request, status int) {
	(&reply{status, raw("")}).writeHeader(w)
	list, item := `{"members":[`, `{"member_id":"a8f10467abfc4b87b64614ab36eb9ae4","status":"accepted"},`
	if r.URL.Path == imagesPath || r.URL.Path == pendingImagesPath {
		list, item = `{"images":[`, `{"id":"70a599e0-31e7-49b7-b260-868f441e862b","visibility":"private"},`
	}
	block := []byte(strings.Repeat(item, 1000))
	// Writing the response to a HEAD request never fails, so look whether the request has ended.
	for _, err := w.Write([]byte(list)); err == nil && r.Context().Err() == nil; {
		_, err = w.Write(block)
	}
}

func writeHaltingly(w http.ResponseWriter, r *http.Request, reply *reply, kind string) {
	body := reply.text()
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	reply.writeHeader(w)
	controller := http.NewResponseController(w)
	if kind == cutOff {
		_, _ = w.Write(body[:len(body)/2]) //nolint:gosec // the fixtures say what is sent
		_ = controller.Flush()
		panic(http.ErrAbortHandler)
	}
	for i := range body {
		_, _ = w.Write(body[i : i+1]) //nolint:gosec // the fixtures say what is sent
		_ = controller.Flush()
		select {
		case <-time.After(time.Second):
		case <-r.Context().Done():
			return
		}
	}
}
