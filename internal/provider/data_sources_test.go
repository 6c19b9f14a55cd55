// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
)

// arguments are what each data source needs to read something from the emulator's fixtures. A new data source is a line here.
var arguments = map[string]map[string]any{
	imageMembersName: {"image_id": documentImage},
	apiVersionsName:  nil,
	imagesName:       nil,
	pendingName:      nil,
}

// After a good read the state has the schema's types, and no computed attribute is null.
func TestState(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	server := startProvider(t, env)
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for dataSource, schema := range schemas.DataSourceSchemas {
		if _, ok := arguments[dataSource]; !ok {
			t.Errorf("%s has no line in arguments", dataSource)
			continue
		}
		resp := server.read(t, dataSource, arguments[dataSource])
		if len(resp.Diagnostics) != 0 {
			t.Errorf("%s: got %s, want a read: do its arguments fit the fixtures?", dataSource, describe(resp.Diagnostics))
			continue
		}
		var attributes map[string]tftypes.Value
		value, err := resp.State.Unmarshal(schema.ValueType())
		if err == nil {
			err = value.As(&attributes)
		}
		if err != nil {
			t.Errorf("%s: the state does not have the schema's types: %v", dataSource, err)
			continue
		}
		for _, attribute := range schema.Block.Attributes {
			if value := attributes[attribute.Name]; attribute.Computed && (value.IsNull() || !value.IsFullyKnown()) {
				t.Errorf("%s: the computed attribute %s is %s: does Read set it?", dataSource, attribute.Name, value)
			}
		}
	}
	for dataSource := range arguments {
		if schemas.DataSourceSchemas[dataSource] == nil {
			t.Errorf("arguments has a line for %s, which is no data source", dataSource)
		}
	}
}

// Where nothing has changed, a second plan shows nothing, of any data source.
func TestSecondPlanIsEmpty(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	var text strings.Builder
	for dataSource, values := range arguments {
		fmt.Fprintf(&text, "output %q {\n  value = data.%[1]s.x\n}\n\ndata %[1]q \"x\" {\n", dataSource)
		for name, value := range values {
			fmt.Fprintf(&text, "  %s = %q\n", name, value)
		}
		text.WriteString("}\n\n")
	}
	runSteps(t, env, resource.TestStep{Config: text.String()}) // plans again after the apply, and fails if there is a change
}

// A read needs a region, its own or the default, if and only if the endpoint has a place for it.
func TestRegion(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	server := startProvider(t, env)
	e, inRegion := startEmulator(t, defaultFixtures(t), emulator.Options{})
	inRegion["SCP_TF_ENDPOINT_OVERRIDE"] += "/{region}"
	inRegion["SCP_TF_DEFAULT_REGION"] = "kr-east1"
	regional := startProvider(t, inRegion)
	unknownRegion := newProtocolServer(t, inRegion)
	unknownRegion.configure(t, map[string]any{"default_region": tftypes.UnknownValue})
	noRegion := startProvider(t, variables{}.set("SCP_TF_ACCESS_KEY=a", "SCP_TF_SECRET_KEY=s", "SCP_TF_ENVIRONMENT=e"))
	for dataSource := range server.dataSources {
		withRegion := map[string]any{"region": "kr-west1"}
		maps.Copy(withRegion, arguments[dataSource])
		for region, arguments := range map[string]map[string]any{"kr-east1": arguments[dataSource], "kr-west1": withRegion} {
			regional.read(t, dataSource, arguments)
			requests := e.Requests()
			if got := requests[len(requests)-1].URI; !strings.HasPrefix(got, "/"+region+"/") {
				t.Errorf("%s: the request was for %s, want region %s", dataSource, got, region)
			}
		}
		resp := unknownRegion.read(t, dataSource, withRegion)
		if len(resp.Diagnostics) > 0 {
			t.Errorf("%s: got %s, want a read of its own region", dataSource, describe(resp.Diagnostics))
		}
		resp = server.read(t, dataSource, withRegion)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != title.RegionHasNoEffect {
			t.Errorf("%s: got %v, want %q", dataSource, describe(resp.Diagnostics), title.RegionHasNoEffect)
		}
		resp = noRegion.read(t, dataSource, arguments[dataSource])
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != title.MissingRegion ||
			!strings.Contains(resp.Diagnostics[0].Detail, "SCP_TF_DEFAULT_REGION") {
			t.Errorf("%s: got %v, want %q", dataSource, describe(resp.Diagnostics), title.MissingRegion)
		}
	}
}

// A read that needs an unknown attribute of the provider fails, or is deferred where terraform allows that. Other reads work.
func TestUnknownAttributes(t *testing.T) {
	t.Parallel()
	emulated := func(attributes map[string]any) map[string]any {
		for name, value := range map[string]any{"access_key": "demo-access-key", "secret_key": "demo-secret-key"} {
			if _, ok := attributes[name]; !ok {
				attributes[name] = value
			}
		}
		return attributes
	}
	unknown := tftypes.UnknownValue
	tests := map[string]struct {
		provider map[string]any
		noServer bool // endpoint_override is not set otherwise
		want     string
	}{
		"access_key":        {provider: map[string]any{"access_key": unknown}, want: "access_key"},
		"secret_key":        {provider: map[string]any{"secret_key": unknown}, want: "secret_key"},
		"auth_token":        {provider: map[string]any{"auth_token": unknown}, want: "auth_token"},
		"endpoint_override": {provider: map[string]any{"endpoint_override": unknown}, want: "endpoint_override"},
		"api_version":       {provider: map[string]any{"api_version": unknown}, want: "api_version"},
		"max_retries":       {provider: map[string]any{"max_retries": unknown}, want: "max_retries"},
		"max_concurrency":   {provider: map[string]any{"max_concurrency": unknown}, want: "max_concurrency"},
		"request_timeout":   {provider: map[string]any{"request_timeout": unknown}, want: "request_timeout"},
		"environment": {
			provider: map[string]any{"environment": unknown, "default_region": "kr-west1"}, noServer: true, want: "environment",
		},
		"auth_url":       {provider: map[string]any{"auth_url": unknown, "default_region": "kr-west1"}, noServer: true, want: "auth_url"},
		"default_region": {provider: map[string]any{"default_region": unknown, "environment": "e"}, noServer: true, want: "default_region"},
		"two":            {provider: map[string]any{"access_key": unknown, "secret_key": unknown}, want: "access_key, secret_key"},
		"unneeded":       {provider: map[string]any{"environment": unknown, "auth_url": unknown, "default_region": unknown}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
			if test.noServer {
				env["SCP_TF_ENDPOINT_OVERRIDE"] = ""
			}
			server := newProtocolServer(t, env)
			if diagnostics := server.configure(t, emulated(test.provider)); len(diagnostics) != 0 {
				t.Fatalf("Configure fails: %s: %s", diagnostics[0].Summary, diagnostics[0].Detail)
			}
			for dataSource := range server.dataSources {
				answered := server.read(t, dataSource, arguments[dataSource])
				if test.want == "" {
					if len(answered.Diagnostics) != 0 {
						t.Errorf("%s: got %v, want a read", dataSource, describe(answered.Diagnostics))
					}
					continue
				}
				want := "Not known until apply: " + test.want + "."
				if len(answered.Diagnostics) != 1 || !strings.HasPrefix(answered.Diagnostics[0].Detail, want) {
					t.Errorf("%s: got %v, want one error that begins with %q", dataSource, describe(answered.Diagnostics), want)
				}
				deferred := server.readOrDefer(t, dataSource, arguments[dataSource], true)
				reason := tfprotov6.DeferredReasonProviderConfigUnknown
				if len(deferred.Diagnostics) != 0 || deferred.Deferred == nil || deferred.Deferred.Reason != reason {
					t.Errorf("%s: got deferral %v and %s, want one for the provider's configuration",
						dataSource, deferred.Deferred, describe(deferred.Diagnostics))
				}
			}
			if got := len(e.Requests()); test.want != "" && got != 0 {
				t.Errorf("%d requests were sent, want none", got)
			}
		})
	}
}

// One read sends one request; a list in pages takes one for each page and one for the empty page after them.
func TestOneReadIsOneRequest(t *testing.T) {
	t.Parallel()
	e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	server := startProvider(t, env)
	for dataSource := range server.dataSources {
		before := len(e.Requests())
		if resp := server.read(t, dataSource, arguments[dataSource]); len(resp.Diagnostics) != 0 {
			t.Fatal(describe(resp.Diagnostics))
		}
		want := 1
		if dataSource == imagesName {
			want = 3 // a page, the empty one, and the proof of the end
		}
		if got := len(e.Requests()) - before; got != want {
			t.Errorf("%s: %d requests were sent, want %d", dataSource, got, want)
		}
	}
}

// A 401 says where the keys come from, in every data source but the one that is read without keys.
func TestRefusedKeysAreTraced(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{Fault: &emulator.Fault{Status: 401}})
	server := startProvider(t, env)
	for dataSource := range server.dataSources {
		if dataSource == apiVersionsName {
			continue
		}
		resp := server.read(t, dataSource, arguments[dataSource])
		const want = "  secret_key: environment variable SCP_TF_SECRET_KEY"
		if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail, want) {
			t.Errorf("%s: got %v, want one error that says %q", dataSource, describe(resp.Diagnostics), want)
		}
	}
}

// timeouts.read limits all attempts together, and has a diagnostic of its own.
func TestReadTimeout(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{Fault: &emulator.Fault{Kind: "hang"}})
	server := startProvider(t, env)
	limit := map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, "100ms")}
	for dataSource := range server.dataSources {
		attributes := map[string]any{"timeouts": limit}
		maps.Copy(attributes, arguments[dataSource])
		resp := server.read(t, dataSource, attributes)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Read Timed Out" {
			t.Errorf("%s: got %v, want that the read timed out", dataSource, describe(resp.Diagnostics))
		}
	}
}

// The framework accepts the schemas, and every attribute has a description.
func TestSchemas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := New("test")
	var providerSchema provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &providerSchema)
	if diags := providerSchema.Schema.ValidateImplementation(ctx); diags.HasError() {
		t.Error(diags)
	}
	for name, attribute := range providerSchema.Schema.Attributes {
		if attribute.GetMarkdownDescription() == "" {
			t.Errorf("the provider's attribute %s is not described", name)
		}
		secret := slices.Contains([]string{"access_key", "secret_key", "auth_token"}, name)
		if attribute.IsSensitive() != secret {
			t.Errorf("the provider's attribute %s is sensitive: %t, want %t", name, attribute.IsSensitive(), secret)
		}
	}
	if len(p.Resources(ctx)) > 0 {
		t.Error("the provider has resources, and its pages say that it only reads")
	}
	for _, constructor := range p.DataSources(ctx) {
		var schema datasource.SchemaResponse
		constructor().Schema(ctx, datasource.SchemaRequest{}, &schema)
		if diags := schema.Schema.ValidateImplementation(ctx); diags.HasError() {
			t.Error(diags)
		}
		for name, attribute := range schema.Schema.Attributes {
			if attribute.GetMarkdownDescription() == "" {
				t.Errorf("the attribute %s is not described", name)
			}
		}
		if _, ok := schema.Schema.Attributes["id"]; ok {
			t.Error("a data source has an id, which the API does not")
		}
	}
}
