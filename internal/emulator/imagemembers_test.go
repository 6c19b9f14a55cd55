// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// Members come in the order of the fixtures, with any status, also twice, and their image is the one that was asked for. No members
// are an empty list, never null.
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
}

// The default fixtures have an image with many members, one without, and a private one. An image that does not exist and an ID that
// cannot be one get the same.
func TestMembersOfTheDefaultFixtures(t *testing.T) {
	url := start(t, emulator.Options{})
	const many = "f4d3a0c2b1e84796a5d8c7b6e9f01234 0c6e1d5a9b3f4827b1a2c3d4e5f60718 " +
		"9a7b6c5d4e3f42108f9e8d7c6b5a4938 5d2f8e1c7a604b39a8b7c6d5e4f30291"
	for image, want := range map[string]string{manyMembers: many, noMembers: ""} {
		if got := get(url+membersPath(image)).send(t).ids(t, "members", "member_id"); got != want {
			t.Errorf("the members of %s are %s, want %s", image, got, want)
		}
	}
	e := get(url+membersPath(privateImage)).gets(t, "403 Forbidden").serviceError(t)
	if e["detail"] != "Only shared images have members." || e["response"].(map[string]any)["action_name"] != "virtualserver:ListImageMembers" {
		t.Errorf("the error is %v", e)
	}
	for _, image := range []string{
		"00000000-0000-0000-0000-000000000000", "no-uuid", strings.ToUpper(documentImage), documentImage + "%20", strings.Repeat("x", 4000),
	} {
		e := get(url+membersPath(image)).gets(t, "404 NotFound").serviceError(t)
		if detail, _ := e["detail"].(string); !strings.Contains(detail, strings.TrimSuffix(image, "%20")) {
			t.Errorf("detail does not name the image %s: %q", image, detail)
		}
	}
}
