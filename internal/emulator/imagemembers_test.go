// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The document's own example, field for field.
func TestMembersOfTheDocument(t *testing.T) {
	const document = `{"members":[{"created_at":"2025-07-22T09:00:00Z","image_id":"70a599e0-31e7-49b7-b260-868f441e862b",` +
		`"member_id":"a8f10467abfc4b87b64614ab36eb9ae4","status":"pending","updated_at":"2025-07-26T12:00:00Z"}]}`
	var want map[string]any
	if err := json.Unmarshal([]byte(document), &want); err != nil {
		t.Fatal(err)
	}
	got := get(start(t, emulator.Options{})+membersPath(documentImage)).send(t).object(t, http.StatusOK)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the answer is %v, want %v", got, want)
	}
}

// Members come in the order of the fixtures, so that a client that relies on one can be shown one it dislikes,
// and their image is the one that was asked for.
func TestMembersInTheFixturesOrder(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.Images = append(fixtures.Images, emulator.Image{ID: "x", Members: []emulator.Member{
		{MemberID: "b", ImageID: "another", Status: "accepted", CreatedAt: "2026-01-01T00:00:00", UpdatedAt: ""},
		{MemberID: "a", Status: "a status of tomorrow"},
		{MemberID: "b", Status: "rejected"},
	}})
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
	member := func(id, image, status, created, updated string) map[string]any {
		return map[string]any{"member_id": id, "image_id": image, "status": status, "created_at": created, "updated_at": updated}
	}
	for image, want := range map[string][]any{
		"x": {
			member("b", "x", "accepted", "2026-01-01T00:00:00", ""),
			member("a", "x", "a status of tomorrow", "", ""),
			member("b", "x", "rejected", "", ""),
		},
		manyMembers: {
			member("f4d3a0c2b1e84796a5d8c7b6e9f01234", manyMembers, "rejected", "2026-03-02T01:15:00Z", "2026-03-02T08:40:00Z"),
			member("0c6e1d5a9b3f4827b1a2c3d4e5f60718", manyMembers, "accepted", "2026-02-11T04:30:00Z", "2026-02-12T00:05:00Z"),
			member("9a7b6c5d4e3f42108f9e8d7c6b5a4938", manyMembers, "pending", "2026-10-30T06:00:00Z", "2026-10-30T06:00:00Z"),
			member("5d2f8e1c7a604b39a8b7c6d5e4f30291", manyMembers, "accepted", "2026-01-19T02:00:00Z", "2026-01-20T11:45:00Z"),
		},
	} {
		got := get(url+membersPath(image)).send(t).object(t, http.StatusOK)
		if !reflect.DeepEqual(got, map[string]any{"members": want}) {
			t.Errorf("the members of %s are %v, want %v", image, got["members"], want)
		}
	}
	// The fixtures are the caller's and stay as they were.
	if got := fixtures.Images[len(fixtures.Images)-1].Members[0].ImageID; got != "another" {
		t.Errorf("the fixture's image_id has become %q", got)
	}
}

// No members are an empty list, never null and never left out, whether the fixtures write them or not.
func TestNoMembers(t *testing.T) {
	fixtures := defaultFixtures(t)
	fixtures.Images = append(fixtures.Images, emulator.Image{ID: "not-written"})
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
	for _, image := range []string{noMembers, "not-written"} {
		got := get(url + membersPath(image)).send(t)
		if got.object(t, http.StatusOK); strings.TrimSpace(got.body) != `{"members":[]}` {
			t.Errorf("the answer for %s is %s", image, got.body)
		}
	}
}

func TestPrivateImage(t *testing.T) {
	e := get(start(t, emulator.Options{})+membersPath(privateImage)).send(t).serviceError(t, http.StatusForbidden, "Forbidden")
	response, _ := e["response"].(map[string]any)
	hasKeys(t, "response", response, "access_level", "action_name", "caused_auths", "message")
	if response["action_name"] != "virtualserver:ListImageMembers" || response["message"] != "Only shared images have members." {
		t.Errorf("response is %v", response)
	}
	if e["detail"] != "Only shared images have members." {
		t.Errorf("detail is %v", e["detail"])
	}
}

// An image that does not exist and an id that cannot be one get the same.
func TestUnknownImage(t *testing.T) {
	url := start(t, emulator.Options{})
	for _, image := range []string{"00000000-0000-0000-0000-000000000000", "no-uuid", strings.ToUpper(documentImage), documentImage + "%20", strings.Repeat("x", 4000)} {
		e := get(url+membersPath(image)).send(t).serviceError(t, http.StatusNotFound, "NotFound")
		if detail, _ := e["detail"].(string); !strings.Contains(detail, strings.TrimSuffix(image, "%20")) {
			t.Errorf("detail does not name the image %s: %q", image, detail)
		}
	}
}

// What an image with members has with each fault of its list, and with counts only while the fault is due.
func TestMemberFaults(t *testing.T) {
	members := func(list ...string) (of []emulator.Member) {
		for _, member := range list {
			id, status, _ := strings.Cut(member, " ")
			of = append(of, emulator.Member{MemberID: id, Status: status})
		}
		return of
	}
	for _, test := range []struct {
		kind    string
		members []emulator.Member
		want    string
	}{
		{"member-twice", members("b accepted", "c rejected"), "b accepted, c rejected, b pending"},
		{"member-twice", members("b pending"), "b accepted, b pending"},
		{"member-twice", members("b rejected"), "b accepted, b pending"},
		{"member-twice", nil, ""},
		{"no-members", members("b accepted", "c rejected"), ""},
		{"no-members", nil, ""},
		{"empty-page", members("b accepted"), "b accepted"},
	} {
		fixtures := two()
		fixtures.Images = []emulator.Image{{ID: "x", Members: test.members, Fault: &emulator.Fault{Kind: test.kind}}}
		c := as("a", serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))+membersPath("x"))
		body, got := c.send(t).object(t, http.StatusOK), []string{}
		for _, member := range body["members"].([]any) {
			m := member.(map[string]any)
			got = append(got, m["member_id"].(string)+" "+m["status"].(string))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s of %v: the members are %q, want %s", test.kind, test.members, got, test.want)
		}
	}
}
