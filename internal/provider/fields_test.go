// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
)

// The schema of a list has the fields of the API, and each has its own place in the state: null where SCP gives none.
func TestFieldsOfTheAPI(t *testing.T) {
	t.Parallel()
	eachField(t, newImageMembersDataSource(), "members", imageMembers)
	eachField(t, newImagesDataSource(), "images", imageList)
}

func eachField[T any](t *testing.T, d datasource.DataSource, name string, encode func([]T) state.Value) {
	t.Helper()
	var resp datasource.SchemaResponse
	d.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
	list, _ := resp.Schema.Attributes[name].(schema.ListNestedAttribute)
	elements, _ := list.NestedObject.Type().TerraformType(t.Context()).(tftypes.Object)
	var empty, full T
	want := []map[string]any{{}, {}} // of the empty item and the full one
	for field, value := range reflect.ValueOf(&full).Elem().Fields() {
		tag := field.Tag.Get("json")
		want[0][tag], want[1][tag] = nil, tag
		switch value.Interface().(type) {
		case string:
			value.SetString(tag)
			want[0][tag] = ""
		case *string:
			value.Set(reflect.ValueOf(&tag))
		case *bool:
			value.Set(reflect.ValueOf(new(true)))
			want[1][tag] = true
		}
	}
	if got, want := slices.Sorted(maps.Keys(elements.AttributeTypes)), slices.Sorted(maps.Keys(want[0])); !slices.Equal(got, want) {
		t.Fatalf("%s: the schema has %v, the API %v", name, got, want)
	}
	for _, private := range []string{"url", "owner_user_name"} {
		if _, ok := want[0][private]; ok {
			t.Errorf("%s: %s is in the state", name, private)
		}
	}
	for n, items := range [][]T{nil, {empty, full}} {
		value, err := (&tfprotov6.DynamicValue{MsgPack: encode(items)}).Unmarshal(tftypes.List{ElementType: elements})
		var got []tftypes.Value
		if err == nil {
			err = value.As(&got)
		}
		if err != nil || got == nil || len(got) != len(items) {
			t.Fatalf("%s, %d: got %v, %v", name, n, got, err)
		}
		for i, item := range got {
			var fields map[string]tftypes.Value
			_ = item.As(&fields)
			for field, value := range fields {
				if want := tftypes.NewValue(elements.AttributeTypes[field], want[i][field]); !value.Equal(want) {
					t.Errorf("%s: %s is %s, want %s", name, field, value, want)
				}
			}
		}
	}
}
