// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// A fact is in the advice if it is one, and only then.
func TestFacts(t *testing.T) {
	for name, test := range map[string]struct {
		variable string // that SSL_CERT_FILE and ALL_PROXY are
		err      scp.Error
		has      string
		not      string
	}{
		"no Date":                  {err: scp.Error{Kind: scp.KindUnauthorized}, has: "no Date header"},
		"a Date":                   {err: scp.Error{Kind: scp.KindUnauthorized, ServerTime: time.Unix(1, 0)}, not: "Date"},
		"CAs that do not exist":    {"/nowhere", scp.Error{Kind: scp.KindTLS}, "variable SSL_CERT_FILE names something that does not exist", ""},
		"CAs that exist":           {"/", scp.Error{Kind: scp.KindTLS}, "", "does not exist"},
		"a proxy that is not read": {"socks5://x", scp.Error{Kind: scp.KindDNS}, "ALL_PROXY is set and not read: set HTTPS_PROXY.", ""},
		"no proxy":                 {"", scp.Error{Kind: scp.KindDNS}, "", "ALL_PROXY"},
		"an old Date of a cache": {
			err: scp.Error{Kind: scp.KindStale, ServerTime: time.Unix(1, 0), ClientTime: time.Unix(3601, 0)},
			has: "This machine's clock is 1h0m0s ahead of the response's Date.",
		},
		"a Date of a moment ago": {
			err: scp.Error{Kind: scp.KindStale, ServerTime: time.Unix(1, 0), ClientTime: time.Unix(60, 0)}, not: "clock",
		},
		"the latest version": {
			err: scp.Error{Kind: scp.KindVersionRejected}, has: "This release knows versions up to " + scp.DefaultAPIVersion + ".",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("SSL_CERT_FILE", test.variable)
			t.Setenv("ALL_PROXY", test.variable)
			t.Setenv("HTTPS_PROXY", "")
			test.err.Request = scp.Request{URL: &url.URL{}}
			got := errorDiagnostic(imagesTarget, &test.err).Detail()
			if !strings.Contains(got, test.has) || test.not != "" && strings.Contains(got, test.not) {
				t.Errorf("want %q, and not %q:\n%s", test.has, test.not, got)
			}
		})
	}
	t.Setenv("ALL_PROXY", "http://x")
	t.Setenv("HTTPS_PROXY", "http://x")
	if got := unreadProxy(); got != "" {
		t.Errorf("with HTTPS_PROXY, it says %q", got)
	}
	for id, want := range map[string]bool{documentImage: false, "70A599E0-31E7-49B7-B260-868F441E862B": false, "web-base": true, "": false} {
		if got := notAnID(id); strings.Contains(got, "does not look like an ID") != want {
			t.Errorf("%q: it says %q", id, got)
		}
	}
	if one, many := countOf(1), countOf(7); one != "1 image" || many != "7 images" {
		t.Errorf("got %q and %q", one, many)
	}
}

// What a person should know, whatever comes of the read, is a warning.
func TestWarnings(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	server := newProtocolServer(t, env)
	const past = "API Version Past Its Guaranteed Date"
	if got := server.configure(t, map[string]any{"api_version": "1.0"}); len(got) != 1 || got[0].Summary != past {
		t.Errorf("got %s, want %q", describe(got), past)
	}
	got := startProvider(t, env).read(t, imagesName, map[string]any{"visibility": "publik"}).Diagnostics
	// The emulator rejects it, so there is an error too.
	if len(got) != 2 || got[0].Summary != "Unknown Visibility" || !strings.Contains(got[0].Detail, "public, community, shared, private") {
		t.Errorf("got %s, want a warning and an error", describe(got))
	}
}
