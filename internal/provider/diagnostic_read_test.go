// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// newReading returns a read with the default limits.
func newReading(t *testing.T, endpoint scp.Endpoint) reading {
	t.Helper()
	c := config.Configuration{
		Credentials:  []string{"  access_key: environment variable SCP_TF_ACCESS_KEY"},
		ClientConfig: scp.Config{Endpoint: endpoint, RequestTimeout: scp.DefaultRequestTimeout},
	}
	client, err := scp.NewClient(c.ClientConfig)
	if err != nil {
		t.Fatal(err)
	}
	return reading{providerData: &providerData{c, client}, limit: defaultReadTimeout, diags: new(diag.Diagnostics)}
}

// What is said of each kind of failure, and the limits between them, of an image's members unless another target is given. The first part
// is the title; what follows "without" is not said.
func TestReadError(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	said := map[scp.Kind]bool{}
	for _, test := range []struct {
		about *target
		err   scp.Error
		want  string
	}{
		{nil, scp.Error{Kind: scp.KindUnauthorized, StatusCode: 401, ClientTime: now, ServerTime: now.Add(time.Minute)},
			"Authentication Failed | auth_token | \n  access_key: environment variable SCP_TF_ACCESS_KEY\n | without clock | without points at"},
		{nil, scp.Error{Kind: scp.KindSignatureRejected, StatusCode: 401}, "Authentication Failed | Most likely the secret key is wrong"},
		{nil, scp.Error{Kind: scp.KindClock, StatusCode: 401, ClientTime: now, ServerTime: now.Add(-61 * time.Second)},
			"Clock Is Wrong | 1m1s ahead of the server's | here:   2026-11-24T02:00:00Z | server: 2026-11-24T01:58:59Z"},
		{nil, scp.Error{Kind: scp.KindClock, ClientTime: now, ServerTime: now.Add(time.Hour)},
			"Clock Is Wrong | 1h0m0s behind the server's | check the keys | \n  access_key: environment variable SCP_TF_ACCESS_KEY"},
		{nil, scp.Error{Kind: scp.KindForbidden, StatusCode: 403, Action: "scp:List"},
			"Permission Denied | not allowed to list this image's members | use that account's keys | permission for scp:List | points at image_id"},
		{&imagesTarget, scp.Error{Kind: scp.KindForbidden}, "Permission Denied | list images | permission for it to | without points at"},
		{nil, scp.Error{Kind: scp.KindNotShared, StatusCode: 403}, "Image Is Not Shared | visibility is Shared | points at image_id"},
		{nil, scp.Error{Kind: scp.KindImageNotFound, StatusCode: 404, Code: "NotFound", RequestID: "req-1"},
			"Image Not Found | 404 Not Found (code NotFound) | \n  Request ID: req-1 | Check image_id against | points at image_id"},
		{nil, scp.Error{Kind: scp.KindEndpointNotFound, StatusCode: 404}, "Endpoint Not Found | the members of image x may exist | (without"},
		{&imagesTarget, scp.Error{Kind: scp.KindEndpointNotFound}, "Endpoint Not Found | without image_id"},
		{nil, scp.Error{Kind: scp.KindVersionRejected, StatusCode: 400}, "API Version Not Accepted | scp_virtualserver_api_versions lists | " +
			"does not accept version " + scp.DefaultAPIVersion + " | This release knows versions up to " + scp.APIVersions()[0].Number + "."},
		{nil, scp.Error{Kind: scp.KindMalformed, StatusCode: 400, Detail: "bad"}, "Request Rejected | : bad | Check image_id | points at"},
		{nil, scp.Error{Kind: scp.KindTooManyRequests, StatusCode: 429, RetryAfter: 90 * time.Second},
			`Too Many Requests | SCP asked to wait at least 1m30s | Run again after that | read = "4m"`},
		{nil, scp.Error{Kind: scp.KindTooManyRequests, StatusCode: 429}, `Too Many Requests | max_retries | Run again later | read = "10m"`},
		{nil, scp.Error{Kind: scp.KindServerError, StatusCode: 502, Code: "X"}, "SCP Server Error | code X | a gateway or proxy | support"},
		{nil, scp.Error{Kind: scp.KindForeign, StatusCode: 413}, "Response Not From SCP | a proxy"},
		{nil, scp.Error{Kind: scp.KindRedirect, StatusCode: 302, Location: "https://me:hunter2@sso.example.com/login;hunter2?t=hunter2#hunter2"},
			`Redirect Not Followed | "https://sso.example.com/login"`},
		{nil, scp.Error{Kind: scp.KindRedirect, Location: "https://%zz/?t=hunter2"}, "Redirect Not Followed | does not clearly say where"},
		{nil, scp.Error{Kind: scp.KindRedirect}, "Redirect Not Followed | does not clearly say where"},
		{nil, scp.Error{Kind: scp.KindUnexpectedStatus, StatusCode: 409}, "Unexpected Status | 409 Conflict | only status 200"},
		{&apiVersionsTarget, scp.Error{Kind: scp.KindUnexpectedStatus, StatusCode: 401}, "Unexpected Status | without access_key"},

		{nil, scp.Error{Kind: scp.KindUnusable, StatusCode: 200}, "Unusable Response | instead of returning an empty list | NO_PROXY"},
		{nil, scp.Error{Kind: scp.KindStale, StatusCode: 200, Reason: "60 seconds old", ServerTime: now, ClientTime: now.Add(59 * time.Second)},
			"Cached Response | 60 seconds old | Cache-Control: no-cache | without clock"},
		{nil, scp.Error{Kind: scp.KindStale, StatusCode: 200, ServerTime: now, ClientTime: now.Add(time.Hour)},
			"Cached Response | This machine's clock is 1h0m0s ahead of the response's Date."},
		{&imagesTarget, scp.Error{Kind: scp.KindListChanged, Attempts: 1}, "List Is Not Complete | may lack | empty page | without Attempts"},
		{&imagesTarget, scp.Error{Kind: scp.KindFilterIgnored, StatusCode: 200}, "Filter Ignored | endpoint_override"},
		{nil, scp.Error{Kind: scp.KindMemberTwice, StatusCode: 200}, "Member Listed Twice | one removal takes one entry | points at image_id"},
		{nil, scp.Error{Kind: scp.KindUnknownFilter, StatusCode: 200}, "Unknown Visibility | public, community, shared | points at image_id"},

		{nil, scp.Error{Kind: scp.KindInput, Reason: "the region is bad"},
			"Read Not Possible | Reading the members of image x failed.\n\n  the region is bad.\n\n | Correct this value | without Request"},
		{nil, scp.Error{Kind: scp.KindCanceled}, "Read Stopped | so nothing is known | Attempts: none: the request was not sent"},
		{nil, scp.Error{Kind: scp.KindReadTimeout, StatusCode: 503, Detail: "busy", Attempts: 3, Elapsed: 2 * time.Minute},
			"Read Timed Out | 503 Service Unavailable: busy | \n  Attempts: 3 in 2m0s\n | longer than 2m0s (timeouts.read) | timeouts ="},
		{nil, scp.Error{Kind: scp.KindHeldBack, RetryAfter: 5 * time.Minute},
			`Read Timed Out While Rate Limited | Attempts: none | SCP asked to wait at least 5m0s | read = "7m"`},
		{nil, scp.Error{Kind: scp.KindHeldBack, StatusCode: 503, Detail: "database is down", Attempts: 1, Elapsed: 1},
			"Read Timed Out While Rate Limited | database is down | Attempts: 1 in"},
		{nil, scp.Error{Kind: scp.KindRequestTimeout, Attempts: 1, Elapsed: 30 * time.Second},
			"Request Timed Out | Attempts: 1 in 30s | longer than 30s (request_timeout)"},
		{nil, scp.Error{Kind: scp.KindDNS, Host: "scp.example.com"}, `Host Name Not Found | "scp.example.com" | without points at`},
		{nil, scp.Error{Kind: scp.KindDNSTemporary, Host: "scp.example.com"}, `Name Resolution Failed | "scp.example.com" | Run again`},
		{nil, scp.Error{Kind: scp.KindTLS}, "TLS Connection Failed | SSL_CERT_FILE"},
		{nil, scp.Error{Kind: scp.KindNotYetValid}, "TLS Connection Failed | this machine's clock is slow"},
		{nil, scp.Error{Kind: scp.KindNotTLS}, "TLS Connection Failed | does not speak TLS"},
		{nil, scp.Error{Kind: scp.KindTLSRefused}, "TLS Connection Failed | client certificate | TLS 1.2"},
		{nil, scp.Error{Kind: scp.KindNotHTTP, Attempts: 1, Elapsed: 60 * time.Millisecond}, "Connection Failed | no HTTP server | : 1 in 60ms"},
		{nil, scp.Error{Kind: scp.KindMachine}, "Machine Limit Reached | ulimit | max_concurrency"},
		{nil, scp.Error{Kind: scp.KindConnection, Reason: "x"},
			"Connection Failed | region and environment | \n  Response: none: x\n | without GODEBUG"},
		{nil, scp.Error{Kind: scp.KindConnection, Forms: "HTTP/1.1, HTTP/1.1 without a post-quantum key share"},
			"Connection Failed |   Tried: HTTP/1.1, HTTP/1.1 without | run again. If nothing else helps, set the environment variable GODEBUG="},
		{nil, scp.Error{Kind: scp.KindProxyAddress}, "Connection Failed | begins with http://"},
		{nil, scp.Error{Kind: scp.KindProxyConnection}, "Connection Failed | connection to the proxy failed"},
		{nil, scp.Error{Kind: scp.KindProxyLogin, Attempts: 1}, "Proxy Did Not Connect | user and password | Basic | name scp.example.com in"},
		{nil, scp.Error{Kind: scp.KindProxyFailed, Attempts: 1}, "Proxy Did Not Connect | region and environment"},
		{nil, scp.Error{Kind: scp.KindProxyRejects, Attempts: 1}, "Proxy Did Not Connect | allow scp.example.com"},
	} {
		said[test.err.Kind] = true
		if test.err.Kind != scp.KindInput {
			test.err.Request = scp.Request{URL: &url.URL{Host: "scp.example.com"}, APIVersion: scp.DefaultAPIVersion, Signed: true}
		}
		r := newReading(t, scp.Endpoint{Environment: "e"})
		about := r.imageMembersOf("x", path.Root("image_id"))
		if test.about != nil {
			about = *test.about
		}
		r.failed(about, &test.err)
		got := (*r.diags)[0].Summary() + ": " + (*r.diags)[0].Detail()
		if at, ok := (*r.diags)[0].(diag.DiagnosticWithPath); ok {
			got += " points at " + at.Path().String()
		}
		parts := strings.Split(test.want, " | ")
		for _, part := range parts {
			unwanted, not := strings.CutPrefix(part, "without ")
			if !strings.HasPrefix(got, parts[0]+": ") || not && strings.Contains(got, unwanted) || !not && !strings.Contains(got, part) {
				t.Errorf("%s: want %q:\n%s", test.err.Kind, part, got)
			}
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("%s: a secret is shown:\n%s", test.err.Kind, got)
		}
	}
	for kind := range adviceOf {
		if !said[kind] {
			t.Errorf("%q has no case", kind)
		}
	}
}

// A gateway that changes what is signed comes before the secret key.
func TestSignatureBehindAGateway(t *testing.T) {
	t.Parallel()
	r := newReading(t, scp.Endpoint{Override: "https://gw"})
	r.failed(imagesTarget, &scp.Error{Kind: scp.KindSignatureRejected, Request: scp.Request{URL: &url.URL{}}})
	if got := (*r.diags)[0].Detail(); strings.Contains(got, "Most likely") || !strings.Contains(got, "a gateway at endpoint_override") {
		t.Errorf("it says %s", got)
	}
}

// Each advice is complete: it has a title and a next step, and nothing in it is left to be filled in. That each kind of failure has one is
// held by the linter exhaustive.
func TestAdvice(t *testing.T) {
	t.Parallel()
	r := newReading(t, scp.Endpoint{Environment: "e"})
	r.Credentials = []string{"access_key: somewhere."}
	for kind, advice := range adviceOf {
		for _, about := range []target{r.imageMembersOf("x", path.Root("image_ids").AtListIndex(3)), imagesTarget, apiVersionsTarget} {
			text := r.facts(about, &scp.Error{Kind: kind}).Replace(advice.text)
			if advice.title == "" || !strings.HasSuffix(text, ".") || strings.Contains(strings.ReplaceAll(text, "{ read", ""), "{") {
				t.Errorf("%q: %q, and the advice is not complete:\n%s", kind, advice.title, text)
			}
		}
	}
}
