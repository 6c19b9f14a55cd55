// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

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
