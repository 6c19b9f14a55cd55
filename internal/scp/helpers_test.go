// SPDX-License-Identifier: MPL-2.0

package scp

// The words of this package's tests. A client has a transport in place of a server, and reads one image:
//
//	s := script(answering(503, ""), good)     // what the transport does, by turns; the last is repeated
//	members, err := read(t, retryingClient(s, 2))
//	if err != nil || len(members) != 1 || len(s.sent) != 2 {
//
// answering, failing, hanging, cutOff and brokenBody are single turns; those of a list of images are in paging_test.go. serverInMemory and
// clientInMemory do the same with net/http over a network in memory (memory_test.go), startPath behind what stands on the way
// (path_test.go), rawServer and serverClient over a real network. Time is that of testing/synctest wherever something waits.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

const (
	imageID  = "70a599e0-31e7-49b7-b260-868f441e862b"
	override = "https://scp.example.com"
)

// roundTripper is a transport in one function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// respond is a response with a body and headers, given as names and values by turns.
func respond(status int, body string, headers ...string) *http.Response {
	response := &http.Response{StatusCode: status, ContentLength: -1, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for i := 0; i < len(headers); i += 2 {
		response.Header.Add(headers[i], headers[i+1])
	}
	return response
}

// answering always returns the same response.
func answering(status int, body string, headers ...string) roundTripper {
	return func(*http.Request) (*http.Response, error) { return respond(status, body, headers...), nil }
}

// writeJSON writes a body of the usual media type.
func writeJSON(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

// newClient is NewClient for a config that is right.
func newClient(config Config) *Client {
	client, err := NewClient(config)
	if err != nil {
		panic(err)
	}
	return client
}

// believe is what a list makes of a body.
func believe[T any](l list[T], body []byte) ([]T, error) {
	items, _, failure := l.believe(response{status: http.StatusOK, body: body})
	if failure != nil {
		return nil, errors.New(failure.Reason)
	}
	return items, nil
}

// fakeClient has no server, but a transport.
func fakeClient(transport http.RoundTripper) *Client {
	return newClient(Config{Credentials: vectorCredentials, Endpoint: Endpoint{Override: override}, Transport: transport})
}

// serverClient makes one attempt, on a server at url.
func serverClient(t *testing.T, url string) *Client {
	t.Helper()
	transport := newTransport(Config{RequestTimeout: DefaultRequestTimeout})
	t.Cleanup(transport.CloseIdleConnections)
	return newClient(Config{Credentials: vectorCredentials, Endpoint: Endpoint{Override: url}, Transport: transport,
		RequestTimeout: time.Minute})
}

// read is a read of the image, which must come to an *Error if to any.
func read(t *testing.T, client *Client) ([]ImageMember, *Error) {
	t.Helper()
	return readWithin(t, t.Context(), client)
}

func readWithin(t *testing.T, ctx context.Context, client *Client) ([]ImageMember, *Error) {
	t.Helper()
	members, err := client.ImageMembers(ctx, "", imageID)
	return checked(t, members, err)
}

func checked[T any](t *testing.T, items []T, err error) ([]T, *Error) {
	t.Helper()
	if (items == nil) != (err != nil) {
		t.Errorf("there are %d items and the error %v: a good list is never nil", len(items), err)
	}
	var e *Error
	if err != nil && !errors.As(err, &e) {
		t.Fatalf("the error is a %T, want *Error: %v", err, err)
	}
	return items, e
}

// within is a context that ends after a time.
func within(t testing.TB, after time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), after)
	t.Cleanup(cancel)
	return ctx
}

// server is a transport that notes when it was asked and plays a script, whose last response is repeated.
type server struct {
	script []func(*http.Request) (*http.Response, error)
	start  time.Time
	at     []time.Duration // of each request, after start
	sent   []*http.Request
}

func (s *server) RoundTrip(request *http.Request) (*http.Response, error) {
	s.at = append(s.at, time.Since(s.start))
	s.sent = append(s.sent, request)
	return s.script[min(len(s.sent), len(s.script))-1](request)
}

// waits are the times between the requests.
func (s *server) waits() []time.Duration {
	var waits []time.Duration
	for i := 1; i < len(s.at); i++ {
		waits = append(waits, s.at[i]-s.at[i-1])
	}
	return waits
}

func script(steps ...roundTripper) *server {
	s := &server{start: time.Now()}
	for _, step := range steps {
		s.script = append(s.script, step)
	}
	return s
}

// sendsNothing is a transport of what must not be sent.
func sendsNothing(t *testing.T) roundTripper {
	return func(request *http.Request) (*http.Response, error) {
		t.Errorf("sent %s", request.URL)
		return nil, io.EOF
	}
}

func failing(err error) roundTripper {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// hanging sends no response until the request is canceled.
func hanging(request *http.Request) (*http.Response, error) {
	<-request.Context().Done()
	return nil, fmt.Errorf("given up: %w", request.Context().Err())
}

// cutOffBody is a body whose connection ends before it does.
type cutOffBody struct{ io.Reader }

func (b cutOffBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
func (cutOffBody) Close() error { return nil }

func cutOff(request *http.Request) (*http.Response, error) {
	response := respond(200, "")
	response.Body = cutOffBody{respond(200, `{"members":[]}`).Body}
	return response, nil
}

// good is a response that a read accepts.
var good = answering(200, `{"members":[{"member_id":"m"}]}`)

func retryingClient(transport http.RoundTripper, maxRetries int) *Client {
	client := fakeClient(transport)
	client.config.MaxRetries = maxRetries
	return client
}

// spell writes an item with the fields that are not nil, by their names in the API: a new field changes no test but its own.
func spell(item any) string {
	var fields []string
	for kind, field := range reflect.ValueOf(item).Fields() {
		if field.Kind() == reflect.Pointer && field.IsNil() {
			continue
		}
		fields = append(fields, fmt.Sprintf("%s=%v", kind.Tag.Get("json"), reflect.Indirect(field)))
	}
	return strings.Join(fields, " ")
}

// bubble runs a case in the time of testing/synctest.
func bubble(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// atOnce calls f n times at once, with 0 to n-1, and waits for all.
func atOnce(n int, f func(i int)) {
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() { f(i) })
	}
	calls.Wait()
}

// readerFunc is a reader in one function.
type readerFunc func() error

func (f readerFunc) Read([]byte) (int, error) { return 0, f() }

// brokenBody returns a 200 with a body that cannot be read.
func brokenBody(failure func(*http.Request) error) roundTripper {
	return func(request *http.Request) (*http.Response, error) {
		response := respond(200, "")
		response.Body = io.NopCloser(readerFunc(func() error { return failure(request) }))
		return response, nil
	}
}

// serviceBody is an error in the services' form whose fields from detail on are given.
func serviceBody(detail, response string) string {
	return `{"errors":[{"code":"Forbidden","detail":` + detail + `,"global_request_id":"g-1","links":[],"related_resources":[],` +
		`"request_id":"r-1","response":` + response + `,"status":403,"title":"Title"}]}`
}

// allocated returns how many bytes f allocates: work that grows with the square of its input shows in them, on a busy machine too.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// fixtures are those of an emulator that knows the tests' keys and has these images.
func fixtures(images ...emulator.Image) emulator.Fixtures {
	return emulator.Fixtures{AccessKey: vectorCredentials.AccessKey, SecretKey: vectorCredentials.SecretKey,
		Versions: []emulator.Version{{ID: "v" + DefaultAPIVersion}}, Images: images}
}

// documented is the response of the API's document.
const documented = `{"members":[{"created_at":"2025-07-22T09:00:00Z","image_id":"70a599e0-31e7-49b7-b260-868f441e862b",` +
	`"member_id":"a8f10467abfc4b87b64614ab36eb9ae4","status":"pending","updated_at":"2025-07-26T12:00:00Z"}]}`
