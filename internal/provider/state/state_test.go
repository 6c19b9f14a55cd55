// SPDX-License-Identifier: MPL-2.0

package state

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type item struct {
	Name    *string `json:"name"`
	Enabled *bool   `json:"enabled"`
}

var (
	itemType  = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String, "enabled": tftypes.Bool}}
	itemsType = tftypes.List{ElementType: itemType}
	stateType = tftypes.Object{
		AttributeTypes: map[string]tftypes.Type{"argument": tftypes.String, "items": itemsType, "text": tftypes.String},
	}
)

func itemValue(name, enabled any) tftypes.Value {
	return tftypes.NewValue(itemType, map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, name), "enabled": tftypes.NewValue(tftypes.Bool, enabled),
	})
}

func stateValue(items, text any) tftypes.Value {
	return tftypes.NewValue(stateType, map[string]tftypes.Value{
		"argument": tftypes.NewValue(tftypes.String, "x"),
		"items":    tftypes.NewValue(itemsType, items),
		"text":     tftypes.NewValue(tftypes.String, text),
	})
}

// The values take the places of the nulls in the framework's state, and terraform-plugin-go decodes each to what was set. One that has no
// place is an error.
func TestInsert(t *testing.T) {
	t.Parallel()
	before, err := tfprotov6.NewDynamicValue(stateType, stateValue(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		values Values
		want   tftypes.Value
	}{
		"nothing":      {nil, stateValue(nil, nil)},
		"strings":      {Values{"text": "a"}, stateValue(nil, "a")},
		"empty string": {Values{"text": ""}, stateValue(nil, "")},
		"null string":  {Values{"text": (*string)(nil)}, stateValue(nil, nil)},
		"nil list":     {Values{"items": []item(nil)}, stateValue([]tftypes.Value{}, nil)},
		"no objects":   {Values{"items": []item{}}, stateValue([]tftypes.Value{}, nil)},
		"objects": {
			Values{"text": new("b"), "items": []item{{new("a"), new(false)}, {nil, new(true)}, {}}},
			stateValue([]tftypes.Value{itemValue("a", false), itemValue(nil, true), itemValue(nil, nil)}, "b"),
		},
		"twenty objects": {Values{"items": make([]item, 20)}, stateValue(slices.Repeat([]tftypes.Value{itemValue(nil, nil)}, 20), nil)},
	} {
		whole, err := test.values.insert(before.MsgPack)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := tfprotov6.DynamicValue{MsgPack: whole}.Unmarshal(stateType)
		if err != nil || !got.Equal(test.want) {
			t.Errorf("%s: got %s (%v), want %s", name, got, err, test.want)
		}
	}
	for _, values := range []Values{{"other": ""}, {"text": make(chan int)}} {
		if whole, err := values.insert(before.MsgPack); err == nil {
			t.Errorf("%v gives %x, want an error", values, whole)
		}
	}
	for _, broken := range [][]byte{nil, {0xc0}, before.MsgPack[:2], before.MsgPack[:len(before.MsgPack)-1]} {
		if whole, err := (Values{"text": "a"}).insert(broken); err == nil {
			t.Errorf("the state %x gives %x, want an error", broken, whole)
		}
	}
}

// testProvider is a provider with one data source, whose attribute plain is set with the framework's State.Set, and fast with [Set].
type testProvider struct{ provider.Provider }

func (testProvider) Metadata(context.Context, provider.MetadataRequest, *provider.MetadataResponse) {}
func (testProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)       {}
func (testProvider) Resources(context.Context) []func() resource.Resource                           { return nil }
func (testProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return dataSource{} }}
}

type dataSource struct{}

func (dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "test"
}

func (dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"use_set": schema.BoolAttribute{Required: true},
		"plain":   schema.StringAttribute{Computed: true},
		"fast":    schema.StringAttribute{Computed: true},
	}}
}

func (dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var useSet bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("use_set"), &useSet)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("plain"), "a")...)
	if useSet {
		resp.Diagnostics.Append(Set(ctx, Values{"fast": "b"})...)
	}
}

// A Read may use Set, the framework's State.Set, or both.
func TestServer(t *testing.T) {
	t.Parallel()
	server := NewServer(testProvider{})
	stateType := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"use_set": tftypes.Bool, "plain": tftypes.String, "fast": tftypes.String,
	}}
	state := func(useSet bool, plain, fast any) tftypes.Value {
		return tftypes.NewValue(stateType, map[string]tftypes.Value{
			"use_set": tftypes.NewValue(tftypes.Bool, useSet),
			"plain":   tftypes.NewValue(tftypes.String, plain),
			"fast":    tftypes.NewValue(tftypes.String, fast),
		})
	}
	for useSet, want := range map[bool]tftypes.Value{false: state(false, "a", nil), true: state(true, "a", "b")} {
		config, err := tfprotov6.NewDynamicValue(stateType, state(useSet, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "test", Config: &config})
		if err != nil || len(resp.Diagnostics) != 0 {
			t.Fatal(err, resp.Diagnostics)
		}
		got, err := resp.State.Unmarshal(stateType)
		if err != nil || !got.Equal(want) {
			t.Errorf("with Set %t: got %s (%v), want %s", useSet, got, err, want)
		}
	}
}

// keepingServer keeps the context of its last read, as the framework's server keeps those of all reads until it is stopped.
type keepingServer struct {
	tfprotov6.ProviderServer
	kept context.Context //nolint:containedctx // that is its fault
}

func (s *keepingServer) ReadDataSource(ctx context.Context, _ *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	s.kept = ctx
	Set(ctx, Values{"fast": "b"})
	stateType := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"fast": tftypes.String}}
	state, err := tfprotov6.NewDynamicValue(stateType, tftypes.NewValue(stateType, map[string]tftypes.Value{
		"fast": tftypes.NewValue(tftypes.String, nil),
	}))
	return &tfprotov6.ReadDataSourceResponse{State: &state}, err
}

// Nothing of a state stays in memory with the context of its read.
func TestServerKeepsNoValues(t *testing.T) {
	t.Parallel()
	framework := &keepingServer{}
	resp, err := server{framework}.ReadDataSource(t.Context(), nil)
	if err != nil || !bytes.Contains(resp.State.MsgPack, []byte("b")) {
		t.Fatal(err, resp)
	}
	if values, _ := framework.kept.Value(valuesKey{}).(*Values); *values != nil {
		t.Errorf("the context of the read keeps %v", *values)
	}
}

// Without the server, a read would leave nulls in place of lists.
func TestSetWithoutServer(t *testing.T) {
	t.Parallel()
	diags := Set(t.Context(), Values{})
	if !diags.HasError() || !strings.Contains(diags[0].Detail(), "without the server") {
		t.Errorf("the diagnostics are %v", diags)
	}
}
