// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// Each fault of a list, with what b gets that follows the pages of 2, 4 and 1, asks for the last page again, and then for the newest
// image.
func TestListFaults(t *testing.T) {
	const bad, failed = "400 BadRequest", "503 ContactAdminForAssistance"
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  []string // without marker, behind 4, behind 4 again, behind 1, newest
	}{
		"none":                     {emulator.Fault{}, []string{"2 4", "1", "1", "", "1"}},
		"marker-ignored":           {emulator.Fault{Kind: "marker-ignored"}, []string{"2 4", "2 4", "2 4", "2 4", "1"}},
		"marker-ignored for one":   {emulator.Fault{Kind: "marker-ignored", After: 1, First: 1}, []string{"2 4", "2 4", "1", "", "1"}},
		"repeat":                   {emulator.Fault{Kind: "repeat"}, []string{"2 4", "4 1", "4 1", "1", "1"}},
		"vanish":                   {emulator.Fault{Kind: "vanish"}, []string{"2 4", bad, bad, bad, "1"}},
		"empty-page":               {emulator.Fault{Kind: "empty-page"}, []string{"2 4", "", "", "", "1"}}, // never the rest
		"empty-page once":          {emulator.Fault{Kind: "empty-page", After: 1, First: 1}, []string{"2 4", "", "1", "", "1"}},
		"a page fails":             {emulator.Fault{Status: 503, After: 1, First: 1}, []string{"2 4", failed, "1", "", "1"}},
		"newest-gone":              {emulator.Fault{Kind: "newest-gone"}, []string{"2 4", "", "", bad, "4"}},
		"newest-gone at the proof": {emulator.Fault{Kind: "newest-gone", After: 4}, []string{"2 4", "1", "1", "", "4"}},
		"newest-hidden":            {emulator.Fault{Kind: "newest-hidden"}, []string{"2 4", "", "", "", ""}},
		"a fault of members":       {emulator.Fault{Kind: "member-twice"}, []string{"2 4", "1", "1", "", "1"}},
	} {
		own := paged()
		own.Faults = map[string]*emulator.Fault{"/v1/images": &test.fault}
		for where, e := range map[string]*emulator.Emulator{
			"options":  emulator.New(emulator.Fixed(paged()), emulator.Options{Fault: &test.fault}),
			"fixtures": emulator.New(emulator.Fixed(own), emulator.Options{Fault: &emulator.Fault{Status: http.StatusBadGateway}}),
		} {
			url := serve(t, e) + "/v1/images?"
			const page = "sort=created_at:asc&limit=2"
			var got []string
			for _, query := range []string{page, page + "&marker=4", page + "&marker=4", page + "&marker=1", "sort=created_at:desc&limit=1"} {
				if reply := as("b", url+query).send(t); reply.status != http.StatusOK {
					got = append(got, reply.outcome(t))
				} else {
					got = append(got, reply.ids(t, "images", "id"))
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%s by the %s: the pages are %q, want %q", name, where, got, test.want)
			}
		}
	}
}

func TestFilterIgnoredFault(t *testing.T) {
	url := serve(t, emulator.New(emulator.Fixed(paged()), emulator.Options{Fault: &emulator.Fault{Kind: "filter-ignored"}}))
	as("b", url+"/v1/images?visibility=private&name=none").lists(t, "1 4 2")
	fixtures := accountsOf("a b", emulator.Image{ID: "offered", Members: []emulator.Member{{MemberID: "b", Status: "pending"}}})
	fixtures.Faults = map[string]*emulator.Fault{"/v1/pending-images": {Kind: "filter-ignored"}}
	url = startWith(t, fixtures)
	as("b", url+"/v1/pending-images?scp_image_type=none").lists(t, "offered")
	as("a", url+"/v1/images?scp_image_type=none").lists(t, "") // the fault of one list is not another's
}

// Only the page without images has a next one: a client that reads on until then must not take it for the end.
func TestNextOnEmptyFault(t *testing.T) {
	url := serve(t, emulator.New(emulator.Fixed(paged()), emulator.Options{Fault: &emulator.Fault{Kind: "next-on-empty"}}))
	hasKeys(t, "the first page", as("b", url+"/v1/images").gets(t, "200").object(t), "images")
	last := as("b", url+"/v1/images?marker=2").gets(t, "200").object(t)
	if next, _ := last["next"].(string); len(last["images"].([]any)) != 0 || !strings.HasPrefix(next, "/v1/images?marker=") {
		t.Errorf("the last page is %v", last)
	}
}

// Extra keys are added to any reply, and not to the one after it.
func TestExtraFault(t *testing.T) {
	fault := emulator.Fault{Extra: map[string]any{"total_count": 3, "partial": true}, First: 1}
	gateway := []string{"timestamp", "path", "status", "error", "requestId"}
	for path, usual := range map[string][]string{
		"/v1/images": {"images"}, membersPath(documentImage): {"members"}, "/": {"versions"}, membersPath("unknown"): {"errors"},
		"/nowhere": gateway,
	} {
		c := get(start(t, emulator.Options{Fault: &fault}) + path)
		hasKeys(t, path, c.send(t).object(t), append([]string{"total_count", "partial"}, usual...)...)
		hasKeys(t, path, c.send(t).object(t), usual...)
	}
}

// What an image with members has with each fault of its list.
func TestMemberFaults(t *testing.T) {
	for _, test := range []struct{ kind, members, want string }{
		{"member-twice", "b accepted, c rejected", "b accepted, c rejected, b pending"},
		{"member-twice", "b pending", "b accepted, b pending"},
		{"member-twice", "b rejected", "b accepted, b pending"},
		{"member-twice", "", ""},
		{"no-members", "b accepted, c rejected", ""},
		{"no-members", "", ""},
		{"empty-page", "b accepted", "b accepted"},
	} {
		image := emulator.Image{ID: "x", Fault: &emulator.Fault{Kind: test.kind, First: 1}}
		for member := range strings.SplitSeq(test.members, ", ") {
			if id, status, ok := strings.Cut(member, " "); ok {
				image.Members = append(image.Members, emulator.Member{MemberID: id, Status: status})
			}
		}
		c := as("a", startWith(t, accountsOf("a", image))+membersPath("x"))
		for _, want := range []string{test.want, test.members} { // the second request is without the fault
			var got []string
			for _, member := range c.gets(t, "200").object(t)["members"].([]any) {
				m := member.(map[string]any)
				got = append(got, m["member_id"].(string)+" "+m["status"].(string))
			}
			if strings.Join(got, ", ") != want {
				t.Errorf("%s of %s: the members are %q, want %s", test.kind, test.members, got, want)
			}
		}
	}
}
