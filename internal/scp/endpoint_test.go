// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"strings"
	"testing"
)

func TestEndpointLabels(t *testing.T) {
	for _, label := range []string{"a", "z", "0", "9", "kr-west1", "a--b", strings.Repeat("a", 63)} {
		if err := CheckLabel(label); err != nil {
			t.Errorf("CheckLabel(%q): %v", label, err)
		}
	}
	const form = "a single DNS label: 1 to 63 lower-case letters, digits and inner hyphens"
	for _, label := range []string{
		"", "-a", "a-", "-", "A", "Z", "`", "a{", "[", "a:",
		"kr_west1", "a.b", "a/b", "a@b", "a:1", "a b", " a", "a\n", "é", "ａ", "{region}", "a#", "a?",
		"evil.example/", strings.Repeat("a", 64),
	} {
		err := CheckLabel(label)
		if err == nil || err.Error() != "it must be "+form {
			t.Errorf("CheckLabel(%q) is %v", label, err)
		}
		for name, endpoint := range map[string]Endpoint{
			"the region":      {Environment: "e"},
			"the environment": {Environment: label},
			"region":          {Override: "https://{region}.example.com"},
		} {
			region := label
			if name == "the environment" {
				region = "kr-west1"
			}
			u, err := endpoint.URL(region)
			if u != nil || err == nil || !strings.Contains(err.Error(), name) || !strings.HasSuffix(err.Error(), "it must be "+form) {
				t.Errorf("%s %q: the URL is %v and the error %v", name, label, u, err)
			}
		}
	}
}

// Internal networks have names with underscores, although the standards do not.
func TestEndpointURL(t *testing.T) {
	for override, want := range map[string]string{
		"": "https://virtualserver.kr-west1.e.samsungsdscloud.com",
		// As it is.
		"https://scp.example.com": "", "https://scp.example.com/a/b": "", "https://scp.example.com/a%20b": "", "https://scp.example.com:80": "",
		"https://scp.example.com:1": "", "https://scp.example.com:65535": "", "https://10.0.0.1:8443": "", "https://[2001:db8::1]:8443": "",
		"https://xn--bcher-kva.example": "", "https://scp_1.example.com": "",
		"http://localhost:8080": "", "http://127.9.9.9": "", "http://[::1]:8080": "",
		// As it is sent.
		"https://scp.example.com/": "https://scp.example.com", "https://scp.example.com///": "https://scp.example.com",
		"https://scp.example.com/a%2Fb/": "https://scp.example.com/a%2Fb", "HTTPS://SCP.example.com": "https://scp.example.com",
		"https://LocalHost:443": "https://localhost", "https://scp.example.com:443/A": "https://scp.example.com/A",
		"http://LOCALHOST:8080": "http://localhost:8080", "http://127.0.0.1:80/x": "http://127.0.0.1/x",
		"https://[2001:DB8::1]:443":             "https://[2001:db8::1]",
		"https://{region}.example.com":          "https://kr-west1.example.com",
		"https://scp.example.com/{region}/x":    "https://scp.example.com/kr-west1/x",
		"https://{region}.example.com/{region}": "https://kr-west1.example.com/kr-west1",
	} {
		endpoint, region := Endpoint{Override: override, Environment: "e"}, ""
		if override == "" || strings.Contains(override, "{region}") {
			region = "kr-west1"
		}
		if endpoint.TakesRegion() != (region != "") {
			t.Errorf("%s: TakesRegion is %t", override, region == "")
		}
		u, err := endpoint.URL(region)
		if err != nil || u.String() != cmp.Or(want, override) || override != "" && CheckOverride(override) != nil {
			t.Errorf("%s: the URL is %v, want %s; the errors are %v and %v", override, u, want, err, CheckOverride(override))
		}
	}
}

func TestEndpointOverrideRejected(t *testing.T) {
	for want, overrides := range map[string][]string{
		"it must be a URL that begins with https://, such as": {
			"https://scp.example.com/{zone}", "https://{region", "https://a b", "https://[::1", "https://scp.example.com:x",
			"https://scp.example.com/%zz", "https://a\x7f", "https://%41.example", "https://h:-1",
			"scp.example.com", "ftp://scp.example.com", "//scp.example.com", "file:///etc", "", "scp.example.com/path", "{region}://scp.example.com",
			"/v1", ":", "127.0.0.1:8080", "localhost:8080", `"https://scp.example.com"`, "'https://scp.example.com'", `https://scp.example.com/"`,
			"https://", "https:scp.example.com", "https:///v1", "https://:443",
			"https://user:hunter2@scp.example.com", "https://hunter2@scp.example.com", "https://@scp.example.com",
			"https://scp.example.com?hunter2", "https://scp.example.com/?", "https://scp.example.com/#hunter2", "https://scp.example.com#",
			"https://scp.example.com:", "https://scp.example.com:0", "https://scp.example.com:99999999999", "https://scp.example.com:65536",
			"https://scp..example.com", "https://bücher.example", "https://ｓcp.example.com", "https://[fe80::1%25eth0]", "https://-a.example",
			"https://*.example.com", "https://a,b", "https://scp.example.com.", "https://" + strings.Repeat("a", 64) + ".com",
		},
		"it must not begin or end with white space or a line break": {"https://scp.example.com ", "https://scp.example.com\n", "\thttps://a"},
		"it must begin with https://; http:// is accepted for loopback addresses only": {
			"http://scp.example.com", "http://10.0.0.1", "http://localhost.example.com", "http://127.0.0.1.example.com", "http://0.0.0.0",
			"http://[::]", "http://128.0.0.1", "http://2130706433", "http://127.1", "http://{region}",
		},
	} {
		for _, override := range overrides {
			t.Run(override, func(t *testing.T) {
				err := CheckOverride(override)
				if err == nil || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("the error is %v, want %s", err, want)
				}
				// An empty override means that there is none.
				if override == "" {
					return
				}
				if u, err := (Endpoint{Override: override}).URL("kr-west1"); u != nil || err == nil {
					t.Errorf("the URL is %v and the error %v", u, err)
				}
				if _, err := NewClient(Config{Endpoint: Endpoint{Override: override}}); err == nil {
					t.Error("there is a client for it")
				}
			})
		}
	}
}
