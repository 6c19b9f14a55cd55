// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// Members come in the order of the fixtures, with any status, also twice, and their image is the one that was asked for. No members
// are an empty list, never null. An image that does not exist and an ID that cannot be one get the same.
func TestMembers(t *testing.T) {
	fixtures := accountsOf("a", emulator.Image{ID: "none"}, emulator.Image{ID: "x", Members: []emulator.Member{
		{MemberID: "b", ImageID: "another", Status: "accepted", CreatedAt: "2026-01-01T00:00:00", UpdatedAt: ""},
		{MemberID: "a", Status: "a status of tomorrow"},
		{MemberID: "b", Status: "rejected"},
	}})
	url := startWith(t, fixtures)
	for image, want := range map[string]string{
		"none": `{"members":[]}`,
		"x": `{"members":[{"created_at":"2026-01-01T00:00:00","image_id":"x","member_id":"b","status":"accepted","updated_at":""},` +
			`{"created_at":"","image_id":"x","member_id":"a","status":"a status of tomorrow","updated_at":""},` +
			`{"created_at":"","image_id":"x","member_id":"b","status":"rejected","updated_at":""}]}`,
	} {
		if got := as("a", url+membersPath(image)).gets(t, "200"); got.body != want+"\n" {
			t.Errorf("the members of %s are %s, want %s", image, got.body, want)
		}
	}
	if got := fixtures.Images[1].Members[0].ImageID; got != "another" {
		t.Errorf("the caller's fixtures have changed: image_id is %q", got)
	}
	for _, image := range []string{"00000000-0000-0000-0000-000000000000", "NONE", "none%20", strings.Repeat("x", 4000)} {
		e := as("a", url+membersPath(image)).gets(t, "404 NotFound").serviceError(t)
		if detail, _ := e["detail"].(string); !strings.Contains(detail, strings.TrimSuffix(image, "%20")) {
			t.Errorf("detail does not name the image %s: %q", image, detail)
		}
	}
}
