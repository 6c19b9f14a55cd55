// SPDX-License-Identifier: MPL-2.0

package config

import (
	"fmt"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// A case's variables are set over keysInVariables; HOME may contain {home}, a folder with the files. The diagnostics are expected in
// their order, each with all of its parts. None shows hunter2.
func TestMessages(t *testing.T) {
	t.Parallel()
	noKeys := func(variables map[string]string) map[string]string {
		all := map[string]string{"SCP_TF_ACCESS_KEY": ""}
		maps.Copy(all, variables)
		return all
	}
	override := func(url string) map[string]string { return map[string]string{"SCP_TF_ENDPOINT_OVERRIDE": url} }
	const brokenProxy = "http://svc:pass%hunter2@proxy:3128" // % must be %25
	noFolder := "could not be reached: not a directory"
	if runtime.GOOS == "windows" {
		noFolder = "does not exist" // Windows says the same of a file that is not there
	}
	credentials := func(text string) map[string]string { return map[string]string{"credentials.json": text} }
	config := func(text string) map[string]string { return map[string]string{"config.json": text} }
	tests := map[string]struct {
		block     map[string]string
		variables map[string]string
		files     map[string]string
		want      [][]string
	}{
		"nothing to say": {},

		// Files that cannot be reached.
		"home is no folder, keys in variables": {variables: map[string]string{"HOME": "{home}/file"}},
		"home is a loop, keys in variables":    {variables: map[string]string{"HOME": "{home}/loop"}},
		"home is no folder, a key missing": {
			variables: noKeys(map[string]string{"HOME": "{home}/file"}),
			want:      [][]string{{"Missing access_key", "The file {home}/file/.scpconf/credentials.json " + noFolder}},
		},
		"home is a loop, a key missing": {
			variables: noKeys(map[string]string{"HOME": "{home}/loop"}),
			want:      [][]string{{"Missing access_key", "{home}/loop/.scpconf/credentials.json could not be reached: too many"}},
		},
		"home is no folder, environment missing": {
			variables: map[string]string{"HOME": "{home}/file", "SCP_TF_ENVIRONMENT": ""},
			want:      [][]string{{"Missing environment", "The file {home}/file/.scpconf/config.json " + noFolder}},
		},
		"the file is a folder, keys in variables": {
			variables: map[string]string{"HOME": "{home}/folders"},
			want:      [][]string{{"Configuration File Cannot Be Read", "{home}/folders/.scpconf/credentials.json: this is not a regular file"}},
		},
		"the file is broken, keys in variables": {
			files: credentials("{\n\"secret-key\": hunter2}"),
			want:  [][]string{{"Configuration File Cannot Be Read", "credentials.json: line 2, column 15: this is not valid JSON"}},
		},
		"the file is broken, a key missing": {
			variables: noKeys(nil), files: credentials("{"), want: [][]string{{"Configuration File Cannot Be Read"}},
		},
		"the file does not exist, a key missing": {
			variables: noKeys(nil), want: [][]string{
				{
					"Missing access_key", "No access key was found.", `or "access-key" in`, "The environment variable SCP_TF_ACCESS_KEY is set, but empty",
					"The file {home}/.scpconf/credentials.json does not exist.",
				},
			},
		},
		"the file has other keys, a key missing": {
			variables: noKeys(nil), files: credentials(`{"secret-key":"hunter2"}`),
			want: [][]string{{"Missing access_key", `The file {home}/.scpconf/credentials.json has no value for the key "access-key".`}},
		},
		"the file has an empty key": {
			variables: noKeys(nil), files: credentials(`{"access-key":""}`),
			want: [][]string{{"Missing access_key", `has no value for the key "access-key".`}},
		},
		"the file contains null": {files: credentials(`null`)},
		"the file has a byte order mark": {
			variables: noKeys(nil), files: credentials("\xef\xbb\xbf{\r\n\"access-key\": \"access\"\r\n}\r\n"),
		},
		"the file is a byte order mark": {files: credentials("\xef\xbb\xbf")},
		"broken after a byte order mark": {
			files: credentials("\xef\xbb\xbfhunter2"), want: [][]string{{"credentials.json: line 1, column 1: this is not valid JSON"}},
		},
		"the file is UTF-16, little end first": {
			files: credentials("\xff\xfe{\x00}\x00"), want: [][]string{{"credentials.json: line 1, column 1: the text is UTF-16; save it as UTF-8"}},
		},
		"the file is UTF-16, big end first": {
			files: credentials("\xfe\xff\x00{\x00}"), want: [][]string{{"the text is UTF-16; save it as UTF-8"}},
		},
		"a key with an underscore": {
			variables: noKeys(nil), files: credentials(`{"access_key":"hunter2"}`),
			want: [][]string{
				{"Missing access_key", `{home}/.scpconf/credentials.json has the unknown key "access_key": did you mean "access-key"?`},
			},
		},
		"a key in camel case": {
			variables: noKeys(nil), files: credentials(`{"accessKey":"hunter2"}`),
			want: [][]string{{`unknown key "accessKey": did you mean "access-key"?`}},
		},
		"a key with an underscore next to the right one": {
			variables: noKeys(nil), files: credentials(`{"access_key":"hunter2","access-key":"access"}`),
		},
		"auth_url misspelt in the file": {
			variables: map[string]string{"SCP_TF_ENVIRONMENT": ""}, files: config(`{"auth_url":"https://iam.e.samsungsdscloud.com/v1"}`),
			want: [][]string{{"Missing environment", `unknown key "auth_url": did you mean "auth-url"?`}},
		},
		"no environment in the file": {
			variables: map[string]string{"SCP_TF_ENVIRONMENT": ""}, files: config(`{}`),
			want: [][]string{{"Missing environment", `{home}/.scpconf/config.json has no value for the key "environment".`}},
		},

		// URLs that are rejected.
		"override with a query": {
			variables: override("https://gw/scp?subscription-key=hunter2"),
			want:      [][]string{{"Invalid endpoint_override", `"https://gw"`, "SCP_TF_ENDPOINT_OVERRIDE", "query"}},
		},
		"override with an encoded user": {
			variables: override("https://svc:hunter2%40gw"), want: [][]string{{"Invalid endpoint_override", "not shown"}},
		},
		"override with a user": {
			variables: override("https://svc:hunter2@gw:8443/x"), want: [][]string{{"Invalid endpoint_override", "not shown"}},
		},
		"override that is a fragment": {
			variables: override("#access_token=hunter2"), want: [][]string{{"Invalid endpoint_override", "not shown"}},
		},
		"override that is no URL": {variables: override("hunter2"), want: [][]string{{"Invalid endpoint_override", "not shown"}}},
		"override in a file": {
			files: config(`{"endpoint-override":"https://gw/#hunter2"}`),
			want:  [][]string{{"Invalid endpoint_override", `"https://gw"`, `The key "endpoint-override" in {home}/.scpconf/config.json`}},
		},
		"override in the block": {
			block: map[string]string{"endpoint_override": "https://gw/scp?key=hunter2"},
			want:  [][]string{{"Invalid endpoint_override", `"https://gw"`, "The provider's attribute"}},
		},
		"override shown in full": {
			block: map[string]string{"endpoint_override": "http://gw:80"},
			want:  [][]string{{"Invalid endpoint_override", `Its value is "http://gw:80"`, "at endpoint_override"}},
		},
		"auth_url with a token": {
			variables: map[string]string{"SCP_TF_ENVIRONMENT": "", "SCP_TF_AUTH_URL": "https://auth.example.com/v1?token=hunter2"},
			want:      [][]string{{"Invalid auth_url", `"https://auth.example.com"`, `set environment = "e"`}},
		},
		"a key in quotes": {
			variables: map[string]string{"SCP_TF_SECRET_KEY": `"hunter2"`},
			want:      [][]string{{"Invalid secret_key", "it is in quotes", "not shown."}},
		},
		"a key in single quotes": {
			files: credentials(`{"auth-token":"'hunter2'"}`), want: [][]string{{"Invalid auth_token", "it is in quotes", "not shown."}},
		},
		"the file is CP949, in a key that is not used": {
			variables: noKeys(nil), files: credentials("{\"access-key\":\"access\",\"\xba\xf1\xb0\xed\":\"\xc5\xb0\"}"),
		},
		"the file is CP949, in a key that is used": {
			variables: noKeys(nil), files: credentials("{\"access-key\":\"hunter2\xba\xf1\"}"),
			want: [][]string{{"Invalid Configuration File", `the key "access-key" is not UTF-8`, "saved as CP949 or ANSI; save it as UTF-8"}},
		},
		"a key with a space": {
			variables: map[string]string{"SCP_TF_SECRET_KEY": " hunter2"}, want: [][]string{{"Invalid secret_key", "The value is not shown."}},
		},
		"override with another scheme": {
			variables: override("ftp://127.0.0.1"), want: [][]string{{"Invalid endpoint_override", "begins with https://"}},
		},

		// Other settings.
		"a version that is no number": {
			block: map[string]string{"api_version": "latest"},
			want: [][]string{{
				"Invalid api_version", "The provider's attribute api_version is not valid", `Its value is "latest"`, "1.3, 1.2, 1.1, 1.0",
			}},
		},
		"an empty version":          {block: map[string]string{"api_version": ""}, want: [][]string{{"Invalid api_version", "1.3, 1.2"}}},
		"a version that is too old": {block: map[string]string{"api_version": "0.9"}, want: [][]string{{"Invalid api_version"}}},
		"a version that is a number": {
			files: config(`{"api-version": 1.3}`), want: [][]string{{"Invalid Configuration File", `the key "api-version" must be a string`}},
		},
		"a region with a dot": {
			block: map[string]string{"default_region": "kr.west1"}, want: [][]string{{"Invalid default_region", "DNS label", "such as kr-west1"}},
		},
		"an environment with a slash": {
			block: map[string]string{"environment": "e/x"}, want: [][]string{{"Invalid environment", "DNS label", "such as e"}},
		},
		"a time-out without a unit": {
			block: map[string]string{"request_timeout": "30"}, want: [][]string{{"Invalid request_timeout", `"30s"`}},
		},
		"a negative time-out": {
			variables: map[string]string{"SCP_TF_REQUEST_TIMEOUT": "-1s"}, want: [][]string{{"Invalid request_timeout", "SCP_TF_REQUEST_TIMEOUT"}},
		},
		"no keys and no environment": {
			variables: map[string]string{"SCP_TF_ACCESS_KEY": "", "SCP_TF_SECRET_KEY": "", "SCP_TF_ENVIRONMENT": ""},
			want: [][]string{
				{
					"Missing access_key", "No keys were found",
					`Set SCP_TF_ACCESS_KEY and SCP_TF_SECRET_KEY, or "access-key" and "secret-key" in ~`,
					"never the keys themselves",
				},
				{
					"Missing environment", `environment = "e" (or "s", "g")`,
					`"environment" in ~/.scpconf/config.json`, "auth_url", "endpoint_override",
				},
			},
		},

		// Settings that have no effect because of an override.
		"override in a variable next to environment": {
			block: map[string]string{"environment": "e"}, variables: override("https://gw/{region}"),
			want: [][]string{
				{
					"Warning: Setting Ignored", "sets environment, but the environment variable SCP_TF_ENDPOINT_OVERRIDE", "to https://gw.\n",
					"Unset SCP_TF_ENDPOINT_OVERRIDE, or remove environment from the provider block",
					"at environment",
				},
			},
		},
		"override in a file next to both": {
			block: map[string]string{"environment": "e", "default_region": "kr-west1"}, files: config(`{"endpoint-override":"https://gw"}`),
			want: [][]string{
				{
					"Warning: Setting Ignored", "sets environment and default_region, but",
					`the key "endpoint-override" in {home}/.scpconf/config.json`,
					`Remove the key "endpoint-override" in {home}/.scpconf/config.json, or remove environment and default_region from`,
				},
			},
		},
		"override with a region next to a region": {
			block: map[string]string{"default_region": "kr-west1"}, variables: override("https://gw/{region}"),
		},
		"override without a region next to a region": {
			block: map[string]string{"default_region": "kr-west1"}, variables: override("https://gw"),
			want: [][]string{{"Warning", "sets default_region, but", "at default_region"}},
		},
		"override in the block next to both": {
			block: map[string]string{"environment": "e", "default_region": "kr-west1", "endpoint_override": "https://gw"},
		},
		"override and the rest in variables": {
			variables: map[string]string{"SCP_TF_ENDPOINT_OVERRIDE": "https://gw", "SCP_TF_DEFAULT_REGION": "kr-west1"},
		},
		"override rejected next to environment": {
			block: map[string]string{"environment": "e"}, variables: override("gw"), want: [][]string{{"Error: Invalid endpoint_override"}},
		},
		"override next to an environment that is bad": {
			block: map[string]string{"environment": "E"}, variables: override("https://gw"), want: [][]string{{"Warning: Setting Ignored"}},
		},

		// Go ignores a proxy that it cannot parse.
		"proxy that does not parse": {
			variables: map[string]string{"HTTPS_PROXY": brokenProxy}, want: [][]string{{"Error: Invalid Proxy Variable", "HTTPS_PROXY", "as %25"}},
		},
		"proxy with a slash in its password": {
			variables: map[string]string{"HTTPS_PROXY": "http://user:hunter2/x@host:1"}, want: [][]string{{"Invalid Proxy Variable", "/ as %2F"}},
		},
		"proxy of an unknown kind": {
			variables: map[string]string{"HTTPS_PROXY": "socks4://host:1"}, want: [][]string{{"Invalid Proxy Variable"}},
		},
		"proxy in quotes":        {variables: map[string]string{"HTTPS_PROXY": `"host:1"`}, want: [][]string{{"Invalid Proxy Variable"}}},
		"proxy without a scheme": {variables: map[string]string{"HTTPS_PROXY": "host:1"}},
		"SOCKS proxy":            {variables: map[string]string{"HTTPS_PROXY": "socks5://host:1/"}},
		"proxy that does not parse, in lower case": {
			variables: map[string]string{"https_proxy": brokenProxy}, want: [][]string{{"Invalid Proxy Variable", "https_proxy"}},
		},
		"proxy that does not parse next to one that wins": {
			variables: map[string]string{"HTTPS_PROXY": "http://proxy:3128", "https_proxy": brokenProxy},
		},
		"proxy that does not parse and is not used": {
			variables: map[string]string{"HTTPS_PROXY": brokenProxy, "NO_PROXY": "example.com,.samsungsdscloud.com"},
		},
		"no_proxy in lower case": {variables: map[string]string{"HTTPS_PROXY": brokenProxy, "no_proxy": "*"}},
		"no_proxy for another region": {
			variables: map[string]string{
				"HTTPS_PROXY": brokenProxy, "SCP_TF_DEFAULT_REGION": "kr-west1", "NO_PROXY": "virtualserver.kr-east1.e.samsungsdscloud.com",
			},
			want: [][]string{{"Invalid Proxy Variable"}},
		},
		"no_proxy for the default region": {
			variables: map[string]string{
				"HTTPS_PROXY": brokenProxy, "SCP_TF_DEFAULT_REGION": "kr-west1", "NO_PROXY": "virtualserver.kr-west1.e.samsungsdscloud.com",
			},
		},
		"loopback needs no proxy": {
			variables: map[string]string{"HTTPS_PROXY": brokenProxy, "SCP_TF_ENDPOINT_OVERRIDE": "https://127.0.0.1"},
		},
		"http_proxy is not for https": {variables: map[string]string{"HTTP_PROXY": brokenProxy}},
		"http is for loopback, which needs no proxy": {
			variables: map[string]string{"HTTP_PROXY": brokenProxy, "SCP_TF_ENDPOINT_OVERRIDE": "http://127.0.0.1"},
		},
		"proxy that parses": {variables: map[string]string{"HTTPS_PROXY": "http://svc:pass%25hunter2@proxy:3128"}},

		"a token with a control character": {
			block: map[string]string{"auth_token": "hunter2\x1b"}, want: [][]string{{"Invalid auth_token", "The value is not shown."}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			home := acc.Home(t, test.files)
			if err := os.MkdirAll(filepath.Join(home, "folders/.scpconf/credentials.json"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(home, "file"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(test.variables["HOME"], "/loop") {
				if runtime.GOOS == "windows" {
					t.Skip("making a link needs a privilege on Windows")
				}
				if err := os.Symlink("loop", filepath.Join(home, "loop")); err != nil {
					t.Fatal(err)
				}
			}
			env := map[string]string{acc.HomeVariable: home}
			for _, more := range []map[string]string{keysInVariables, test.variables} {
				for name, value := range more {
					if name == "HOME" {
						name = acc.HomeVariable
					}
					env[name] = strings.ReplaceAll(value, "{home}", home)
				}
			}
			block := map[string]attr.Value{}
			for attribute, text := range test.block {
				block[attribute] = types.StringValue(text)
			}
			isSet := func(name string) bool { _, set := env[name]; return set }
			c := evaluate(sources{block: block, getenv: getenv(env), isSet: isSet, files: readFiles(getenv(env), user.Current)})
			got := slices.Concat(c.Errors, c.Warnings)
			if want := strings.Contains(describe(c.Errors), "The provider's attribute"); c.ErrorInBlock != want {
				t.Errorf("ErrorInBlock is %t, want %t", c.ErrorInBlock, want)
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %d diagnostics, want %d:\n%s", len(got), len(test.want), describe(got))
			}
			for i, parts := range test.want {
				for _, part := range parts {
					part, said := strings.ReplaceAll(part, "{home}", filepath.ToSlash(home)), filepath.ToSlash(describe(got[i:i+1]))
					if !strings.Contains(said, part) {
						t.Errorf("it does not say %q:\n%s", part, said)
					}
				}
			}
			if strings.Contains(describe(got), "hunter2") {
				t.Errorf("a secret is shown:\n%s", describe(got))
			}
			for attribute, value := range test.block {
				// Terraform shows the line of an attribute that is pointed at.
				if strings.Contains(value, "hunter2") && strings.Contains(describe(got), "\nat "+attribute) {
					t.Errorf("it points at %s, where the secret is written", attribute)
				}
			}
		})
	}
}

// describe returns the text of diagnostics, with the attribute that each points at.
func describe(diagnostics diag.Diagnostics) string {
	var text strings.Builder
	for _, d := range diagnostics {
		fmt.Fprintf(&text, "%s: %s: %s\n", d.Severity(), d.Summary(), d.Detail())
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			fmt.Fprintf(&text, "at %s\n", at.Path())
		}
	}
	return text.String()
}
