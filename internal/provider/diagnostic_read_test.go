// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// The kinds of error that are hard to provoke in a plan, and the limits between them; the others are in faults_test.go.
func TestReadError(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		err       error
		summary   string
		details   []string
		onSubject bool
	}{
		"no request": {
			errors.New("the region is bad"), "Read Not Possible", []string{"Reading the members of image x is not possible: the region is bad."},
			false,
		},
		"stopped": {&scp.Error{Kind: scp.KindCanceled, Reason: "context canceled"}, "Read Stopped", []string{"so nothing is known"}, false},
		"timed out": {
			&scp.Error{Kind: scp.KindReadTimeout, StatusCode: 503, Detail: "busy", Attempts: 3, Elapsed: 120 * time.Second},
			"Read Timed Out",
			[]string{"503 Service Unavailable: busy", "\n  Attempts: 3 in 2m0s\n", "longer than 2m0s (timeouts.read)", "timeouts ="},
			false,
		},
		"404 of the service": {
			&scp.Error{Kind: scp.KindImageNotFound, StatusCode: 404, Code: "NotFound", RequestID: "req-1"}, "Image Not Found",
			[]string{"404 Not Found (code NotFound)"}, true,
		},
		"404 of the gateway": {
			&scp.Error{Kind: scp.KindEndpointNotFound, StatusCode: 404}, "Endpoint Not Found",
			[]string{"so the members of image x may exist"}, false,
		},
		"404 of an override with /v1": {
			&scp.Error{Kind: scp.KindEndpointNotFound, StatusCode: 404, Request: scp.Request{URL: &url.URL{Path: "/v1/v1/images/x/members"}}},
			"Endpoint Not Found", []string{"endpoint_override ends in /v1, and"}, false,
		},
		"401, clock ahead": {
			&scp.Error{Kind: scp.KindClock, StatusCode: 401, ClientTime: now, ServerTime: now.Add(-61 * time.Second)}, "Clock Is Wrong",
			[]string{"1m1s ahead of the server's", "here:   2026-11-24T02:00:00Z", "server: 2026-11-24T01:58:59Z"}, false,
		},
		"401, clock behind": {
			&scp.Error{Kind: scp.KindClock, ClientTime: now, ServerTime: now.Add(time.Hour)}, "Clock Is Wrong",
			[]string{"1h0m0s behind the server's"},
			false,
		},
		"401, clock right": {
			&scp.Error{Kind: scp.KindUnauthorized, StatusCode: 401, ClientTime: now, ServerTime: now.Add(time.Minute)}, "Authentication Failed",
			[]string{"auth_token", "access_key comes from the environment variable SCP_TF_ACCESS_KEY"}, false,
		},
		"401, no Date": {
			&scp.Error{Kind: scp.KindUnauthorized, StatusCode: 401, ClientTime: now}, "Authentication Failed", []string{"no Date header"}, false,
		},
		"400 of the version": {
			&scp.Error{Kind: scp.KindVersionRejected, StatusCode: 400}, "API Version Not Accepted",
			[]string{"does not accept version " + scp.DefaultAPIVersion}, false,
		},
		"400": {
			&scp.Error{Kind: scp.KindMalformed, StatusCode: 400, Detail: "bad id"}, "Request Rejected",
			[]string{"Check image_id against"}, true,
		},
		"403 not shared": {
			&scp.Error{Kind: scp.KindNotShared, StatusCode: 403}, "Image Is Not Shared",
			[]string{"visibility is Shared"}, true,
		},
		"403": {
			&scp.Error{Kind: scp.KindForbidden, StatusCode: 403}, "Permission Denied", []string{"not allowed to list this image's members"}, true,
		},
		"429": {
			&scp.Error{Kind: scp.KindTooManyRequests, StatusCode: 429, RetryAfter: 90 * time.Second}, "Too Many Requests",
			[]string{"SCP asked to wait at least 1m30s", `read = "4m"`}, false,
		},
		"429, not asked to wait": {
			&scp.Error{Kind: scp.KindTooManyRequests, StatusCode: 429}, "Too Many Requests", []string{"max_retries", `read = "10m"`}, false,
		},
		"406": {
			&scp.Error{Kind: scp.KindVersionRejected, StatusCode: 406}, "API Version Not Accepted",
			[]string{"scp_virtualserver_api_versions lists"}, false,
		},
		"409": {
			&scp.Error{Kind: scp.KindUnexpectedStatus, StatusCode: 409}, "Unexpected Status", []string{"409 Conflict", "only status 200"}, false,
		},
		"500": {
			&scp.Error{Kind: scp.KindServerError, StatusCode: 500, Code: "X"}, "SCP Server Error", []string{"code X", "a proxy of your own"}, false,
		},
		"500 with a request ID": {
			&scp.Error{Kind: scp.KindServerError, StatusCode: 500, RequestID: "r"}, "SCP Server Error",
			[]string{"support", "\n  Request ID: r\n"}, false,
		},
		"502 without a body": {
			&scp.Error{Kind: scp.KindServerError, StatusCode: 502}, "SCP Server Error", []string{"a gateway or proxy in front of it"}, false,
		},
		"413 without a body": {&scp.Error{Kind: scp.KindForeign, StatusCode: 413}, "Response Not From SCP", []string{"a proxy"}, false},
		"one attempt that timed out": {
			&scp.Error{Kind: scp.KindRequestTimeout, Attempts: 1, Elapsed: 30 * time.Second}, "Request Timed Out",
			[]string{"Attempts: 1 in 30s", "longer than 30s (request_timeout)"}, false,
		},
		"old Date": {
			&scp.Error{Kind: scp.KindStale, StatusCode: 200, ServerTime: now, ClientTime: now.Add(time.Hour)}, "Cached Response",
			[]string{"This machine's clock is 1h0m0s ahead"}, false,
		},
		"certificate of tomorrow": {
			&scp.Error{Kind: scp.KindNotYetValid}, "TLS Connection Failed", []string{"this machine's clock is slow"}, false,
		},
		"too many open files": {&scp.Error{Kind: scp.KindMachine}, "Machine Limit Reached", []string{"ulimit", "max_concurrency"}, false},
		"proxy's 404": {
			&scp.Error{Kind: scp.KindProxyRejects}, "Proxy Did Not Connect", []string{"rejected this connection", "scp.example.com"}, false,
		},
		"one account twice": {
			&scp.Error{Kind: scp.KindMemberTwice, StatusCode: 200, Reason: "x"}, "Member Listed Twice", []string{"one removal takes one " +
				"entry"}, true,
		},
		"a page that is empty": {&scp.Error{Kind: scp.KindListChanged, StatusCode: 200}, "List Is Not Complete", []string{"empty page"}, false},
		"no offer": {
			&scp.Error{Kind: scp.KindFilterIgnored, StatusCode: 200}, "Filter Ignored", []string{"endpoint_override"}, false,
		},
		"publik": {
			&scp.Error{Kind: scp.KindUnknownFilter, StatusCode: 200}, "Unknown Visibility", []string{"public, community, shared and private"}, true,
		},
		"407": {&scp.Error{Kind: scp.KindProxyLogin, StatusCode: 407}, "Proxy Did Not Connect", []string{"user and password"}, false},
		"401, clock wrong, keys too": {
			&scp.Error{Kind: scp.KindClock, StatusCode: 401, ClientTime: now, ServerTime: now.Add(time.Hour)}, "Clock Is Wrong",
			[]string{"check the keys", "access_key comes from the environment variable SCP_TF_ACCESS_KEY"}, false,
		},
		"401, HMAC": {
			&scp.Error{Kind: scp.KindSignatureRejected, StatusCode: 401, ClientTime: now, ServerTime: now}, "Authentication Failed",
			[]string{"the secret key is wrong"}, false,
		},
		"403, no body": {&scp.Error{Kind: scp.KindForbidden, StatusCode: 403}, "Permission Denied", []string{"use that account's keys"}, true},
		"300": {
			&scp.Error{Kind: scp.KindRedirect, StatusCode: 300}, "Redirect Not Followed", []string{"does not clearly say where"}, false,
		},
		"held back": {
			&scp.Error{Kind: scp.KindHeldBack, RetryAfter: 5 * time.Minute, Reason: "x"}, "Read Timed Out While Rate Limited",
			[]string{"Attempts: none", "SCP asked to wait at least 5m0s", `read = "7m"`}, false,
		},
		"held back, asked": {
			&scp.Error{Kind: scp.KindHeldBack, StatusCode: 503, Detail: "database is down", Attempts: 3}, "Read Timed Out While Rate Limited",
			[]string{"database is down", "Attempts: 3 in"}, false,
		},
		"stale": {
			&scp.Error{Kind: scp.KindStale, StatusCode: 200, Reason: "60 seconds old", Attempts: 1}, "Cached Response",
			[]string{"60 seconds old", "Cache-Control: no-cache"}, false,
		},
		"proxy's password": {
			&scp.Error{Kind: scp.KindProxyLogin, Attempts: 1}, "Proxy Did Not Connect",
			[]string{"user and password", "HTTPS_PROXY"}, false,
		},
		"proxy's 502": {
			&scp.Error{Kind: scp.KindProxyFailed, Attempts: 1}, "Proxy Did Not Connect",
			[]string{"region and environment"}, false,
		},
		"name server": {
			&scp.Error{Kind: scp.KindDNSTemporary, Host: "scp.example.com"}, "Name Resolution Failed",
			[]string{`"scp.example.com"`, "Run again"}, false,
		},
		"no TLS":         {&scp.Error{Kind: scp.KindNotTLS}, "TLS Connection Failed", []string{"does not speak TLS"}, false},
		"304":            {&scp.Error{Kind: scp.KindUnexpectedStatus, StatusCode: 304}, "Unexpected Status", []string{"only status 200"}, false},
		"406 of a proxy": {&scp.Error{Kind: scp.KindForeign, StatusCode: 406, Detail: "an HTML page"}, "Response Not From SCP", nil, false},
		"proxy down": {
			&scp.Error{Kind: scp.KindProxyConnection}, "Connection Failed", []string{"connection to the proxy failed"}, false,
		},
		"name": {
			&scp.Error{Kind: scp.KindDNS, Host: "scp.example.com"}, "Host Name Not Found", []string{`"scp.example.com"`}, false,
		},
		"connection in several forms": {
			&scp.Error{Kind: scp.KindConnection, Forms: "HTTP/2 or HTTP/1.1, HTTP/1.1 without a post-quantum key share"}, "Connection Failed",
			[]string{"  Tried: HTTP/2 or HTTP/1.1, HTTP/1.1 without", "run again. If nothing else helps, set the environment variable GODEBUG="},
			false,
		},
		"connection": {
			&scp.Error{Kind: scp.KindConnection, Reason: "x"}, "Connection Failed",
			[]string{"region and environment", "\n  Response: none: x\n"}, false,
		},
		"302, to a login page": {
			&scp.Error{Kind: scp.KindRedirect, Location: "https://me:hunter2@sso.example.com/login;jsessionid=hunter2?token=hunter2#hunter2"},
			"Redirect Not Followed", []string{`"https://sso.example.com/login"`}, false,
		},
		"302, to no URL": {
			&scp.Error{Kind: scp.KindRedirect, StatusCode: 302, Location: "https://%zz/?token=hunter2"}, "Redirect Not Followed",
			[]string{"does not clearly say where"}, false,
		},
		"302": {
			&scp.Error{Kind: scp.KindRedirect, StatusCode: 302, Location: "https://other.example.com/"}, "Redirect Not Followed",
			[]string{`"https://other.example.com/"`},
			false,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if e, ok := errors.AsType[*scp.Error](test.err); ok {
				at := ""
				if e.Request.URL != nil {
					at = e.Request.URL.Path
				}
				e.Request = scp.Request{URL: &url.URL{Host: "scp.example.com", Path: at}, APIVersion: scp.DefaultAPIVersion, Signed: true}
			}
			about := imageMembersOf("x", path.Root("image_id"))
			about.readLimit, about.requestLimit = 2*time.Minute, 30*time.Second
			about.credentials = "access_key comes from the environment variable SCP_TF_ACCESS_KEY"
			got := errorDiagnostic(about, test.err)
			if got.Severity() != diag.SeverityError || got.Summary() != test.summary {
				t.Errorf("got %s %q, want error %q", got.Severity(), got.Summary(), test.summary)
			}
			for _, want := range test.details {
				if !strings.Contains(got.Detail(), want) {
					t.Errorf("the detail does not say %q:\n%s", want, got.Detail())
				}
			}
			if strings.Contains(got.Detail(), "hunter2") {
				t.Errorf("the detail shows a secret:\n%s", got.Detail())
			}
			if _, onSubject := got.(diag.DiagnosticWithPath); onSubject != test.onSubject {
				t.Errorf("the attribute is pointed at: %t, want %t", onSubject, test.onSubject)
			}
		})
	}
}

// The diagnostic of a read that is not about one image does not speak of images, gateways or missing keys.
func TestReadErrorOfOtherReads(t *testing.T) {
	t.Parallel()
	list := imagesTarget
	tests := map[string]struct {
		target  target
		signed  bool
		err     *scp.Error
		summary string
		not     string
	}{
		"a signed 401": {list, true, &scp.Error{Kind: scp.KindUnauthorized}, "Authentication Failed", "without keys"},
		"a signature behind a gateway": {
			target{override: true}, true, &scp.Error{Kind: scp.KindSignatureRejected}, "Authentication Failed", "Most likely the secret key",
		},
		"an unsigned 401":   {apiVersionsTarget, false, &scp.Error{Kind: scp.KindUnexpectedStatus}, "Unexpected Status", "access_key"},
		"the gateway's 404": {list, true, &scp.Error{Kind: scp.KindEndpointNotFound}, "Endpoint Not Found", "image_id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.err.Request = scp.Request{URL: &url.URL{}, Signed: test.signed}
			got := errorDiagnostic(test.target, test.err)
			if got.Summary() != test.summary || strings.Contains(got.Detail(), test.not) {
				t.Errorf("got %q, want %q without %q:\n%s", got.Summary(), test.summary, test.not, got.Detail())
			}
			if _, pointed := got.(diag.DiagnosticWithPath); pointed {
				t.Error("an attribute is pointed at, and the read has none")
			}
		})
	}
}

// Each advice is complete: it has a title and a next step, and nothing in it is left to be filled in. That each kind of failure has one is
// held by the linter exhaustive.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for kind, advice := range adviceOf {
		if advice.title == "" {
			t.Errorf("%q has no title", kind)
		}
		for _, about := range []target{imageMembersOf("web-base", path.Root("image_ids").AtListIndex(3)), imagesTarget, apiVersionsTarget} {
			about.credentials = "access_key comes from somewhere."
			text := facts(&scp.Error{Kind: kind, Request: scp.Request{URL: &url.URL{}}}, about).Replace(advice.text)
			if !strings.HasSuffix(text, ".") || strings.Contains(strings.ReplaceAll(text, "{ read", ""), "{") {
				t.Errorf("%q: the advice is not complete:\n%s", kind, text)
			}
		}
	}
}
