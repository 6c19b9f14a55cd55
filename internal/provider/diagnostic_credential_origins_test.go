// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Each credential is said to come from where it really came from, and is not shown.
func TestConfigurationCredentialOrigins(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		block     map[string]string
		variables map[string]string
		file      string
		want      string
	}{
		"one place each": {
			block: map[string]string{"access_key": "hunter2"}, variables: map[string]string{"SCP_TF_SECRET_KEY": "hunter2"}, file: `{"auth-token":"hunter2"}`,
			want: `access_key comes from the provider's attribute access_key, secret_key from the environment variable SCP_TF_SECRET_KEY, auth_token from the key "auth-token" in FILE.`,
		},
		"no token": {
			variables: map[string]string{"SCP_TF_ACCESS_KEY": "hunter2", "SCP_TF_SECRET_KEY": "hunter2"}, file: `{"access-key":"hunter2"}`,
			want: `access_key comes from the environment variable SCP_TF_ACCESS_KEY, secret_key from the environment variable SCP_TF_SECRET_KEY. No auth_token is set.`,
		},
		"a token next to the keys of the block": {
			block: map[string]string{"access_key": "hunter2", "secret_key": "hunter2", "auth_token": ""}, variables: map[string]string{"SCP_TF_AUTH_TOKEN": "hunter2"},
			want: `access_key comes from the provider's attribute access_key, secret_key from the provider's attribute secret_key, auth_token from the environment variable SCP_TF_AUTH_TOKEN.`,
		},
		"one in quotes": {
			block: map[string]string{"access_key": "hunter2", "secret_key": `"hunter2"`},
			want:  `access_key comes from the provider's attribute access_key, secret_key from the provider's attribute secret_key. No auth_token is set. The value of secret_key is in quotes, which are sent as a part of it: remove them.`,
		},
		"all in quotes": {
			block: map[string]string{"access_key": `'hunter2'`, "secret_key": `'"hunter2"'`, "auth_token": `""`},
			want:  `access_key comes from the provider's attribute access_key, secret_key from the provider's attribute secret_key, auth_token from the provider's attribute auth_token. The values of access_key, secret_key and auth_token are in quotes, which are sent as a part of them: remove them.`,
		},
		"quotes that are no pair": {
			block: map[string]string{"access_key": `"hunter2`, "secret_key": `'hunter2"`, "auth_token": `"`},
			want:  `access_key comes from the provider's attribute access_key, secret_key from the provider's attribute secret_key, auth_token from the provider's attribute auth_token.`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			block := map[string]attr.Value{"environment": types.StringValue("e")}
			for attribute, text := range test.block {
				block[attribute] = types.StringValue(text)
			}
			path := writeConfFile(t, test.file)
			got := evaluate(sources{block: block, getenv: func(name string) string { return test.variables[name] },
				files: confFiles{credentialsFile: readConfFile(path)}})
			if got.faults.HasError() {
				t.Fatal(got.faults)
			}
			if described, want := got.credentials.describe(), strings.ReplaceAll(test.want, "FILE", path); described != want {
				t.Errorf("got  %s\nwant %s", described, want)
			}
		})
	}
}

// What Configure found reaches the data sources.
func TestConfigurationHandsOverCredentialOrigins(t *testing.T) {
	t.Parallel()
	env := variables{homeVariable: writeConf(t, map[string]string{"credentials.json": `{"access-key":"access","secret-key":"secret"}`}), "SCP_TF_ENVIRONMENT": "e"}
	if got := configured(t, env).credentials.describe(); !strings.Contains(got, `secret_key from the key "secret-key" in /`) {
		t.Errorf("it says %q", got)
	}
}

// configured is what Configure hands to the data sources if the provider block is empty.
func configured(t *testing.T, env variables) *providerData {
	t.Helper()
	ctx := context.Background()
	p := newProvider(time.Now, env)
	var schema provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &schema)
	var resp provider.ConfigureResponse
	p.Configure(ctx, provider.ConfigureRequest{Config: tfsdk.Config{
		Schema: schema.Schema, Raw: tftypes.NewValue(schema.Schema.Type().TerraformType(ctx), nil),
	}}, &resp)
	data, ok := resp.DataSourceData.(*providerData)
	if !ok {
		t.Fatalf("Configure hands over a %T: %v", resp.DataSourceData, resp.Diagnostics)
	}
	return data
}
