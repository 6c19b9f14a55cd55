// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// documentMembers are the members of the document's example, field for field.
var documentMembers = knownvalue.ListExact([]knownvalue.Check{
	knownvalue.ObjectExact(map[string]knownvalue.Check{
		"created_at": knownvalue.StringExact("2025-07-22T09:00:00Z"),
		"image_id":   knownvalue.StringExact(documentImage),
		"member_id":  knownvalue.StringExact("a8f10467abfc4b87b64614ab36eb9ae4"),
		"status":     knownvalue.StringExact("pending"),
		"updated_at": knownvalue.StringExact("2025-07-26T12:00:00Z"),
	}),
})

func expectMembers(check knownvalue.Check) []statecheck.StateCheck {
	return []statecheck.StateCheck{statecheck.ExpectKnownValue(documentAddress, tfjsonpath.New("members"), check)}
}

func TestImageMembersEachVersion(t *testing.T) {
	t.Parallel()
	for _, version := range scp.APIVersions() {
		t.Run(version.Number, func(t *testing.T) {
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
			plans := 0
			resource.ParallelTest(t, resource.TestCase{
				IsUnitTest:               true,
				ProtoV6ProviderFactories: factories(time.Now, env),
				Steps: []resource.TestStep{{
					Config:            `provider "scp" { api_version = "` + version.Number + `" }` + "\n" + readConfiguration(documentImage),
					ConfigStateChecks: expectMembers(documentMembers),
				}},
			})
			for _, request := range e.Requests() {
				plans++
				if got, want := request.Header.Get("Scp-Api-Version"), "virtualserver "+version.Number; got != want {
					t.Errorf("Scp-Api-Version is %q, want %q", got, want)
				}
				if got, want := request.URI, "/v1/images/"+documentImage+"/members"; got != want {
					t.Errorf("the request was for %q, want %q", got, want)
				}
			}
			if plans == 0 {
				t.Error("no request reached the emulator")
			}
		})
	}
}

func TestImageMembersEmpty(t *testing.T) {
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	resource.ParallelTest(t, resource.TestCase{
		IsUnitTest:               true,
		ProtoV6ProviderFactories: factories(time.Now, env),
		Steps: []resource.TestStep{{
			Config:            readConfiguration(unsharedImage),
			ConfigStateChecks: expectMembers(knownvalue.ListExact([]knownvalue.Check{})),
		}},
	})
}

// An id that is known only after apply makes Terraform read during apply, not fail.
func TestImageMembersUnknownImageID(t *testing.T) {
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	resource.ParallelTest(t, resource.TestCase{
		IsUnitTest:               true,
		ProtoV6ProviderFactories: factories(time.Now, env),
		Steps: []resource.TestStep{{
			ConfigFile: testFile("unknown_image_id.tf"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(documentAddress, tfjsonpath.New("members")),
			}},
			ConfigStateChecks: expectMembers(documentMembers),
		}},
	})
}

func TestImageMembersReorderedAnswer(t *testing.T) {
	fixtures := newChanging(t, fourImage)
	_, env := startEmulatorOn(t, emulator.File(fixtures.file), emulator.Options{})
	config := readConfiguration(fourImage) + "\noutput \"members\" { value = " + documentAddress + ".members }"
	var ids []knownvalue.Check
	for _, id := range []string{
		"0c6e1d5a9b3f4827b1a2c3d4e5f60718", "5d2f8e1c7a604b39a8b7c6d5e4f30291",
		"9a7b6c5d4e3f42108f9e8d7c6b5a4938", "f4d3a0c2b1e84796a5d8c7b6e9f01234",
	} {
		ids = append(ids, knownvalue.ObjectPartial(map[string]knownvalue.Check{"member_id": knownvalue.StringExact(id)}))
	}
	resource.ParallelTest(t, resource.TestCase{
		IsUnitTest:               true,
		ProtoV6ProviderFactories: factories(time.Now, env),
		Steps: []resource.TestStep{
			{Config: config, ConfigStateChecks: expectMembers(knownvalue.ListExact(ids))},
			{
				PreConfig: func() {
					slices.Reverse(fixtures.image.Members)
					fixtures.save(t)
				},
				Config:           config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
		},
	})
}

// What SCP refuses is an error on the plan, each with its own advice.
func TestImageMembersRefused(t *testing.T) {
	t.Parallel()
	fault := func(status int) *emulator.Fault { return &emulator.Fault{Status: status} }
	tests := map[string]struct {
		image string
		fault *emulator.Fault
		want  string
	}{
		"400":                                {documentImage, fault(400), `Request Refused`},
		"401":                                {documentImage, fault(401), `Not Authenticated`},
		"403":                                {documentImage, fault(403), `Not Permitted[\s\S]*virtualserver:ListImageMembers`},
		"403 of an image that is not shared": {privateImage, nil, `Image Is Not Shared`},
		"404":                                {"no-such-image", nil, `Image Not Found`},
		"404 of the gateway":                 {documentImage, &emulator.Fault{Kind: "gateway-404"}, `Endpoint Not Found`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, env := startEmulator(t, defaultFixtures(t), emulator.Options{Fault: test.fault})
			resource.ParallelTest(t, resource.TestCase{
				IsUnitTest:               true,
				ProtoV6ProviderFactories: factories(time.Now, env),
				Steps:                    []resource.TestStep{{Config: readConfiguration(test.image), ExpectError: regexp.MustCompile(test.want)}},
			})
		})
	}
}

// An unknown attribute of the provider fails the read that needs it, and no other plan.
func TestUnknownProviderValues(t *testing.T) {
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	resource.ParallelTest(t, resource.TestCase{
		IsUnitTest: true,
		Steps: []resource.TestStep{
			{
				ProtoV6ProviderFactories: factories(time.Now, env),
				ConfigFile:               testFile("unknown_provider_read.tf"),
				ExpectError:              regexp.MustCompile(`Provider Not Configured Yet[\s\S]*secret_key`),
			},
			{
				ProtoV6ProviderFactories: factories(time.Now, env),
				ConfigFile:               testFile("unknown_provider_waiting.tf"),
				ConfigStateChecks:        expectMembers(documentMembers),
			},
		},
	})
}

// Every field of a member has its own place in the state, and null where SCP gives none.
func TestImageMembersValue(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	full := scp.ImageMember{
		CreatedAt: text("created_at"), ImageID: text("image_id"), MemberID: "member_id", Status: text("paused"), UpdatedAt: text("updated_at"),
	}
	elements := nestedType(t, newImageMembersDataSource(), "members")
	object := func(values map[string]any) tftypes.Value {
		attributes := map[string]tftypes.Value{}
		for name := range elements.AttributeTypes {
			attributes[name] = tftypes.NewValue(tftypes.String, values[name])
		}
		return tftypes.NewValue(elements, attributes)
	}
	want := tftypes.NewValue(tftypes.List{ElementType: elements}, []tftypes.Value{
		object(map[string]any{
			"created_at": "created_at", "image_id": "image_id", "member_id": "member_id", "status": "paused", "updated_at": "updated_at",
		}),
		object(map[string]any{"member_id": "b"}),
	})
	if got := decoded(t, elements, imageMembers([]scp.ImageMember{full, {MemberID: "b"}})); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := decoded(t, elements, imageMembers(nil)); !got.Equal(tftypes.NewValue(tftypes.List{ElementType: elements}, []tftypes.Value{})) {
		t.Errorf("got %s, want an empty list", got)
	}
}

// decoded returns the list that an encoded value is.
func decoded(t *testing.T, elements tftypes.Object, encoded state.Value) tftypes.Value {
	t.Helper()
	value, err := (&tfprotov6.DynamicValue{MsgPack: encoded}).Unmarshal(tftypes.List{ElementType: elements})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// nestedType is the type of the elements of a data source's list.
func nestedType(t *testing.T, d datasource.DataSource, name string) tftypes.Object {
	t.Helper()
	list, ok := dataSourceSchema(t, d).Attributes[name].(schema.ListNestedAttribute)
	if !ok {
		t.Fatalf("%s is not a list of nested attributes", name)
	}
	return list.NestedObject.Type().TerraformType(context.Background()).(tftypes.Object)
}

func TestImageMembersModelMatchesSchema(t *testing.T) {
	t.Parallel()
	schema := dataSourceSchema(t, newImageMembersDataSource())
	if got, want := tags(reflect.TypeFor[imageMembersModel](), "tfsdk"), keys(schema.Attributes); !slices.Equal(got, want) {
		t.Errorf("the model has %v, the schema %v", got, want)
	}
	nested := nestedAttributes(t, schema, "members")
	if got, want := tags(reflect.TypeFor[scp.ImageMember](), "json"), keys(nested); !slices.Equal(got, want) {
		t.Errorf("the API has %v, the schema %v", got, want)
	}
}

func dataSourceSchema(t *testing.T, d datasource.DataSource) schema.Schema {
	t.Helper()
	var resp datasource.SchemaResponse
	d.Schema(context.Background(), datasource.SchemaRequest{}, &resp)
	return resp.Schema
}

// nestedAttributes are those of the list name, which must be of the type want.
func nestedAttributes(t *testing.T, s schema.Schema, name string) map[string]schema.Attribute {
	t.Helper()
	list, ok := s.Attributes[name].(schema.ListNestedAttribute)
	if !ok {
		t.Fatalf("%s is not a list of nested attributes", name)
	}
	return list.NestedObject.Attributes
}

func tags(structure reflect.Type, name string) []string {
	var tags []string
	for field := range structure.Fields() {
		tags = append(tags, field.Tag.Get(name))
	}
	slices.Sort(tags)
	return tags
}

func keys[V any](m map[string]V) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
