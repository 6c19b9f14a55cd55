// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// documentMembers are the members in the example of SCP's document, field for field.
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

// An ID that is known only after apply makes Terraform read during apply, not fail.
func TestImageMembersUnknownImageID(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	runSteps(t, env, resource.TestStep{
		ConfigFile: config.StaticFile("testdata/unknown_image_id.tf"),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(documentAddress, tfjsonpath.New("members")),
		}},
		ConfigStateChecks: expectMembers(documentMembers),
	})
}

func TestImageMembersInAnotherOrder(t *testing.T) {
	t.Parallel()
	fixtures := newChanging(t, fourImage)
	_, env := startEmulatorOn(t, emulator.File(fixtures.file), emulator.Options{})
	configuration := readConfiguration(fourImage) + "\noutput \"members\" { value = " + documentAddress + ".members }"
	var ids []knownvalue.Check
	for _, id := range []string{
		"0c6e1d5a9b3f4827b1a2c3d4e5f60718", "5d2f8e1c7a604b39a8b7c6d5e4f30291",
		"9a7b6c5d4e3f42108f9e8d7c6b5a4938", "f4d3a0c2b1e84796a5d8c7b6e9f01234",
	} {
		ids = append(ids, knownvalue.ObjectPartial(map[string]knownvalue.Check{"member_id": knownvalue.StringExact(id)}))
	}
	runSteps(t, env,
		resource.TestStep{Config: configuration, ConfigStateChecks: expectMembers(knownvalue.ListExact(ids))},
		resource.TestStep{
			PreConfig: func() {
				slices.Reverse(fixtures.image.Members)
				fixtures.save(t)
			},
			Config:           configuration,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}

// An image that is shared with no one has a list, and a private one has not.
func TestImageMembersOfNoOne(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	server := startProvider(t, env)
	resp := server.read(t, imageMembersName, map[string]any{"image_id": unsharedImage})
	list, err := server.list(imageMembersName, resp.State, "members")
	if len(resp.Diagnostics) > 0 || err != nil || list == nil || len(list) > 0 {
		t.Errorf("got %v, %v and %s, want an empty list", list, err, describe(resp.Diagnostics))
	}
	resp = server.read(t, imageMembersName, map[string]any{"image_id": privateImage})
	list, err = server.list(imageMembersName, resp.State, "members")
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Image Is Not Shared" || err != nil || list != nil {
		t.Errorf("got %v, %v and %s, want one error that the image is not shared", list, err, describe(resp.Diagnostics))
	}
}

func TestImageMembersInvalidArguments(t *testing.T) {
	t.Parallel()
	ids := func(ids ...any) []tftypes.Value {
		var list []tftypes.Value
		for _, id := range ids {
			list = append(list, tftypes.NewValue(tftypes.String, id))
		}
		return list
	}
	timeouts := func(read string) map[string]tftypes.Value {
		return map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, read)}
	}
	server := newProtocolServer(t, nil)
	for name, test := range map[string]struct {
		arguments map[string]any
		want      string
	}{
		"image_id path":         {map[string]any{"image_id": "../../v1/servers"}, "image_id must be 1 to 255 letters"},
		"image_id empty":        {map[string]any{"image_id": ""}, "image_id must be 1 to 255 letters"},
		"image_id space":        {map[string]any{"image_id": "a b"}, "image_id must be 1 to 255 letters"},
		"image_id long":         {map[string]any{"image_id": strings.Repeat("a", 256)}, "image_id must be 1 to 255 letters"},
		"image_ids with a path": {map[string]any{"image_ids": ids("a", "../b")}, "must be 1 to 255 letters"},
		"image_ids with a null": {map[string]any{"image_ids": ids("a", nil)}, "null"},
		"both":                  {map[string]any{"image_id": "a", "image_ids": ids("a")}, "[image_id,image_ids]"},
		"neither":               {nil, "[image_id,image_ids]"},
		"region":                {map[string]any{"image_id": "a", "region": "kr_west1"}, "region must be a single DNS label"},
		"timeouts":              {map[string]any{"image_id": "a", "timeouts": timeouts("soon")}, "Time Duration"},
		"no time":               {map[string]any{"image_id": "a", "timeouts": timeouts("0s")}, "timeouts.read must be a duration greater"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := server.ValidateDataResourceConfig(context.Background(), &tfprotov6.ValidateDataResourceConfigRequest{
				TypeName: imageMembersName, Config: object(t, server.dataSources[imageMembersName], test.arguments),
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Summary+": "+resp.Diagnostics[0].Detail, test.want) {
				t.Errorf("got %v, want one error with %q", describe(resp.Diagnostics), test.want)
			}
		})
	}
}

// An unusable body is an error after one request, and never a list. All such bodies are in package scp's tests.
func TestImageMembersUnusableBodies(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"members":[{]}`, `{"members":null}`, `{"members":[],"error":"database is down"}`} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{Fault: &emulator.Fault{Body: &body}})
			server := startProvider(t, env)
			resp := server.read(t, imageMembersName, map[string]any{"image_id": documentImage})
			if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Unusable Response" ||
				!strings.Contains(resp.Diagnostics[0].Detail, "instead of returning an empty list") {
				t.Fatalf("got %v, want that the answer is unusable", describe(resp.Diagnostics))
			}
			if members, err := server.list(imageMembersName, resp.State, "members"); err != nil || members != nil {
				t.Errorf("there are members, %v (%v), and an error", members, err)
			}
			if got := len(e.Requests()); got != 1 {
				t.Errorf("%d requests were sent, want 1", got)
			}
		})
	}
}
