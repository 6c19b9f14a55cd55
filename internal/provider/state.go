// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
)

// server is the framework's server, except that it adds to a data source's state what the read has computed. The framework copies,
// converts and compares every value of a state several times, which for a list of thousands takes longer than all else. Here each is
// written once, in the encoding in which it is sent.
type server struct{ tfprotov6.ProviderServer }

// NewServer returns a constructor of a server of the provider in the given version, as tf6server.Serve takes it.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(New(version)()) }
}

func newServer(p provider.Provider) server { return server{providerserver.NewProtocol6(p)()} }

// computed are the computed attributes of one read, by name, each as what writes its value.
type computed map[string]func(writer)

type computedKey struct{}

// ReadDataSource implements [tfprotov6.DataSourceServer].
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	values := computed{}
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, computedKey{}, values), req)
	if err != nil || resp.State == nil || len(values) == 0 {
		return resp, err
	}
	resp.State.MsgPack, err = values.addTo(resp.State.MsgPack)
	return resp, err
}

// setComputed completes the state of a read that went well.
func setComputed(ctx context.Context, resp *datasource.ReadResponse, attributes computed) {
	values, ok := ctx.Value(computedKey{}).(computed)
	if !ok {
		resp.Diagnostics.AddError(title.UnexpectedState, "This is a bug in the provider: a data source was read without the provider's own server. "+
			"Please report it at "+projectURL+"/issues.")
		return
	}
	maps.Copy(values, attributes)
}

// addTo returns an encoded state with the computed attributes in place of the nulls that the configuration has for them.
func (c computed) addTo(state []byte) ([]byte, error) {
	from, written := msgpack.NewDecoder(bytes.NewReader(state)), 0
	attributes, err := from.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	var whole bytes.Buffer
	to := writer{msgpack.NewEncoder(&whole)}
	to.object(attributes)
	for range attributes {
		name, err := from.DecodeString()
		if err != nil {
			return nil, err
		}
		value, err := from.DecodeRaw()
		if err != nil {
			return nil, err
		}
		to.value(name)
		if write, ok := c[name]; ok {
			write(to)
			written++
		} else {
			whole.Write(value)
		}
	}
	if written != len(c) {
		return nil, fmt.Errorf("the schema has %d of %d computed attributes: this is a bug in the provider", written, len(c))
	}
	return whole.Bytes(), nil
}

// writer writes values as Terraform's protocol encodes them. The only errors are those of its buffer, which has none.
type writer struct{ encoder *msgpack.Encoder }

// list begins a list of n values.
func (w writer) list(n int) { _ = w.encoder.EncodeArrayLen(n) }

// object begins an object of n attributes.
func (w writer) object(n int) { _ = w.encoder.EncodeMapLen(n) }

// value is a text.
func (w writer) value(text string) { _ = w.encoder.EncodeString(text) }

// text is an attribute of an object, null for nil.
func (w writer) text(name string, value *string) {
	w.value(name)
	if value == nil {
		_ = w.encoder.EncodeNil()
		return
	}
	w.value(*value)
}

// boolean is an attribute of an object, null for nil.
func (w writer) boolean(name string, value *bool) {
	w.value(name)
	if value == nil {
		_ = w.encoder.EncodeNil()
		return
	}
	_ = w.encoder.EncodeBool(*value)
}
