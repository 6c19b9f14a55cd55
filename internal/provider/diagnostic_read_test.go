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
			"Read Timed Out", []string{"503 Service Unavailable: busy", "\n  Attempts: 3 in 2m0s\n", "timeouts ="}, false,
		},
		"404 of the service": {
			&scp.Error{StatusCode: 404, FromService: true, Code: "NotFound", RequestID: "req-1"}, "Image Not Found",
			[]string{"404 Not Found (code NotFound)"}, true,
		},
		"404 of the gateway": {
			&scp.Error{StatusCode: 404}, "Endpoint Not Found", []string{"says nothing about what was asked for"}, false,
		},
		"401, clock ahead": {
			&scp.Error{StatusCode: 401, ClientTime: now, ServerTime: now.Add(-61 * time.Second)}, "Clock Is Wrong",
			[]string{"1m1s ahead of the server's", "here:   2026-11-24T02:00:00Z", "server: 2026-11-24T01:58:59Z"}, false,
		},
		"401, clock behind": {
			&scp.Error{StatusCode: 401, ClientTime: now, ServerTime: now.Add(time.Hour)}, "Clock Is Wrong", []string{"1h0m0s behind the server's"},
			false,
		},
		"401, clock right": {
			&scp.Error{StatusCode: 401, ClientTime: now, ServerTime: now.Add(time.Minute)}, "Authentication Failed",
			[]string{"auth_token", "access_key comes from the environment variable SCP_TF_ACCESS_KEY"}, false,
		},
		"401, no Date": {&scp.Error{StatusCode: 401, ClientTime: now}, "Authentication Failed", nil, false},
		"400 of the version": {
			&scp.Error{StatusCode: 400, FromService: true, VersionRejected: true}, "API Version Not Accepted",
			[]string{"does not accept version 1.3"}, false,
		},
		"400": {&scp.Error{StatusCode: 400, FromService: true, Detail: "bad id"}, "Request Rejected", nil, true},
		"403 not shared": {
			&scp.Error{StatusCode: 403, FromService: true, NotShared: true}, "Image Is Not Shared",
			[]string{"visibility is Shared"}, true,
		},
		"403": {
			&scp.Error{StatusCode: 403}, "Permission Denied", []string{"the permission for listing an image's members"}, true,
		},
		"429": {
			&scp.Error{StatusCode: 429, RetryAfter: 90 * time.Second}, "Too Many Requests",
			[]string{"SCP asked to wait at least 1m30s", `read = "4m"`}, false,
		},
		"429, not asked to wait": {&scp.Error{StatusCode: 429}, "Too Many Requests", []string{"max_retries"}, false},
		"406": {
			&scp.Error{StatusCode: 406, VersionRejected: true}, "API Version Not Accepted", []string{"to another. The data source"}, false,
		},
		"409": {
			&scp.Error{StatusCode: 409, FromService: true}, "Unexpected Status", []string{"409 Conflict", "only status 200"}, false,
		},
		"500": {
			&scp.Error{StatusCode: 500, FromService: true, Code: "X"}, "SCP Server Error", []string{"code X", "a proxy of your own"}, false,
		},
		"500 with a request ID": {&scp.Error{StatusCode: 500, FromService: true, RequestID: "r"}, "SCP Server Error", []string{"support"}, false},
		"502 without a body":    {&scp.Error{StatusCode: 502}, "SCP Server Error", []string{"a gateway or proxy in front of it"}, false},
		"413 without a body":    {&scp.Error{StatusCode: 413}, "Response Not From SCP", []string{"a proxy"}, false},
		"one attempt that timed out": {
			&scp.Error{Kind: scp.KindRequestTimeout, Attempts: 1, Elapsed: 30 * time.Second}, "Request Timed Out",
			[]string{"Attempts: 1 in 30s", "request_timeout"}, false,
		},
		"old Date": {
			&scp.Error{Kind: scp.KindStale, StatusCode: 200, ServerTime: now, ClientTime: now.Add(time.Hour)}, "Cached Response",
			[]string{"This machine's clock is 1h0m0s ahead"}, false,
		},
		"certificate of tomorrow": {
			&scp.Error{Kind: scp.KindNotYetValid}, "TLS Connection Failed", []string{"this machine's clock is slow"}, false,
		},
		"too many open files": {&scp.Error{Kind: scp.KindMachine}, "Machine Limit Reached", []string{"ulimit", "max_concurrency"}, false},
		"SOCKS proxy": {
			&scp.Error{Kind: scp.KindConnection, Proxy: true}, "Connection Failed", []string{"connection to the proxy failed"}, false,
		},
		"proxy's 404": {
			&scp.Error{Kind: scp.KindProxyRejected, Proxy: true, ProxyStatus: 404}, "Proxy Did Not Connect", []string{"It did not connect"}, false,
		},
		"zstd": {
			&scp.Error{Kind: scp.KindUnusable, StatusCode: 200, Encoding: "zstd"}, "Unusable Response", []string{"compressed the response as " +
				"zstd"}, false,
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
		"407": {&scp.Error{StatusCode: 407}, "Response Not From SCP", []string{"HTTPS_PROXY"}, false},
		"401, clock wrong, keys too": {
			&scp.Error{StatusCode: 401, ClientTime: now, ServerTime: now.Add(time.Hour)}, "Clock Is Wrong",
			[]string{"check the keys", "access_key comes from the environment variable SCP_TF_ACCESS_KEY"}, false,
		},
		"401, HMAC": {
			&scp.Error{StatusCode: 401, ClientTime: now, ServerTime: now, FromGateway: true, SignatureRejected: true}, "Authentication Failed",
			[]string{"the secret key is wrong"}, false,
		},
		"403, no body": {&scp.Error{StatusCode: 403}, "Permission Denied", []string{"use that account's keys"}, true},
		"503 of a balancer": {
			&scp.Error{StatusCode: 503, Detail: "an HTML page"}, "Response Not From SCP", []string{"Run again later"}, false,
		},
		"408": {
			&scp.Error{StatusCode: 408, Detail: "x"}, "Request Timed Out", []string{"Run again later"}, false,
		},
		"300": {&scp.Error{StatusCode: 300}, "Redirect Not Followed", []string{"does not clearly say where"}, false},
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
			&scp.Error{Kind: scp.KindProxyRejected, Proxy: true, ProxyStatus: 407, Attempts: 1}, "Proxy Did Not Connect",
			[]string{"user and password", "HTTPS_PROXY"}, false,
		},
		"proxy's rules": {
			&scp.Error{Kind: scp.KindProxyRejected, Proxy: true, ProxyStatus: 403, Attempts: 1}, "Proxy Did Not Connect",
			[]string{"rules do not allow", "scp.example.com"}, false,
		},
		"proxy's 502": {
			&scp.Error{Kind: scp.KindProxyRejected, Proxy: true, ProxyStatus: 502, Attempts: 1}, "Proxy Did Not Connect",
			[]string{"region and environment", "kr-wets1"}, false,
		},
		"proxy's name": {
			&scp.Error{Kind: scp.KindDNS, Proxy: true, Host: "proxy.example.com"}, "Host Name Not Found",
			[]string{`"proxy.example.com"`, "name of a proxy", "HTTPS_PROXY"}, false,
		},
		"name server": {
			&scp.Error{Kind: scp.KindDNSTemporary, Host: "scp.example.com"}, "Name Resolution Failed",
			[]string{`"scp.example.com"`, "Run again"}, false,
		},
		"proxy without TLS": {
			&scp.Error{Kind: scp.KindTLS, Proxy: true}, "TLS Connection Failed", []string{"HTTPS_PROXY begins with https://"}, false,
		},
		"no TLS":         {&scp.Error{Kind: scp.KindTLS, NotTLS: true}, "TLS Connection Failed", []string{"does not speak TLS"}, false},
		"304":            {&scp.Error{StatusCode: 304}, "Unexpected Status", []string{"only status 200"}, false},
		"406 of a proxy": {&scp.Error{StatusCode: 406, Detail: "an HTML page"}, "Response Not From SCP", nil, false},
		"proxy down": {
			&scp.Error{Kind: scp.KindConnection, Proxy: true}, "Connection Failed", []string{"connection to the proxy failed"}, false,
		},
		"name": {
			&scp.Error{Kind: scp.KindDNS, Host: "scp.example.com"}, "Host Name Not Found", []string{`"scp.example.com"`, "kr-wets1"}, false,
		},
		"connection": {&scp.Error{Kind: scp.KindConnection}, "Connection Failed", []string{"kr-wets1"}, false},
		"302, to a login page": {
			&scp.Error{StatusCode: 302, Location: "https://me:hunter2@sso.example.com/login;jsessionid=hunter2?token=hunter2#hunter2"},
			"Redirect Not Followed", []string{`"https://sso.example.com/login"`}, false,
		},
		"302, to no URL": {
			&scp.Error{StatusCode: 302, Location: "https://%zz/?token=hunter2"}, "Redirect Not Followed",
			[]string{"does not clearly say where"}, false,
		},
		"302": {
			&scp.Error{StatusCode: 302, Location: "https://other.example.com/"}, "Redirect Not Followed", []string{`"https://other.example.com/"`},
			false,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if e, ok := errors.AsType[*scp.Error](test.err); ok {
				e.Request = scp.Request{URL: &url.URL{Host: "scp.example.com"}, APIVersion: "1.3", Signed: true}
			}
			about := imageMembersOf("x", path.Root("image_id"))
			about.credentials = "access_key comes from the environment variable SCP_TF_ACCESS_KEY"
			about.undocumented = `SCP's documents do not name a region "kr-wets1"`
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
	list := subject{what: "the images of the account"}
	tests := map[string]struct {
		subject subject
		signed  bool
		err     *scp.Error
		summary string
		not     string
	}{
		"a signed 401": {list, true, &scp.Error{StatusCode: 401, FromGateway: true}, "Authentication Failed", "without keys"},
		"an unsigned 401": {
			apiVersionsSubject, false, &scp.Error{StatusCode: 401, FromGateway: true}, "API Version List Rejected", "access_key",
		},
		"the service's 404 of the versions": {apiVersionsSubject, false, &scp.Error{StatusCode: 404, FromService: true}, "Not Found", "gateway"},
		"the service's 404 of a list":       {list, true, &scp.Error{StatusCode: 404, FromService: true}, "Not Found", "image_id"},
		"the gateway's 404":                 {list, true, &scp.Error{StatusCode: 404, FromGateway: true}, "Endpoint Not Found", "image_id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.err.Request = scp.Request{URL: &url.URL{}, Signed: test.signed}
			got := errorDiagnostic(test.subject, test.err)
			if got.Summary() != test.summary || strings.Contains(got.Detail(), test.not) {
				t.Errorf("got %q, want %q without %q:\n%s", got.Summary(), test.summary, test.not, got.Detail())
			}
			if _, pointed := got.(diag.DiagnosticWithPath); pointed {
				t.Error("an attribute is pointed at, and the read has none")
			}
		})
	}
}
