// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
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

// accountsOf returns fixtures with these accounts, whose keys are made of their IDs, and these images.
func accountsOf(ids string, images ...emulator.Image) emulator.Fixtures {
	fixtures := emulator.Fixtures{Versions: []emulator.Version{{ID: "v1.3"}}, Images: images}
	for id := range strings.FieldsSeq(ids) {
		fixtures.Accounts = append(fixtures.Accounts, emulator.Account{ID: id, AccessKey: id + "-key", SecretKey: id + "-secret"})
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

// startWith starts an emulator with fixtures and returns its URL.
func startWith(t *testing.T, fixtures emulator.Fixtures) string {
	t.Helper()
	return serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
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

// get is a call that the emulator accepts while it has the default fixtures.
func get(url string) call {
	return call{
		method: http.MethodGet, url: url, accessKey: "demo-access-key", secretKey: "demo-secret-key",
		clientType: "Openapi", version: "virtualserver 1.3",
	}
}

// as is a call that account signs.
func as(account, url string) call {
	c := get(url)
	c.accessKey, c.secretKey = account+"-key", account+"-secret"
	return c
}

// bare is a call without the headers of the signature.
func bare(url string) call { return call{method: http.MethodGet, url: url, edit: unsigned} }

func (c call) request(ctx context.Context, t *testing.T) *http.Request {
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

// incoming is the request as a handler gets it, without a connection.
func (c call) incoming(ctx context.Context, t *testing.T) *http.Request {
	t.Helper()
	request := c.request(ctx, t)
	request.RequestURI = request.URL.RequestURI()
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
	response, err := client.Do(c.request(t.Context(), t))
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

// gets fails t unless the reply to the call has this outcome, and returns the reply.
func (c call) gets(t *testing.T, want string) reply {
	t.Helper()
	got := c.send(t)
	if outcome := got.outcome(t); outcome != want {
		t.Errorf("%s: the outcome is %s, want %s: %s", c.url, outcome, want, got.body)
	}
	return got
}

// object returns the body, which has to be a JSON object.
func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("the content type is %q", got)
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(r.body), &object); err != nil {
		t.Fatalf("the body is not a JSON object: %v: %s", err, r.body)
	}
	return object
}

// outcome is the status with what an error is: the code of a service's, the message of the gateway's 401, "gateway" for its 404.
// It fails t if the error does not have exactly the form that SCP uses.
func (r reply) outcome(t *testing.T) string {
	t.Helper()
	if r.status == http.StatusOK {
		r.object(t)
		return "200"
	}
	body := r.object(t)
	switch {
	case r.status == http.StatusUnauthorized:
		hasKeys(t, "the gateway's 401", body, "status", "name", "message")
		if body["status"] != "UNAUTHORIZED" || body["name"] != "Request was rejected by gateway" {
			t.Errorf("the gateway's 401 is %v", body)
		}
		return fmt.Sprint("401 ", body["message"])
	case body["errors"] == nil:
		hasKeys(t, "the gateway's 404", body, "timestamp", "path", "status", "error", "requestId")
		if body["status"] != float64(http.StatusNotFound) || body["error"] != "Not Found" {
			t.Errorf("the gateway's 404 is %v", body)
		}
		return fmt.Sprint(r.status, " gateway")
	}
	return fmt.Sprint(r.status, " ", r.serviceError(t)["code"])
}

// serviceError returns the one error of a service's reply.
func (r reply) serviceError(t *testing.T) map[string]any {
	t.Helper()
	body := r.object(t)
	hasKeys(t, "the body", body, "errors")
	list, ok := body["errors"].([]any)
	if !ok || len(list) != 1 {
		t.Fatalf("errors is not a list of one: %s", r.body)
	}
	e, _ := list[0].(map[string]any)
	hasKeys(t, "the error", e, "code", "detail", "global_request_id", "links", "related_resources", "request_id", "response", "status",
		"title")
	if e["status"] != float64(r.status) {
		t.Errorf("the error has the status %v, the reply %d", e["status"], r.status)
	}
	for _, name := range []string{"detail", "global_request_id", "request_id"} {
		if text, _ := e[name].(string); text == "" {
			t.Errorf("the error has no %s", name)
		}
	}
	if e["code"] != "Forbidden" {
		if e["response"] != nil {
			t.Errorf("response is %v, want null", e["response"])
		}
		return e
	}
	response, _ := e["response"].(map[string]any)
	hasKeys(t, "response", response, "access_level", "action_name", "caused_auths", "message")
	if response["message"] != e["detail"] {
		t.Errorf("response says %v, the detail %v", response["message"], e["detail"])
	}
	return e
}

func hasKeys(t *testing.T, what string, object map[string]any, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, want) {
		t.Errorf("%s has the keys %q, want %q", what, got, want)
	}
}

// ids returns the key of each object of the list, which has to be all that the reply holds, with a space between them.
func (r reply) ids(t *testing.T, list, key string) string {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("the status is %d: %s", r.status, r.body)
	}
	body := r.object(t)
	hasKeys(t, "the body", body, list)
	objects, ok := body[list].([]any)
	if !ok {
		t.Fatalf("%s is not a list: %s", list, r.body)
	}
	var ids []string
	for _, object := range objects {
		id, _ := object.(map[string]any)[key].(string)
		ids = append(ids, id)
	}
	return strings.Join(ids, " ")
}

// lists fails t unless the reply to the call is a list of images with these IDs.
func (c call) lists(t *testing.T, want string) {
	t.Helper()
	if got := c.send(t).ids(t, "images", "id"); got != want {
		t.Errorf("%s lists %q, want %q", c.url, got, want)
	}
}

// No path is redirected, also one that is not clean, as of an endpoint with a slash at its end.
func TestUnknownPaths(t *testing.T) {
	url := start(t, emulator.Options{})
	for _, path := range []string{
		"/v1/images/" + documentImage, "/v1/images/", membersPath(documentImage) + "/", "/v2/images/" + documentImage + "/members",
		membersPath(documentImage) + "/a8f10467abfc4b87b64614ab36eb9ae4", "/favicon.ico",
		"/" + membersPath(documentImage), "/v1/images/../images/" + documentImage + "/members", "/v1/./images",
		// These cannot be regions.
		"/v1/v1/images", "/v1/", "/kr-east1", "/KR-EAST1/v1/images", "/kr%2Deast1/v1/images", "/-/v1/images", "/kr-east1/kr-west1/v1/images",
		"/kr-east1//v1/images", "/kr-east1/v1/images/", "//v1/images", "/kr-east1/v2/images",
	} {
		get(url+path).gets(t, "404 gateway")
	}
	for _, path := range []string{"/", membersPath(documentImage)} {
		c := get(url + path)
		c.method = http.MethodPost
		c.gets(t, "404 gateway")
	}
	bare(url+"/v1/images").gets(t, "404 gateway")
}

// A rejected request is recorded too, with the URI as it was sent.
func TestRequestsAreRecorded(t *testing.T) {
	e := emulator.New(emulator.Default, emulator.Options{})
	url := serve(t, e)
	if got := e.Requests(); len(got) != 0 {
		t.Fatalf("there are %d requests before the first", len(got))
	}
	get(url + "/kr-west1" + membersPath(documentImage) + "?a=b%20c").send(t)
	call{method: http.MethodPost, url: url + "/nowhere", edit: unsigned}.send(t)
	summary := func() (all []string) {
		for _, r := range e.Requests() {
			all = append(all, strings.TrimSpace(fmt.Sprintln(r.Method, r.Host, r.URI, r.Header.Get("Scp-Accesskey"))))
		}
		return all
	}
	host := strings.TrimPrefix(url, "http://")
	want := []string{"GET " + host + " /kr-west1" + membersPath(documentImage) + "?a=b%20c demo-access-key", "POST " + host + " /nowhere"}
	e.Requests()[0].Method = "changed" // of a copy
	if got := summary(); !slices.Equal(got, want) {
		t.Errorf("the requests are %q, want %q", got, want)
	}
	e = emulator.New(emulator.Default, emulator.Options{DiscardRequests: true})
	get(serve(t, e)+membersPath(documentImage)).gets(t, "200")
	if got := e.Requests(); len(got) != 0 {
		t.Errorf("%d requests are kept", len(got))
	}
}
