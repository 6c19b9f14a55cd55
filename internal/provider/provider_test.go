// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// Each place sets every value to another one. The request that arrives shows which place won; the emulator has checked keys, token and
// signature.
func TestConfigurationPrecedence(t *testing.T) {
	t.Parallel()
	const url = "http://URL" // of each case's own emulator
	attributes := map[string]any{
		"access_key": "hcl-access", "secret_key": "hcl-secret", "auth_token": "hcl-token", "default_region": "hcl-region",
		"endpoint_override": url + "/hcl/{region}", "api_version": "1.0",
	}
	env := []string{
		"SCP_TF_ACCESS_KEY=env-access", "SCP_TF_SECRET_KEY=env-secret", "SCP_TF_AUTH_TOKEN=env-token", "SCP_TF_DEFAULT_REGION=env-region",
		"SCP_TF_ENDPOINT_OVERRIDE=" + url + "/env/{region}", "SCP_TF_API_VERSION=1.1",
	}
	files := map[string]string{
		"config.json": `{"default-region": "file-region", "endpoint-override": "` + url +
			`/file/{region}", "api-version": "1.2", "account-id": "x", "max-remain-days": 7}`,
		"credentials.json": `{"access-key": "file-access", "secret-key": "file-secret", "auth-token": "file-token"}`,
	}
	for name, test := range map[string]struct {
		attributes              map[string]any
		env                     []string
		region                  any // of the data source
		prefix, source, version string
	}{
		"attributes":            {attributes, env, nil, "/hcl/hcl-region", "hcl", "1.0"},
		"variables":             {nil, env, nil, "/env/env-region", "env", "1.1"},
		"empty attributes":      {map[string]any{"access_key": ""}, env, nil, "/env/env-region", "env", "1.1"},
		"files":                 {nil, nil, nil, "/file/file-region", "file", "1.2"},
		"the read's own region": {attributes, env, "own-region", "/hcl/own-region", "hcl", "1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fixtures := defaultFixtures(t)
			fixtures.AccessKey, fixtures.SecretKey, fixtures.AuthToken = test.source+"-access", test.source+"-secret", test.source+"-token"
			e, address := startBelow(t, fixtures, test.prefix)
			atAddress := func(text string) string { return strings.ReplaceAll(text, url, address) }
			here, block := map[string]string{}, map[string]any{}
			for name, text := range files {
				here[name] = atAddress(text)
			}
			for name, value := range test.attributes {
				block[name] = atAddress(value.(string))
			}
			env := variables{acc.HomeVariable: acc.Home(t, here)}
			for _, variable := range test.env {
				env.set(atAddress(variable))
			}
			server := newProtocolServer(t, env)
			if got := server.configure(t, block); strings.Contains(describe(got), "ERROR") {
				t.Fatal(describe(got))
			}
			resp := server.read(t, imageMembersName, map[string]any{"image_id": documentImage, "region": test.region})
			if len(resp.Diagnostics) > 0 || len(e.Requests()) != 1 {
				t.Fatalf("%d requests arrived: %s", len(e.Requests()), describe(resp.Diagnostics))
			}
			request := e.Requests()[0]
			if got, want := request.Header.Get("Scp-Api-Version"), "virtualserver "+test.version; got != want {
				t.Errorf("Scp-Api-Version is %q, want %q", got, want)
			}
			if want := test.prefix + "/v1/"; !strings.HasPrefix(request.URI, want) {
				t.Errorf("the request was for %q, want %s…", request.URI, want)
			}
			const agent = "terraform-provider-scp/test (+" + projectURL + ") Terraform/1.11.4"
			if got := request.Header.Get("User-Agent"); got != agent {
				t.Errorf("User-Agent is %q", got)
			}
		})
	}
}

// What terraform plan says of an invalid configuration: all at once, and without the line of what is not shown. All messages of the
// provider's settings are in package config's tests, all of a read's arguments in TestImageMembersInvalidArguments.
func TestCLIConfigurationInvalid(t *testing.T) {
	t.Parallel()
	e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	env.set("SCP_TF_SECRET_KEY=", "SCP_TF_REQUEST_TIMEOUT=soon")
	env[acc.HomeVariable] = acc.Home(t, map[string]string{"config.json": `{"auth-url": hunter2}`})
	c := newCLI(t, requiredProviders+`provider "scp" {
  endpoint_override = "https://gw/scp?subscription-key=hunter2"
  api_version       = ""
  max_retries       = -1
  max_concurrency   = 65
}
`+readConfiguration(documentImage))
	output, code := c.Run(t, env.list(), "plan", "-no-color")
	folded := strings.Join(strings.Fields(output), " ")
	for _, want := range []string{
		"Configuration File Cannot Be Read", "config.json: line 1, column 14", "Missing secret_key", "Invalid endpoint_override",
		`begins with "https://gw"`, "Invalid api_version", "Invalid max_retries", "a whole number from 0 to 10", "Invalid max_concurrency",
		"a whole number from 1 to 64", "environment variable SCP_TF_REQUEST_TIMEOUT is not valid",
	} {
		if !strings.Contains(folded, want) {
			t.Errorf("the output does not say %q:\n%s", want, output)
		}
	}
	if sent := len(e.Requests()); code != 1 || sent != 0 || strings.Contains(output, "hunter2") {
		t.Errorf("terraform plan exits with %d, want 1, after %d requests, want none, and shows no secret:\n%s", code, sent, output)
	}
}

// terraform validate works without keys, and still checks what is written in HCL. It then reports the missing keys too.
func TestValidateWithoutKeys(t *testing.T) {
	t.Parallel()
	server := newProtocolServer(t, variables{})
	for version, want := range map[string][]string{
		scp.DefaultAPIVersion: nil, "latest": {"Missing access_key", "Missing secret_key", "Invalid api_version"},
	} {
		resp, err := server.ValidateProviderConfig(context.Background(), &tfprotov6.ValidateProviderConfigRequest{
			Config: object(t, server.provider, map[string]any{"api_version": version, "environment": "e"}),
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, diagnostic := range resp.Diagnostics {
			got = append(got, diagnostic.Summary)
		}
		if !slices.Equal(got, want) {
			t.Errorf("version %s: got %v, want %v", version, got, want)
		}
	}
}

// An unknown attribute of the provider fails the read that needs it, and no other plan.
func TestUnknownProviderValues(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	runSteps(t, env,
		resource.TestStep{
			ConfigFile:  config.StaticFile("testdata/unknown_provider_read.tf"),
			ExpectError: regexp.MustCompile(`Provider Not Configured Yet[\s\S]*secret_key`),
		},
		resource.TestStep{
			ConfigFile:        config.StaticFile("testdata/unknown_provider_waiting.tf"),
			ConfigStateChecks: expectMembers(documentMembers),
		},
	)
}

// Configure passes the origins of the credentials on to the data sources.
func TestCredentialOriginsReachDataSources(t *testing.T) {
	t.Parallel()
	home := acc.Home(t, map[string]string{"credentials.json": `{"access-key":"access","secret-key":"secret"}`})
	env := variables{acc.HomeVariable: home, "SCP_TF_ENVIRONMENT": "e"}
	if got := strings.Join(configured(t, env).Credentials, "\n"); !strings.Contains(got, `secret_key: key "secret-key" in `+home) {
		t.Errorf("it says %q", got)
	}
}

// One process serves one configuration: with another, a read would use the keys and the endpoint of the first, without a word.
func TestOneProcessOneConfiguration(t *testing.T) {
	t.Parallel()
	env := func(more ...string) variables {
		keys := []string{"SCP_TF_ACCESS_KEY=a", "SCP_TF_SECRET_KEY=s", "SCP_TF_ENVIRONMENT=e", "SCP_TF_DEFAULT_REGION=kr-west1"}
		return variables{}.set(keys...).set(more...)
	}
	for name, test := range map[string]struct {
		second   variables
		rejected bool
	}{
		"the same":         {env(), false},
		"another key":      {env("SCP_TF_ACCESS_KEY=b"), true},
		"another region":   {env("SCP_TF_DEFAULT_REGION=kr-east1"), true},
		"another endpoint": {env("SCP_TF_ENVIRONMENT=s"), true},
		"another version":  {env("SCP_TF_API_VERSION=1.2"), true},
	} {
		p := newProvider(time.Now, env())
		var before diag.Diagnostics
		for _, unknown := range []string{"default_region", "access_key"} { // which is not compared, first or later
			before.Append(configure(t, p, map[string]any{unknown: tftypes.UnknownValue}).Diagnostics...)
			before.Append(configure(t, p, nil).Diagnostics...)
		}
		p.lookupEnv = test.second.lookupEnv
		second := configure(t, p, nil)
		if len(before) > 0 {
			t.Errorf("%s: %v", name, before)
		}
		rejected := slices.ContainsFunc(second.Diagnostics, func(d diag.Diagnostic) bool { return d.Summary() == title.AnotherConfiguration })
		if rejected != test.rejected {
			t.Errorf("%s: a second configuration is rejected: %t, want %t: %v", name, rejected, test.rejected, second.Diagnostics)
		}
	}
}

// A process that goes on after it has rejected a configuration reads nothing, and does not end.
func TestReadAfterARejectedConfiguration(t *testing.T) {
	t.Parallel()
	for dataSource, constructor := range map[string]func() datasource.DataSource{
		imagesName: newImagesDataSource, imageMembersName: newImageMembersDataSource, pendingName: newPendingImagesDataSource,
		apiVersionsName: newAPIVersionsDataSource,
	} {
		d, _ := constructor().(datasource.DataSourceWithConfigure)
		d.Configure(t.Context(), datasource.ConfigureRequest{}, &datasource.ConfigureResponse{})
		var schema datasource.SchemaResponse
		d.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
		var resp datasource.ReadResponse
		d.Read(t.Context(), datasource.ReadRequest{
			Config: tfsdk.Config{Schema: schema.Schema, Raw: objectValue(schema.Schema.Type().TerraformType(t.Context()), nil)},
		}, &resp)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != title.AnotherConfiguration {
			t.Errorf("%s: got %v", dataSource, resp.Diagnostics)
		}
	}
}

// In FIPS 140-only mode a short key is an invalid key. Signing with it would be a panic.
func TestShortKeyInFIPSMode(t *testing.T) {
	if os.Getenv("SHORT_KEY_IN_FIPS_MODE") == "" {
		command := exec.Command(os.Args[0], "-test.run=^TestShortKeyInFIPSMode$", "-test.v")
		command.Env = append(os.Environ(), "GODEBUG=fips140=only", "SHORT_KEY_IN_FIPS_MODE=1")
		if output, err := command.CombinedOutput(); err != nil || !strings.Contains(string(output), "--- PASS") {
			t.Errorf("%v:\n%s", err, output)
		}
		return
	}
	for key, want := range map[string]int{"shorter-key-1": 1, "longer-key-12-": 0} {
		p := newProvider(time.Now, variables{}.set("SCP_TF_ACCESS_KEY=a", "SCP_TF_SECRET_KEY="+key, "SCP_TF_ENVIRONMENT=e"))
		resp := configure(t, p, nil)
		if got := resp.Diagnostics.ErrorsCount(); got != want || want == 1 && !strings.Contains(resp.Diagnostics[0].Detail(), "FIPS 140-only") {
			t.Errorf("a key of %d characters: got %v, want %d errors", len(key), resp.Diagnostics, want)
		}
	}
}

// configured returns what data sources get from Configure if the provider block is empty.
func configured(t *testing.T, env variables) *providerData {
	t.Helper()
	resp := configure(t, newProvider(time.Now, env), nil)
	data, ok := resp.DataSourceData.(*providerData)
	if !ok {
		t.Fatalf("Configure hands over a %T: %v", resp.DataSourceData, resp.Diagnostics)
	}
	return data
}

// configure configures a provider whose block sets these attributes alone.
func configure(t *testing.T, p *scpProvider, attributes map[string]any) provider.ConfigureResponse {
	t.Helper()
	var schema provider.SchemaResponse
	p.Schema(t.Context(), provider.SchemaRequest{}, &schema)
	raw := objectValue(schema.Schema.Type().TerraformType(t.Context()), attributes)
	var resp provider.ConfigureResponse
	p.Configure(t.Context(), provider.ConfigureRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: raw}}, &resp)
	return resp
}
