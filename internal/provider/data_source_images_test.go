// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// gallery is n images of the caller and nothing else, in an order that is not that of their ids.
func gallery(t testing.TB, n int) emulator.Fixtures {
	t.Helper()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Images = make([]emulator.Image, n)
	for i := range n {
		fixtures.Images[i] = emulator.Image{
			ID:        fmt.Sprintf("%08x-31e7-49b7-b260-868f441e862b", (i*7919+1)%max(n, 1)),
			CreatedAt: fmt.Sprintf("2025-07-22T09:%02d:%02dZ", i/60%60, i%60),
		}
	}
	return fixtures
}

// ids are those of a list of images.
func ids(t testing.TB, list []tftypes.Value) []string {
	t.Helper()
	ids := make([]string, len(list))
	for i, image := range list {
		var attributes map[string]tftypes.Value
		if err := image.As(&attributes); err != nil {
			t.Fatal(err)
		}
		if err := attributes["id"].As(&ids[i]); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

// However many images there are and however few the server sends at once, all are there, sorted, after one request for each page
// and one more.
func TestImagesAreComplete(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 20, 21, 1000, 1001, 2500} {
		for _, limit := range []int{20, 100, 1000} {
			t.Run(fmt.Sprintf("%d by %d", n, limit), func(t *testing.T) {
				t.Parallel()
				fixtures := gallery(t, n)
				e, env := startEmulator(t, fixtures, emulator.Options{PageLimit: limit})
				server := newProtocolServer(t, env)
				server.configure(t, nil)
				resp := server.read(t, imagesName, nil, false)
				if len(resp.Diagnostics) != 0 {
					t.Fatal(resp.Diagnostics[0].Summary, resp.Diagnostics[0].Detail)
				}
				list, err := server.list(imagesName, resp.State, "images")
				if err != nil || list == nil {
					t.Fatalf("the list is %v, %v", list, err)
				}
				var want []string
				for _, image := range fixtures.Images {
					want = append(want, image.ID)
				}
				slices.Sort(want)
				if got := ids(t, list); !slices.Equal(got, want) {
					t.Errorf("there are %d images, want %d, sorted", len(got), len(want))
				}
				pages := (n + limit - 1) / limit
				if got := len(e.Requests()); got != pages+1 {
					t.Errorf("%d requests were sent for %d pages, want one more", got, pages)
				}
			})
		}
	}
}

func TestImagesModelMatchesSchema(t *testing.T) {
	t.Parallel()
	schema := dataSourceSchema(t, newImagesDataSource())
	if got, want := tags(reflect.TypeFor[imagesModel](), "tfsdk"), keys(schema.Attributes); !slices.Equal(got, want) {
		t.Errorf("the model has %v, the schema %v", got, want)
	}
	nested := nestedAttributes(t, schema, "images")
	if got, want := tags(reflect.TypeFor[scp.Image](), "json"), keys(nested); !slices.Equal(got, want) {
		t.Errorf("the API has %v, the schema %v", got, want)
	}
	for _, unwanted := range []string{"url", "owner_user_name"} {
		if _, ok := nested[unwanted]; ok {
			t.Errorf("%s is in the state", unwanted)
		}
	}
}

// Every field of an image has its own place in the state, and null where SCP gives none.
func TestImagesValue(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	full := scp.Image{
		ID: "b", CreatedAt: text("created_at"), Name: text("name"), OSDistro: text("os_distro"), Owner: text("owner"),
		OwnerAccountName: text("owner_account_name"), Protected: new(true), SCPImageType: text("scp_image_type"),
		SCPOriginalImageType: text("scp_original_image_type"), Status: text("status"),
		UpdatedAt: text("updated_at"), Visibility: text("visibility"),
	}
	elements := nestedType(t, newImagesDataSource(), "images")
	object := func(id string, filled bool) tftypes.Value {
		values := map[string]tftypes.Value{}
		for name, attribute := range elements.AttributeTypes {
			switch {
			case name == "id":
				values[name] = tftypes.NewValue(attribute, id)
			case !filled:
				values[name] = tftypes.NewValue(attribute, nil)
			case name == "protected":
				values[name] = tftypes.NewValue(attribute, true)
			default:
				values[name] = tftypes.NewValue(attribute, name)
			}
		}
		return tftypes.NewValue(elements, values)
	}
	want := tftypes.NewValue(tftypes.List{ElementType: elements}, []tftypes.Value{object("a", false), object("b", true)})
	if got := decoded(t, elements, imageList([]scp.Image{full, {ID: "a"}})); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Each filter reaches SCP under its own name and makes the list shorter.
func TestImagesFilters(t *testing.T) {
	t.Parallel()
	fixtures := defaultFixtures(t)
	other := fixtures.AllAccounts()[1].ID
	fixtures.Images = []emulator.Image{
		{ID: "plain"},
		{ID: "named", Name: "a name & more"},
		{ID: "rocky", OSDistro: "rocky"},
		{ID: "queued", Status: "queued"},
		{ID: "public", Visibility: "public", Owner: other},
		{ID: "other-type", SCPImageType: "standard"},
		{ID: "other-original", SCPOriginalImageType: "gpu"},
	}
	for name, test := range map[string]struct{ value, want string }{
		"name": {"a name & more", "named"}, "os_distro": {"rocky", "rocky"}, "status": {"queued", "queued"}, "visibility": {"public", "public"},
		"scp_image_type": {"standard", "other-type"}, "scp_original_image_type": {"gpu", "other-original"},
	} {
		t.Run(name, func(t *testing.T) {
			_, env := startEmulator(t, fixtures, emulator.Options{})
			server := newProtocolServer(t, env)
			server.configure(t, nil)
			resp := server.read(t, imagesName, map[string]any{name: test.value}, false)
			if len(resp.Diagnostics) != 0 {
				t.Fatal(resp.Diagnostics[0].Summary, resp.Diagnostics[0].Detail)
			}
			list, err := server.list(imagesName, resp.State, "images")
			if err != nil || strings.Join(ids(t, list), " ") != test.want {
				t.Errorf("the images are %v, %v, want %s", list, err, test.want)
			}
		})
	}
}
