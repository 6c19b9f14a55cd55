// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// The schema of a list has the fields of the items that are written into the state, with their types.
func TestFieldsOfTheAPI(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]struct {
		dataSource datasource.DataSource
		item       any
	}{
		"members":  {newImageMembersDataSource(), scp.ImageMember{}},
		"images":   {newImagesDataSource(), scp.Image{}},
		"versions": {newAPIVersionsDataSource(), apiVersion{}},
	} {
		var resp datasource.SchemaResponse
		list.dataSource.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
		attribute, _ := resp.Schema.Attributes[name].(schema.ListNestedAttribute)
		object, _ := attribute.NestedObject.Type().TerraformType(t.Context()).(tftypes.Object)
		want := map[string]tftypes.Type{}
		for _, field := range reflect.VisibleFields(reflect.TypeOf(list.item)) {
			switch reflect.New(field.Type).Interface().(type) {
			case *string, **string:
				want[field.Tag.Get("json")] = tftypes.String
			case **bool:
				want[field.Tag.Get("json")] = tftypes.Bool
			}
		}
		if !object.Equal(tftypes.Object{AttributeTypes: want}) {
			t.Errorf("%s: the schema has %v, the items %v", name, object.AttributeTypes, want)
		}
		for _, private := range []string{"url", "owner_user_name"} {
			if _, ok := want[private]; ok {
				t.Errorf("%s: %s is in the state", name, private)
			}
		}
	}
}
