// SPDX-License-Identifier: MPL-2.0

// Package state writes the computed attributes of a data source's state. In a Read, [Set] takes the place of the framework's
//
//	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
//
// which works too, but is slow for long lists: the framework turns the model by reflection into its own values, these into values of
// terraform-plugin-go, compares them with the ones before, and encodes them as MessagePack, with several copies of each. For a list of
// 10,000 objects that takes longer than the request, its response and everything else.
//
// Here [Set] leaves the values for [NewServer]'s server. The framework completes the read with a state that has the configuration and null
// for each computed attribute, and the server encodes the values in the places of these nulls. A Read that uses [Set] therefore needs that
// server; one that uses State.Set alone does not.
package state

import (
	"bytes"
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
)

// Values are the computed attributes of a data source by name: strings, bools, and lists of structs, whose JSON tags name the attributes of
// an object. A nil pointer is null. A nil list is not: it has no items.
type Values map[string]any

type valuesKey struct{}

// Set sets the computed attributes of a data source's state. Read calls it once, when nothing can fail any more.
func Set(ctx context.Context, values Values) (diags diag.Diagnostics) {
	ofRead, ok := ctx.Value(valuesKey{}).(*Values)
	if !ok {
		diags.AddError(title.UnexpectedState, "This is a bug in the provider, please report it: a data source was read without the server that "+
			"writes the state.")
		return diags
	}
	*ofRead = values
	return nil
}

// server is the framework's server, except that it completes the state of a data source with the values that Read has set.
type server struct{ tfprotov6.ProviderServer }

// NewServer returns a server of the provider in which [Set] works.
func NewServer(p provider.Provider) tfprotov6.ProviderServer {
	return server{providerserver.NewProtocol6(p)()}
}

// ReadDataSource implements [tfprotov6.DataSourceServer].
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	values := new(Values)
	defer func() { *values = nil }() // the framework keeps the context of each read until it is stopped
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, valuesKey{}, values), req)
	if err != nil || resp.State == nil || len(*values) == 0 {
		return resp, err
	}
	resp.State.MsgPack, err = values.insert(resp.State.MsgPack)
	return resp, err
}

// insert returns an encoded state with the values in place of its own for these attributes.
func (v Values) insert(state []byte) ([]byte, error) {
	decoder, whole := msgpack.NewDecoder(bytes.NewReader(state)), new(bytes.Buffer)
	encoder := msgpack.NewEncoder(whole)
	encoder.SetCustomStructTag("json")
	attributes, err := decoder.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	_ = encoder.EncodeMapLen(attributes)
	inserted := 0
	for range attributes {
		name, err := decoder.DecodeString()
		if err != nil {
			return nil, err
		}
		old, err := decoder.DecodeRaw()
		if err != nil {
			return nil, err
		}
		_ = encoder.EncodeString(name)
		var value any = old
		if set, ok := v[name]; ok {
			value, inserted = set, inserted+1
		}
		if list := reflect.ValueOf(value); list.Kind() == reflect.Slice && list.IsNil() {
			value = []any{}
		}
		if err := encoder.Encode(value); err != nil {
			return nil, err
		}
	}
	if inserted != len(v) {
		return nil, fmt.Errorf("the schema has %d of the %d attributes that were set: this is a bug in the provider", inserted, len(v))
	}
	return whole.Bytes(), nil
}
