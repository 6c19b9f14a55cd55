// SPDX-License-Identifier: MPL-2.0

package config

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// Each line of want is a diagnostic, in their order, with all of its parts between bars. None shows hunter2.
func TestMessages(t *testing.T) {
	t.Parallel()
	noFolder := "could not be reached: not a directory"
	if runtime.GOOS == "windows" {
		noFolder = "does not exist" // Windows says the same of a file that is not there
	}
	const noKey, noEnvironment = "SCP_TF_ACCESS_KEY= ", "SCP_TF_ENVIRONMENT= "
	credentials := func(text string) map[string]string { return map[string]string{"credentials.json": text} }
	config := func(text string) map[string]string { return map[string]string{"config.json": text} }
	override := func(url string) string { return "SCP_TF_ENDPOINT_OVERRIDE=" + url }
	set := func(attributes ...string) map[string]any {
		block := map[string]any{}
		for _, attribute := range attributes {
			name, value, _ := strings.Cut(attribute, "=")
			block[name] = value
		}
		return block
	}
	for name, test := range map[string]struct {
		places
		want string
	}{
		"nothing to say": {},

		// Files.
		"home is no folder, keys in variables": {places{variables: "HOME={home}/file"}, ""},
		"home is a loop, keys in variables":    {places{variables: "HOME={home}/loop"}, ""},
		"home is no folder, a key missing": {
			places{variables: noKey + "HOME={home}/file"}, "Missing access_key | The file {home}/file/.scpconf/credentials.json " + noFolder,
		},
		"home is a loop, a key missing": {
			places{variables: noKey + "HOME={home}/loop"},
			"Missing access_key | {home}/loop/.scpconf/credentials.json could not be reached: too many",
		},
		"home is no folder, environment missing": {
			places{variables: noEnvironment + "HOME={home}/file"}, "Missing environment | The file {home}/file/.scpconf/config.json " + noFolder,
		},
		"the file is a folder, keys in variables": {
			places{variables: "HOME={home}/folders"},
			"Configuration File Cannot Be Read | {home}/folders/.scpconf/credentials.json: this is not a regular file",
		},
		"the file is broken, keys in variables": {
			places{files: credentials("{\n\"secret-key\": hunter2}")},
			"Configuration File Cannot Be Read | credentials.json: line 2, column 15: this is not valid JSON",
		},
		"the file is broken, a key missing": {places{variables: noKey, files: credentials("{")}, "Configuration File Cannot Be Read"},
		"the file does not exist, a key missing": {
			places{variables: noKey},
			"Missing access_key | No access key was found. | The environment variable SCP_TF_ACCESS_KEY is set, but empty | " +
				`Set access_key in the provider block, or SCP_TF_ACCESS_KEY, or "access-key" in ~/.scpconf/credentials.json. | ` +
				"never the keys themselves | The file {home}/.scpconf/credentials.json does not exist. | at access_key",
		},
		"the file has other keys, a key missing": {
			places{variables: noKey, files: credentials(`{"secret-key":"hunter2"}`)},
			`Missing access_key | The file {home}/.scpconf/credentials.json has no value for the key "access-key".`,
		},
		"the file has an empty key": {
			places{variables: noKey, files: credentials(`{"access-key":""}`)}, `Missing access_key | has no value for the key "access-key".`,
		},
		"no environment in the file": {
			places{variables: noEnvironment, files: config(`{}`)},
			`Missing environment | {home}/.scpconf/config.json has no value for the key "environment".`,
		},
		"the file is CP949, in a key that is not used": {
			places{variables: noKey, files: credentials("{\"access-key\":\"access\",\"\xba\xf1\xb0\xed\":\"\xc5\xb0\"}")}, "",
		},
		"the file is CP949, in a key that is used": {
			places{variables: noKey, files: credentials("{\"access-key\":\"hunter2\xba\xf1\"}")},
			`Invalid Configuration File | the key "access-key" is not UTF-8 | saved as CP949 or ANSI; save it as UTF-8`,
		},
		"no keys and no environment": {
			places{variables: noKey + "SCP_TF_SECRET_KEY= SCP_TF_AUTH_URL= " + noEnvironment},
			"Missing access_key | No access key was found\nMissing secret_key | No secret key was found | at secret_key\n" +
				"Missing environment | The environment variable SCP_TF_AUTH_URL is set, but empty | (or s, g) | " +
				`"environment" in ~/.scpconf/config.json | auth_url or endpoint_override will do as well`,
		},

		// Values that are rejected.
		"override with a query": {
			places{variables: override("https://gw/scp?subscription-key=hunter2")},
			`Invalid endpoint_override | begins with "https://gw" | SCP_TF_ENDPOINT_OVERRIDE | query`,
		},
		"override with a user":    {places{variables: override("https://svc:hunter2@gw:8443/x")}, "Invalid endpoint_override | not shown"},
		"override that is no URL": {places{variables: override("hunter2")}, "Invalid endpoint_override | not shown"},
		"override in a file": {
			places{files: config(`{"endpoint-override":"https://gw/#hunter2"}`)},
			`Invalid endpoint_override | "https://gw" | The key "endpoint-override" in {home}/.scpconf/config.json`,
		},
		"override in the block": {
			places{block: set("endpoint_override=https://gw/scp?key=hunter2")},
			`Invalid endpoint_override | "https://gw" | The provider's attribute`,
		},
		"override shown in full": {
			places{block: set("endpoint_override=http://gw:80")},
			`Invalid endpoint_override | Its value is "http://gw:80" | at endpoint_override`,
		},
		"override with another scheme": {places{variables: override("ftp://127.0.0.1")}, "Invalid endpoint_override | begins with https://"},
		"auth_url with a token": {
			places{variables: noEnvironment + "SCP_TF_AUTH_URL=https://auth.example.com/v1?token=hunter2"},
			`Invalid auth_url | "https://auth.example.com" | set environment = "e"`,
		},
		"a key in quotes": {places{variables: `SCP_TF_SECRET_KEY="hunter2"`}, "Invalid secret_key | it is in quotes | not shown."},
		"a key in single quotes": {
			places{files: credentials(`{"auth-token":"'hunter2'"}`)}, "Invalid auth_token | it is in quotes | not shown.",
		},
		"a key with a space":               {places{block: set("secret_key= hunter2")}, "Invalid secret_key | The value is not shown."},
		"a token with a control character": {places{block: set("auth_token=hunter2\x1b")}, "Invalid auth_token | The value is not shown."},
		"a version that is no number": {
			places{block: set("api_version=latest")},
			`Invalid api_version | The provider's attribute api_version is not valid | Its value is "latest" | 1.3, 1.2, 1.1, 1.0`,
		},
		"an empty version":          {places{block: set("api_version=")}, "Invalid api_version | 1.3, 1.2"},
		"a version that is too old": {places{block: set("api_version=0.9")}, "Invalid api_version"},
		"a version that is a number": {
			places{files: config(`{"api-version": 1.3}`)}, `Invalid Configuration File | the key "api-version" must be a string`,
		},
		"a region with a dot": {
			places{block: set("default_region=kr.west1")}, "Invalid default_region | DNS label | such as kr-west1",
		},
		"an environment with a slash": {places{block: set("environment=e/x")}, "Invalid environment | DNS label | such as e"},
		"a time-out without a unit":   {places{block: set("request_timeout=30")}, `Invalid request_timeout | "30s"`},
		"a negative time-out": {
			places{variables: "SCP_TF_REQUEST_TIMEOUT=-1s"}, "Invalid request_timeout | SCP_TF_REQUEST_TIMEOUT",
		},

		// Settings that have no effect because of an override.
		"override in a variable next to environment": {
			places{block: set("environment=e"), variables: override("https://gw/{region}")},
			"Warning: Setting Ignored | sets environment, but the environment variable SCP_TF_ENDPOINT_OVERRIDE | to https://gw. | " +
				"or remove environment from the provider block | at environment",
		},
		"override in a file next to both": {
			places{block: set("environment=e", "default_region=kr-west1"), files: config(`{"endpoint-override":"https://gw"}`)},
			`Warning: Setting Ignored | sets environment and default_region, but | the key "endpoint-override" in {home}/.scpconf/config.json | ` +
				"Remove the key | or remove environment and default_region from",
		},
		"override with a region next to a region": {
			places{block: set("default_region=kr-west1"), variables: override("https://gw/{region}")}, "",
		},
		"override without a region next to a region": {
			places{block: set("default_region=kr-west1"), variables: override("https://gw")},
			"Warning | sets default_region, but | at default_region",
		},
		"a key in place of a region": {
			places{block: set("default_region=hunter2_x"), variables: "SCP_TF_SECRET_KEY=hunter2_x"},
			"Error: Invalid default_region | The value is not shown.",
		},
		"a token in place of a version": {
			places{variables: "SCP_TF_AUTH_TOKEN=hunter2hunter2 SCP_TF_API_VERSION=1.hunter2hunter2"}, "Invalid api_version | is not shown.",
		},
		"override in the block next to both": {
			places{block: set("environment=e", "default_region=kr-west1", "endpoint_override=https://gw")}, "",
		},
		"override and the rest in variables": {places{variables: override("https://gw SCP_TF_DEFAULT_REGION=kr-west1")}, ""},
		"override rejected next to environment": {
			places{block: set("environment=e"), variables: override("gw")}, "Error: Invalid endpoint_override",
		},
		"override next to an environment that is bad": {
			places{block: set("environment=E"), variables: override("https://gw")}, "Warning: Setting Ignored",
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := homeWith(t, test.files)
			if strings.Contains(test.variables, "/loop") && runtime.GOOS == "windows" {
				t.Skip("making a link needs a privilege on Windows")
			}
			c := test.evaluate(t, home)
			got := slices.Concat(c.Errors, c.Warnings)
			if want := strings.Contains(describe(c.Errors), "The provider's attribute"); c.ErrorInBlock != want {
				t.Errorf("ErrorInBlock is %t, want %t", c.ErrorInBlock, want)
			}
			var want []string
			if test.want != "" {
				want = strings.Split(test.want, "\n")
			}
			if len(got) != len(want) {
				t.Fatalf("got %d diagnostics, want %d:\n%s", len(got), len(want), describe(got))
			}
			for i := range want {
				for part := range strings.SplitSeq(want[i], " | ") {
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
				if strings.Contains(fmt.Sprint(value), "hunter2") && strings.Contains(describe(got), "\nat "+attribute) {
					t.Errorf("it points at %s, where the secret is written", attribute)
				}
			}
		})
	}
}

// homeWith returns a home with these files under .scpconf, and some that are no home: a file, a loop of links, and one with a folder in
// place of the file.
func homeWith(t *testing.T, files map[string]string) string {
	t.Helper()
	home := acc.Home(t, files)
	if err := os.MkdirAll(filepath.Join(home, "folders/.scpconf/credentials.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_ = os.Symlink("loop", filepath.Join(home, "loop"))
	return home
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
