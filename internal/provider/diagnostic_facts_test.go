// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// What the variables of this machine say is in the advice if it helps, and only then.
func TestFactsOfVariables(t *testing.T) {
	const caFile, proxy = "SSL_CERT_FILE names something that does not exist", "ALL_PROXY is set and not read: set HTTPS_PROXY."
	for _, test := range []struct {
		caFile, allProxy, httpsProxy string
		want                         []string
	}{
		{"/nowhere", "", "", []string{caFile}}, {"/", "", "", nil}, {"", "socks5://x", "", []string{proxy}}, {"", "http://x", "http://x", nil},
		{"", "", "", nil}, {"/nowhere", "socks5://x", "", []string{caFile, proxy}},
	} {
		t.Setenv("SSL_CERT_FILE", test.caFile)
		t.Setenv("ALL_PROXY", test.allProxy)
		t.Setenv("HTTPS_PROXY", test.httpsProxy)
		r := newReading(t, scp.Endpoint{Environment: "e"})
		for _, kind := range []scp.Kind{scp.KindTLS, scp.KindDNS} {
			r.failed(imagesTarget, &scp.Error{Kind: kind, Request: scp.Request{URL: &url.URL{}}})
		}
		for _, said := range []string{caFile, proxy} {
			if got := (*r.diags)[0].Detail() + (*r.diags)[1].Detail(); strings.Contains(got, said) != slices.Contains(test.want, said) {
				t.Errorf("%v: it says\n%s", test, got)
			}
		}
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
