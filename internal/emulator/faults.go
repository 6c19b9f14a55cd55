package emulator

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
)

// Fault is a way in which the emulator misbehaves, for one image (in the fixtures) or for every request.
// All fields may be left out; those that are there work together.
type Fault struct {
	// Status is answered in the form that SCP uses for it: the gateway's for 401, the services' for others.
	Status int `json:"status,omitempty"`
	// Header is added to the answer, e.g. {"Retry-After": "2"}.
	Header map[string]string `json:"header,omitempty"`
	// Body is sent in place of the usual one, byte for byte.
	Body *string `json:"body,omitempty"`
	// Kind is what goes wrong besides:
	//
	//	gateway-404  the gateway's 404, which says nothing about the image
	//	html         a page of HTML
	//	hang         no answer, ever
	//	reset        the connection is reset
	//	cut-off      half of the answer, then the connection ends
	//	trickle      the answer, one byte a second
	//	endless      a list of members that does not end
	Kind string `json:"kind,omitempty"`
	// Latency is waited before the answer, as a Go duration: "2s".
	Latency Duration `json:"latency,omitzero"`
	// Clock is how far the server's clock is ahead, as a Go duration; "-1h" for one that is slow.
	Clock Duration `json:"clock,omitzero"`
	// First limits the fault to the first requests for a URI: 2 for two of them. 0 for no limit.
	First int `json:"first,omitempty"`
	// Every limits the fault to every n-th request for a URI: 5 for one in five. 0 for no limit.
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

// The kinds of fault.
const (
	gateway404 = "gateway-404"
	html       = "html"
	hang       = "hang"
	reset      = "reset"
	cutOff     = "cut-off"
	trickle    = "trickle"
	endless    = "endless"
)

// ParseFault reads a fault from JSON.
func ParseFault(text string) (*Fault, error) {
	fault := new(Fault)
	if err := unmarshalStrictly([]byte(text), fault); err != nil {
		return nil, err
	}
	return fault, fault.check()
}

func (f Fault) check() error {
	switch f.Kind {
	case "", gateway404, html, hang, reset, cutOff, trickle, endless:
		return nil
	}
	return fmt.Errorf("there is no kind of fault %q", f.Kind)
}

// applies reports whether the fault is due at the n-th request for a URI, counted from 1.
func (f Fault) applies(n int) bool {
	return (f.First == 0 || n <= f.First) && (f.Every == 0 || n%f.Every == 0)
}

// spoil answers r with the fault. usual gives the answer that would have come without it.
func (f Fault) spoil(w http.ResponseWriter, r *http.Request, now time.Time, usual answer) {
	select {
	case <-time.After(time.Duration(f.Latency)):
	case <-r.Context().Done():
		return
	}
	for name, value := range f.Header {
		w.Header().Set(name, value)
	}
	if f.Status != 0 {
		usual = f.statusAnswer()
	}
	switch {
	case f.Kind == hang:
		<-r.Context().Done()
	case f.Kind == reset:
		resetConnection(w)
	case f.Kind == gateway404:
		notFoundByGateway.write(w, now)
	case f.Kind == html:
		page := "<!DOCTYPE html>\n<html><head><title>Service notice</title></head><body>Please try again later.</body></html>\n"
		writeRaw(w, max(f.Status, http.StatusOK), "text/html; charset=utf-8", page)
	case f.Kind == endless:
		writeEndless(w)
	case f.Kind == cutOff || f.Kind == trickle:
		recorded := httptest.NewRecorder()
		usual.write(recorded, now)
		writeHaltingly(w, r, recorded, f.Kind)
	case f.Body != nil:
		writeRaw(w, max(f.Status, http.StatusOK), "application/json", *f.Body)
	default:
		usual.write(w, now)
	}
}

func (f Fault) statusAnswer() answer {
	switch {
	case f.Status == http.StatusUnauthorized:
		return *unauthorized("HmacValidFail")
	case f.Status == http.StatusForbidden:
		return forbidden("You do not have the permission for this action.", "virtualserver:ListImageMembers")
	case f.Status >= http.StatusInternalServerError:
		return serviceError(f.Status, "ContactAdminForAssistance", "An unexpected error has occurred.")
	default:
		return serviceError(f.Status, strings.ReplaceAll(http.StatusText(f.Status), " ", ""), "The request was refused.")
	}
}

func writeRaw(w http.ResponseWriter, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// resetConnection ends the connection with a TCP reset where it can get at it, and abruptly where not.
func resetConnection(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

func writeEndless(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	const member = `{"member_id":"a8f10467abfc4b87b64614ab36eb9ae4","status":"accepted"},`
	block := []byte(strings.Repeat(member, 1000))
	for _, err := w.Write([]byte(`{"members":[`)); err == nil; {
		_, err = w.Write(block)
	}
}

func writeHaltingly(w http.ResponseWriter, r *http.Request, recorded *httptest.ResponseRecorder, kind string) {
	body := recorded.Body.Bytes()
	maps.Copy(w.Header(), recorded.Header())
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(recorded.Code)
	controller := http.NewResponseController(w)
	if kind == cutOff {
		_, _ = w.Write(body[:len(body)/2])
		_ = controller.Flush()
		panic(http.ErrAbortHandler)
	}
	for i := range body {
		_, _ = w.Write(body[i : i+1])
		_ = controller.Flush()
		select {
		case <-time.After(time.Second):
		case <-r.Context().Done():
			return
		}
	}
}
