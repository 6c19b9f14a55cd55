// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The images of the default fixtures: the document's, one with many members, one with none, one never shared.
const (
	documentImage = "70a599e0-31e7-49b7-b260-868f441e862b"
	manyMembers   = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
	noMembers     = "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"
	privateImage  = "e8a4b2c6-0d17-4f93-b5e8-1c2d3e4f5a6b"
)

func membersPath(image string) string { return "/v1/images/" + image + "/members" }

func defaultFixtures(t *testing.T) emulator.Fixtures {
	t.Helper()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	return fixtures
}

// serve starts handler and returns its URL.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// start starts an emulator with the default fixtures and returns its URL.
func start(t *testing.T, options emulator.Options) string {
	t.Helper()
	return serve(t, emulator.New(emulator.Default, options))
}

// call is a request with all that its signature is made of, so that a case can get one thing wrong.
type call struct {
	method, url          string
	signedURL            string // empty: url
	timestamp            string // empty: now
	accessKey, secretKey string
	clientType           string
	token, version       string              // empty: not sent
	edit                 func(*http.Request) // changes what has been signed; nil: leaves it
}

// get is a call that the emulator must accept while it plays the default fixtures.
func get(url string) call {
	return call{
		method: http.MethodGet, url: url, accessKey: "demo-access-key", secretKey: "demo-secret-key",
		clientType: "Openapi", version: "virtualserver 1.3",
	}
}

func (c call) request(t *testing.T) *http.Request {
	t.Helper()
	return c.requestWithin(t.Context(), t)
}

func (c call) requestWithin(ctx context.Context, t *testing.T) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, c.method, c.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.signedURL == "" {
		c.signedURL = c.url
	}
	if c.timestamp == "" {
		c.timestamp = milliseconds(time.Now())
	}
	for name, value := range map[string]string{
		"Scp-Accesskey":   c.accessKey,
		"Scp-Timestamp":   c.timestamp,
		"Scp-Signature":   signature(c.secretKey, c.method, c.signedURL, c.timestamp, c.accessKey, c.clientType),
		"Scp-ClientType":  c.clientType,
		"Accept-Language": "en-US",
		"X-Auth-Token":    c.token,
		"Scp-Api-Version": c.version,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	if c.edit != nil {
		c.edit(request)
	}
	return request
}

// plain follows no redirect and keeps no connection, so that one call is one request.
var plain = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (c call) send(t *testing.T) reply {
	t.Helper()
	return c.sendBy(t, plain)
}

func (c call) sendBy(t *testing.T, client *http.Client) reply {
	t.Helper()
	response, err := client.Do(c.request(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

// object returns the body as a JSON object; want is the status that it has to come with.
func (r reply) object(t *testing.T, want int) map[string]any {
	t.Helper()
	if r.status != want {
		t.Fatalf("the status is %d, want %d; the body is %s", r.status, want, r.body)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("the content type is %q", got)
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(r.body), &object); err != nil {
		t.Fatalf("the body is not a JSON object: %v: %s", err, r.body)
	}
	return object
}

func hasKeys(t *testing.T, what string, object map[string]any, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, want) {
		t.Errorf("%s has the keys %q, want %q", what, got, want)
	}
}

// serviceError fails t if the answer is not an error in the services' form, and returns the error.
func (r reply) serviceError(t *testing.T, status int, code string) map[string]any {
	t.Helper()
	body := r.object(t, status)
	hasKeys(t, "the body", body, "errors")
	list, ok := body["errors"].([]any)
	if !ok || len(list) != 1 {
		t.Fatalf("errors is not a list of one: %s", r.body)
	}
	e, _ := list[0].(map[string]any)
	hasKeys(t, "the error", e, "code", "detail", "global_request_id", "links", "related_resources", "request_id", "response", "status", "title")
	if e["code"] != code || e["status"] != float64(status) {
		t.Errorf("the error is %v with %v, want %s with %d", e["code"], e["status"], code, status)
	}
	for _, name := range []string{"detail", "global_request_id", "request_id"} {
		if text, _ := e[name].(string); text == "" {
			t.Errorf("the error has no %s", name)
		}
	}
	if code != "Forbidden" && e["response"] != nil {
		t.Errorf("response is %v, want null", e["response"])
	}
	return e
}

// gatewayUnauthorized fails t if the answer is not the gateway's 401 with the message.
func (r reply) gatewayUnauthorized(t *testing.T, message string) {
	t.Helper()
	want := map[string]any{"status": "UNAUTHORIZED", "name": "Request was rejected by gateway", "message": message}
	if got := r.object(t, http.StatusUnauthorized); !reflect.DeepEqual(got, want) {
		t.Errorf("the answer is %v, want %v", got, want)
	}
}

// gatewayNotFound fails t if the answer is not the gateway's 404, which must not look like a service's.
func (r reply) gatewayNotFound(t *testing.T) {
	t.Helper()
	body := r.object(t, http.StatusNotFound)
	hasKeys(t, "the gateway's 404", body, "timestamp", "path", "status", "error", "requestId")
	if body["status"] != float64(http.StatusNotFound) || body["error"] != "Not Found" {
		t.Errorf("the gateway's 404 says %v %v", body["status"], body["error"])
	}
}

func TestUnknownPaths(t *testing.T) {
	url := start(t, emulator.Options{})
	for name, c := range map[string]call{
		"other operation":    get(url + "/v1/images/" + documentImage),
		"list with a tail":   get(url + "/v1/images/"),
		"one member":         get(url + membersPath(documentImage) + "/a8f10467abfc4b87b64614ab36eb9ae4"),
		"other version":      get(url + "/v2/images/" + documentImage + "/members"),
		"slash at the end":   get(url + membersPath(documentImage) + "/"),
		"root with a tail":   get(url + "/favicon.ico"),
		"other method":       {method: http.MethodPost, url: url + membersPath(documentImage), accessKey: "demo-access-key", secretKey: "demo-secret-key", clientType: "Openapi"},
		"posted to the root": {method: http.MethodPost, url: url + "/", accessKey: "demo-access-key", secretKey: "demo-secret-key", clientType: "Openapi"},
		"not signed":         {method: http.MethodGet, url: url + "/v1/images", edit: unsigned},
	} {
		t.Run(name, func(t *testing.T) { c.send(t).gatewayNotFound(t) })
	}
}

// A path that is not clean, as of an endpoint with a slash at its end, is a path that the gateway does not know.
func TestUncleanPathsAreNotRedirected(t *testing.T) {
	url := start(t, emulator.Options{})
	for _, path := range []string{"/" + membersPath(documentImage), "/v1/images/../images/" + documentImage + "/members", "/v1/./images"} {
		t.Run(path, func(t *testing.T) { get(url + path).send(t).gatewayNotFound(t) })
	}
}

func TestRequestsAreRecorded(t *testing.T) {
	e := emulator.New(emulator.Default, emulator.Options{})
	url := serve(t, e)
	if got := e.Requests(); len(got) != 0 {
		t.Fatalf("there are %d requests before the first", len(got))
	}
	// What is refused counts too: a test wants to see it all the more.
	get(url + membersPath(documentImage) + "?a=b%20c").send(t)
	call{method: http.MethodPost, url: url + "/nowhere", edit: unsigned}.send(t)
	got := e.Requests()
	if len(got) != 2 {
		t.Fatalf("there are %d requests, want 2", len(got))
	}
	host := strings.TrimPrefix(url, "http://")
	if r := got[0]; r.Method != "GET" || r.Host != host || r.URI != membersPath(documentImage)+"?a=b%20c" || r.Header.Get("Scp-Accesskey") != "demo-access-key" {
		t.Errorf("the first request is %+v", r)
	}
	if r := got[1]; r.Method != "POST" || r.Host != host || r.URI != "/nowhere" || r.Header.Get("Scp-Accesskey") != "" {
		t.Errorf("the second request is %+v", r)
	}
	got[0].Method = "changed"
	if e.Requests()[0].Method != "GET" {
		t.Error("what Requests returned is the emulator's own")
	}
}

func TestRequestsAreDiscarded(t *testing.T) {
	e := emulator.New(emulator.Default, emulator.Options{DiscardRequests: true})
	if got := get(serve(t, e) + membersPath(documentImage)).send(t); got.status != http.StatusOK {
		t.Errorf("the status is %d", got.status)
	}
	if got := e.Requests(); len(got) != 0 {
		t.Errorf("%d requests are kept", len(got))
	}
}
