// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// What Configure found reaches the data sources.
func TestCredentialOriginsReachDataSources(t *testing.T) {
	t.Parallel()
	env := variables{
		acc.HomeVariable:     acc.Home(t, map[string]string{"credentials.json": `{"access-key":"access","secret-key":"secret"}`}),
		"SCP_TF_ENVIRONMENT": "e",
	}
	if got := configured(t, env).credentials.Describe(); !strings.Contains(got, `secret_key from the key "secret-key" in /`) {
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
