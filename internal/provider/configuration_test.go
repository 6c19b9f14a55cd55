// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// Every value that a request shows is set in each place to another one; the request that arrives shows whose won.
func TestConfigurationPrecedence(t *testing.T) {
	t.Parallel()
	fixtures := defaultFixtures(t)
	userAgent := regexp.MustCompile(`^terraform-provider-scp/test \(\+https://\S+\) Terraform/\d+\.`)
	const url = "http://URL" // of each case's own emulator
	hcl := `provider "scp" {
	  access_key        = "hcl-access"
	  secret_key        = "hcl-secret"
	  auth_token        = "hcl-token"
	  default_region    = "hcl-region"
	  endpoint_override = "` + url + `/hcl/{region}"
	  api_version       = "1.0"
	}
	`
	inVariables := map[string]string{
		"SCP_TF_ACCESS_KEY": "env-access", "SCP_TF_SECRET_KEY": "env-secret", "SCP_TF_AUTH_TOKEN": "env-token",
		"SCP_TF_DEFAULT_REGION": "env-region", "SCP_TF_ENDPOINT_OVERRIDE": url + "/env/{region}", "SCP_TF_API_VERSION": "1.1",
	}
	files := map[string]string{
		"config.json": `{"default-region": "file-region", "endpoint-override": "` + url +
			`/file/{region}", "api-version": "1.2", "account-id": "x", "max-remain-days": 7}`,
		"credentials.json": `{"access-key": "file-access", "secret-key": "file-secret", "auth-token": "file-token"}`,
	}
	tests := map[string]struct {
		hcl            string
		env, file      bool
		region         string // of the data source
		prefix, source string
		version        string
	}{
		"attributes": {hcl: hcl, env: true, file: true, prefix: "/hcl/hcl-region", source: "hcl", version: "1.0"},
		"variables":  {env: true, file: true, prefix: "/env/env-region", source: "env", version: "1.1"},
		"empty attributes": {
			hcl: `provider "scp" { access_key = "" }` + "\n", env: true, file: true, prefix: "/env/env-region", source: "env", version: "1.1",
		},
		"files": {file: true, prefix: "/file/file-region", source: "file", version: "1.2"},
		"the read's own region": {
			hcl: hcl, env: true, file: true, region: "own-region", prefix: "/hcl/own-region", source: "hcl", version: "1.0",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fixtures := fixtures
			fixtures.AccessKey, fixtures.SecretKey, fixtures.AuthToken = test.source+"-access", test.source+"-secret", test.source+"-token"
			e, address := startBelow(t, fixtures, test.prefix)
			atAddress := func(text string) string { return strings.ReplaceAll(text, url, address) }
			env := variables{}
			if test.env {
				for name, value := range inVariables {
					env[name] = atAddress(value)
				}
			}
			if test.file {
				here := map[string]string{}
				for name, text := range files {
					here[name] = atAddress(text)
				}
				env[acc.HomeVariable] = acc.Home(t, here)
			}
			read := readConfiguration(documentImage)
			if test.region != "" {
				read = strings.Replace(read, "{ ", "{\n  region = \""+test.region+"\"\n  ", 1)
				read = strings.TrimSuffix(read, " }") + "\n}"
			}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(time.Now, env),
				Steps:                    []resource.TestStep{{Config: atAddress(test.hcl) + read, ConfigStateChecks: expectMembers(documentMembers)}},
			})
			// The emulator has checked keys, token and signature; the rest is seen here.
			for _, request := range e.Requests() {
				if got, want := request.Header.Get("Scp-Api-Version"), "virtualserver "+test.version; got != want {
					t.Errorf("Scp-Api-Version is %q, want %q", got, want)
				}
				if want := test.prefix + "/v1/"; !strings.HasPrefix(request.URI, want) {
					t.Errorf("the request was for %q, want %s…", request.URI, want)
				}
				if got := request.Header.Get("User-Agent"); !userAgent.MatchString(got) {
					t.Errorf("User-Agent is %q", got)
				}
			}
			if len(e.Requests()) == 0 {
				t.Error("no request arrived")
			}
		})
	}
}

func TestConfigurationInvalid(t *testing.T) {
	t.Parallel()
	// Each provider attribute on a line of its own.
	provider := func(lines ...string) string {
		return "provider \"scp\" {\n" + strings.Join(lines, "\n") + "\n}\n" + readConfiguration(documentImage)
	}
	read := func(lines ...string) string {
		return "data \"scp_virtualserver_image_members\" \"test\" {\n" + strings.Join(lines, "\n") + "\n}\n"
	}
	image := `image_id = "` + documentImage + `"`
	tests := map[string]struct {
		config string
		env    map[string]string
		files  map[string]string
		want   []string
	}{
		"no keys": {
			env: map[string]string{"SCP_TF_ACCESS_KEY": "", "SCP_TF_SECRET_KEY": ""},
			want: []string{
				"Missing access_key",
				"attribute access_key, the environment variable SCP_TF_ACCESS_KEY or the key \"access-key\" in ~/.scpconf/credentials.json",
				"Missing secret_key", "SCP_TF_SECRET_KEY", `"secret-key"`,
			},
		},
		"no environment": {
			env:  map[string]string{"SCP_TF_ENDPOINT_OVERRIDE": ""},
			want: []string{"Missing environment", "SCP_TF_ENVIRONMENT", `"environment" in ~/.scpconf/config.json`, "SCP_TF_AUTH_URL"},
		},
		"no region": {
			config: provider(`environment = "e"`), env: map[string]string{"SCP_TF_ENDPOINT_OVERRIDE": ""},
			want: []string{"Missing Region", "SCP_TF_DEFAULT_REGION"},
		},
		"auth_url": {
			config: provider(`auth_url = "https://example.com/v1"`), env: map[string]string{"SCP_TF_ENDPOINT_OVERRIDE": ""},
			want: []string{"Invalid auth_url", "https://iam.{environment}.samsungsdscloud.com/v1"},
		},
		"version word": {
			config: provider(`api_version = "latest"`),
			want:   []string{"Invalid api_version", `"latest" of the provider's attribute api_version`, "1.3, 1.2, 1.1, 1.0"},
		},
		"version empty":   {config: provider(`api_version = ""`), want: []string{"Invalid api_version", "1.3, 1.2, 1.1, 1.0"}},
		"version too old": {config: provider(`api_version = "0.9"`), want: []string{"Invalid api_version"}},
		"version in variable": {
			env:  map[string]string{"SCP_TF_API_VERSION": "v1.3"},
			want: []string{"Invalid api_version", "the environment variable SCP_TF_API_VERSION cannot be used"},
		},
		"version in file": {
			files: map[string]string{"config.json": `{"api-version": 1.3}`},
			want:  []string{"Invalid Configuration File", `the key "api-version" must be a string`},
		},
		"endpoint no URL": {config: provider(`endpoint_override = "not a url"`), want: []string{"Invalid endpoint_override"}},
		"endpoint ftp": {
			config: provider(`endpoint_override = "ftp://127.0.0.1"`), want: []string{"Invalid endpoint_override", "begins with https://"},
		},
		"endpoint http": {
			config: provider(`endpoint_override = "http://virtualserver.example.com"`),
			want:   []string{"Invalid endpoint_override", "http:// is accepted for loopback addresses only"},
		},
		"endpoint password": {
			config: provider(`endpoint_override = "https://user:hunter2@example.com"`), want: []string{"Invalid endpoint_override", "not shown"},
		},
		"endpoint query": {
			config: provider(`endpoint_override = "https://gw/scp?subscription-key=hunter2"`),
			want:   []string{"Invalid endpoint_override", `"https://gw"`},
		},
		"endpoint in a variable": {
			env: map[string]string{"SCP_TF_ENDPOINT_OVERRIDE": "https://svc:hunter2%40gw"}, want: []string{"Invalid endpoint_override", "not shown"},
		},
		"region no label": {config: provider(`default_region = "kr.west1"`), want: []string{"Invalid default_region", "DNS label"}},
		"environment no label": {
			config: provider(`environment = "e/x"`), env: map[string]string{"SCP_TF_ENDPOINT_OVERRIDE": ""},
			want: []string{"Invalid environment", "DNS label"},
		},
		"timeout no duration": {config: provider(`request_timeout = "30"`), want: []string{"Invalid request_timeout", `"30s"`}},
		"timeout negative":    {config: provider(`request_timeout = "-1s"`), want: []string{"Invalid request_timeout"}},
		"timeout in variable": {
			env: map[string]string{"SCP_TF_REQUEST_TIMEOUT": "soon"}, want: []string{"Invalid request_timeout", "SCP_TF_REQUEST_TIMEOUT"},
		},
		"retries too many": {
			config: provider(`max_retries = 11`), want: []string{"Invalid Attribute Value", "max_retries value must be between 0 and 10, got: 11"},
		},
		"retries in variable": {
			env: map[string]string{"SCP_TF_MAX_RETRIES": "many"}, want: []string{"Invalid max_retries", "SCP_TF_MAX_RETRIES"},
		},
		"key with a space": {
			env: map[string]string{"SCP_TF_SECRET_KEY": "hunter2 "}, want: []string{"Invalid secret_key", "not shown here"},
		},
		"token with a newline": {
			env: map[string]string{"SCP_TF_AUTH_TOKEN": "hunter2\n"}, want: []string{"Invalid auth_token", "not shown here"},
		},
		"broken credentials": {
			files: map[string]string{"credentials.json": "{\n  \"secret-key\": hunter2\n}"},
			want:  []string{"Configuration File Cannot Be Read", "credentials.json: line 2, column 17"},
		},
		"image_id path":  {config: read(`image_id = "../../v1/servers"`), want: []string{"image_id must be 1 to 255 letters"}},
		"image_id empty": {config: read(`image_id = ""`), want: []string{"image_id must be 1 to 255 letters"}},
		"image_id space": {config: read(`image_id = "a b"`), want: []string{"image_id must be 1 to 255 letters"}},
		"image_id long": {
			config: read(`image_id = "` + strings.Repeat("a", 256) + `"`), want: []string{"image_id must be 1 to 255 letters"},
		},
		"region of read":       {config: read(image, `region = "kr_west1"`), want: []string{"region must be a single DNS label"}},
		"region ignored":       {config: read(image, `region = "kr-west1"`), want: []string{"Region Would Be Ignored", "endpoint_override"}},
		"timeouts no duration": {config: read(image, `timeouts = { read = "soon" }`), want: []string{"Invalid Attribute Value Time Duration"}},
		"timeouts nothing": {
			config: read(image, `timeouts = { read = "0s" }`),
			want:   []string{"Invalid Attribute Value", `timeouts.read must be a duration greater than zero, such as "2m", got: "0s".`},
		},
		"concurrency too high": {
			config: provider(`max_concurrency = 65`),
			want:   []string{"Invalid Attribute Value", "max_concurrency value must be between 1 and 64, got: 65"},
		},
		"both image attributes": {config: read(image, `image_ids = ["a"]`), want: []string{"[image_id,image_ids]"}},
		"no image attribute":    {config: read(), want: []string{"[image_id,image_ids]"}},
		"image_ids with a path": {config: read(`image_ids = ["a", "../b"]`), want: []string{"must be 1 to 255 letters"}},
		"image_ids with a null": {config: read(`image_ids = ["a", null]`), want: []string{"null"}},
		"several faults at once": {
			config: provider(`api_version = "x"`, `max_retries = -1`), env: map[string]string{"SCP_TF_SECRET_KEY": ""},
			want: []string{"Invalid api_version", "max_retries value must be between 0 and 10, got: -1", "Missing secret_key"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
			maps.Copy(env, test.env)
			env[acc.HomeVariable] = acc.Home(t, test.files)
			if test.config == "" {
				test.config = readConfiguration(documentImage)
			}
			output, code := newCLI(t, requiredProviders+test.config).Run(t, env.list(), "plan", "-no-color")
			if code != 1 {
				t.Errorf("terraform plan exits with %d, want 1", code)
			}
			folded := strings.Join(strings.Fields(output), " ")
			for _, want := range test.want {
				if !strings.Contains(folded, want) {
					t.Errorf("the output does not say %q:\n%s", want, output)
				}
			}
			if len(output) > 10_000 {
				t.Errorf("the output has %d characters", len(output))
			}
			if strings.Contains(output, "hunter2") {
				t.Errorf("the output shows a secret:\n%s", output)
			}
			if got := len(e.Requests()); got != 0 {
				t.Errorf("%d requests were sent, want none", got)
			}
		})
	}
}

// terraform validate often runs where there are no keys; what is written in HCL is checked all the same.
func TestValidateWithoutKeys(t *testing.T) {
	t.Parallel()
	config := readConfiguration(documentImage)
	if output, code := newCLI(t, requiredProviders+config).Run(t, nil, "validate", "-no-color"); code != 0 {
		t.Errorf("terraform validate exits with %d, want 0:\n%s", code, output)
	}
	config += "\nprovider \"scp\" {\n  api_version = \"latest\"\n}\n"
	output, code := newCLI(t, requiredProviders+config).Run(t, nil, "validate", "-no-color")
	if code != 1 || !strings.Contains(output, "Invalid api_version") {
		t.Errorf("terraform validate exits with %d, want 1 and the fault:\n%s", code, output)
	}
}
