// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// What is computed takes the place of the configuration's null, and no attribute is left out without a word.
func TestComputed(t *testing.T) {
	t.Parallel()
	stateType := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.String, "list": tftypes.List{ElementType: tftypes.String}}}
	list := func(values any) tftypes.Value {
		return tftypes.NewValue(stateType, map[string]tftypes.Value{
			"a": tftypes.NewValue(tftypes.String, "x"), "list": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, values),
		})
	}
	state, err := tfprotov6.NewDynamicValue(stateType, list(nil))
	if err != nil {
		t.Fatal(err)
	}
	one := func(w writer) {
		w.list(1)
		w.value("y")
	}
	whole, err := computed{"list": one}.addTo(state.MsgPack)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tfprotov6.DynamicValue{MsgPack: whole}.Unmarshal(stateType)
	if want := list([]tftypes.Value{tftypes.NewValue(tftypes.String, "y")}); err != nil || !got.Equal(want) {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	if whole, err := (computed{"list": one, "other": one}).addTo(state.MsgPack); err == nil {
		t.Errorf("an attribute that the schema does not have gives %x, want an error", whole)
	}
	for _, broken := range [][]byte{nil, {0xc0}, state.MsgPack[:2], state.MsgPack[:len(state.MsgPack)-1]} {
		if whole, err := (computed{"list": one}).addTo(broken); err == nil {
			t.Errorf("the state %x gives %x, want an error", broken, whole)
		}
	}
}

// Without the provider's own server a read would end with nulls in place of lists.
func TestComputedWithoutServer(t *testing.T) {
	t.Parallel()
	var resp datasource.ReadResponse
	setComputed(t.Context(), &resp, computed{})
	if !resp.Diagnostics.HasError() || !strings.Contains(resp.Diagnostics[0].Detail(), "without the provider's own server") {
		t.Errorf("the diagnostics are %v", resp.Diagnostics)
	}
}

func TestWriter(t *testing.T) {
	t.Parallel()
	var buffer bytes.Buffer
	w := writer{msgpack.NewEncoder(&buffer)}
	w.object(2)
	w.text("a", nil)
	w.boolean("b", nil)
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.String, "b": tftypes.Bool}}
	got, err := tfprotov6.DynamicValue{MsgPack: buffer.Bytes()}.Unmarshal(object)
	want := tftypes.NewValue(object, map[string]tftypes.Value{"a": tftypes.NewValue(tftypes.String, nil), "b": tftypes.NewValue(tftypes.Bool, nil)})
	if err != nil || !got.Equal(want) {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
