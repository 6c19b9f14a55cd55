package provider

import (
	"reflect"
	"slices"
	"testing"
)

func TestPendingImagesModelMatchesSchema(t *testing.T) {
	schema := dataSourceSchema(t, newPendingImagesDataSource())
	if got, want := tags(reflect.TypeFor[pendingImagesModel](), "tfsdk"), keys(schema.Attributes); !slices.Equal(got, want) {
		t.Errorf("the model has %v, the schema %v", got, want)
	}
	nestedAttributes(t, schema, "images", imageType)
}
