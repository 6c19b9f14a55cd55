// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The tables of this file are what a real OpenStack Glance answered, whose API SCP's resembles. They are written from the
// measurements, not from the emulator's code. What the emulator does differently says so.

// tableImage is the image of a row: a owns it, c is a member of it and has accepted, and b is one with this status.
func tableImage(id, visibility, status, note string) emulator.Image {
	image := emulator.Image{ID: id, Owner: "a", Visibility: visibility, Members: []emulator.Member{{MemberID: "c", Status: "accepted"}}}
	if status != "none" {
		image.Members = append(image.Members, emulator.Member{MemberID: "b", Status: status})
	}
	switch note {
	case "-":
	case "hidden":
		image.OSHidden = true
	case "unowned":
		image.Owner, image.NoOwner = "", true
	default:
		image.Status = note
	}
	return image
}

// serveTable starts an emulator with the images of a table, and returns its URL and the rows as their columns. The first
// column is the image's ID.
func serveTable(t *testing.T, table string) (url string, rows [][]string) {
	t.Helper()
	fixtures := accountsOf("a b c d")
	for line := range strings.Lines(strings.TrimSpace(table)) {
		row := strings.Fields(line)
		rows = append(rows, append([]string{strings.Join(row[:3], "_")}, row[3:]...))
		fixtures.Images = append(fixtures.Images, tableImage(rows[len(rows)-1][0], row[0], row[1], row[2]))
	}
	return startWith(t, fixtures), rows
}

// The owner sees all members, and a member itself, whatever its status. Public, community and private images have no members for
// whoever sees them, although they may have some left over. Who does not see the image gets a 404. Images without an owner were not
// measured: Glance's database shows them to everyone by their ID; what its policies leave of that is not known. SCP's pages say that a
// private image is for one account only, and a shared one for accounts that it is shared with.
const membersFacts = `
	shared     none      -            c    404  c    404
	shared     pending   -            c,b  b    c    404
	shared     accepted  -            c,b  b    c    404
	shared     rejected  -            c,b  b    c    404
	public     none      -            403  403  403  403
	public     accepted  -            403  403  403  403
	community  pending   -            403  403  403  403
	private    pending   -            403  404  404  404
	private    accepted  -            403  404  404  404
	shared     pending   hidden       c,b  b    c    404
	shared     rejected  queued       c,b  b    c    404
	shared     accepted  deactivated  c,b  b    c    404
	shared     accepted  deleted      404  404  404  404
	public     accepted  deleted      404  404  404  404
	public     none      unowned      403  403  403  403
	shared     pending   unowned      404  b    c    404
	private    accepted  unowned      404  404  404  404
`

func TestFactsOfMembers(t *testing.T) {
	url, rows := serveTable(t, membersFacts)
	for _, row := range rows {
		for i, account := range []string{"a", "b", "c", "d"} {
			t.Run(row[0]+" by "+account, func(t *testing.T) {
				c := as(account, url+membersPath(row[0]))
				switch want := row[1+i]; want {
				case "403":
					if e := c.gets(t, "403 Forbidden").serviceError(t); e["detail"] != "Only shared images have members." {
						t.Errorf("detail is %v", e["detail"])
					}
				case "404":
					c.gets(t, "404 NotFound")
				default:
					if members := strings.ReplaceAll(c.send(t).ids(t, "members", "member_id"), " ", ","); members != want {
						t.Errorf("the members are %s, want %s", members, want)
					}
				}
			})
		}
	}
}

// The lists of a, b and d that contain the image: d is the default list, v the one with the image's own visibility, and l the one
// with visibility=all. The last column is b's list of pending images. The rows of images without an owner were not measured: they
// follow from how Glance selects.
const listFacts = `
	shared     none      -            dvl  -    -    -
	shared     pending   -            dvl  -    -    pending
	shared     accepted  -            dvl  dvl  -    -
	shared     rejected  -            dvl  -    -    -
	public     none      -            dvl  dvl  dvl  -
	public     pending   -            dvl  dvl  dvl  -
	community  none      -            dvl  vl   vl   -
	community  accepted  -            dvl  vl   vl   -
	private    none      -            dvl  -    -    -
	private    pending   -            dvl  -    -    -
	private    accepted  -            dvl  -    -    -
	shared     pending   hidden       -    -    -    -
	shared     accepted  hidden       -    -    -    -
	public     none      hidden       -    -    -    -
	community  none      hidden       -    -    -    -
	private    none      hidden       -    -    -    -
	shared     accepted  queued       dvl  dvl  -    -
	shared     accepted  saving       dvl  dvl  -    -
	public     none      importing    dvl  dvl  dvl  -
	shared     pending   uploading    dvl  -    -    pending
	private    none      deactivated  dvl  -    -    -
	shared     accepted  killed       -    -    -    -
	shared     pending   killed       -    -    -    -
	public     none      killed       -    -    -    -
	private    none      deleted      -    -    -    -
	shared     pending   deleted      -    -    -    -
	public     none      unowned      dvl  dvl  dvl  -
	community  none      unowned      vl   vl   vl   -
	shared     accepted  unowned      -    dvl  -    -
	private    none      unowned      -    -    -    -
`

func TestFactsOfLists(t *testing.T) {
	url, rows := serveTable(t, listFacts)
	lists := map[string][]string{}
	list := func(account, path string) []string {
		if _, ok := lists[account+path]; !ok {
			lists[account+path] = strings.Fields(as(account, url+path).send(t).ids(t, "images", "id"))
		}
		return lists[account+path]
	}
	for _, row := range rows {
		visibility, _, _ := strings.Cut(row[0], "_")
		for i, account := range []string{"a", "b", "d"} {
			got := ""
			for _, query := range []struct{ letter, filter string }{{"d", ""}, {"v", "&visibility=" + visibility}, {"l", "&visibility=all"}} {
				if slices.Contains(list(account, "/v1/images?limit=1000"+query.filter), row[0]) {
					got += query.letter
				}
			}
			if want := strings.Trim(row[1+i], "-"); got != want {
				t.Errorf("%s is in the lists %q of %s, want %q", row[0], got, account, want)
			}
		}
		if got, want := slices.Contains(list("b", "/v1/pending-images"), row[0]), row[4] == "pending"; got != want {
			t.Errorf("%s is in the pending images of b: %t, want %t", row[0], got, want)
		}
	}
}

// paged are the images of the facts of queries, of 3 days. b sees 2, 4 and 1 in its default list.
func paged() emulator.Fixtures {
	at := func(i emulator.Image, time string) emulator.Image {
		i.Owner, i.CreatedAt = "a", "2026-01-0"+time+"T00:00:00Z"
		return i
	}
	member := func(status string) []emulator.Member { return []emulator.Member{{MemberID: "b", Status: status}} }
	return accountsOf("a b",
		at(emulator.Image{ID: "2", Name: "x", Visibility: "public", SCPImageType: "standard", UpdatedAt: "2026-03-03T00:00:00Z"}, "1"),
		at(emulator.Image{ID: "4", Name: "y b", Members: member("accepted"), SCPOriginalImageType: "gpu",
			UpdatedAt: "2026-03-01T00:00:00Z"}, "1"),
		at(emulator.Image{ID: "rejected", Members: member("rejected")}, "2"),
		at(emulator.Image{ID: "hidden", Visibility: "public", OSHidden: true}, "2"),
		at(emulator.Image{ID: "community", Visibility: "community"}, "2"),
		at(emulator.Image{ID: "killed", Visibility: "public", Status: "killed"}, "2"),
		at(emulator.Image{ID: "deleted", Visibility: "public", Status: "deleted"}, "2"),
		at(emulator.Image{ID: "private", Visibility: "private", Members: member("accepted")}, "2"),
		at(emulator.Image{ID: "stranger"}, "2"),
		at(emulator.Image{ID: "1", Name: "x", Visibility: "public", Status: "queued", OSDistro: "rocky", UpdatedAt: "2026-03-02T00:00:00Z"}, "3"),
	)
}

// The queries of b, each with the IDs or the status that it gets.
func TestFactsOfQueries(t *testing.T) {
	url := startWith(t, paged())
	for _, row := range []struct{ query, want string }{
		// Images that are alike come by time and ID, in the direction of the key if there is only one, else descending.
		{"", "1 4 2"}, {"sort=created_at:desc", "1 4 2"}, {"sort=created_at", "1 4 2"}, {"sort=created_at:asc", "2 4 1"},
		{"sort=name:asc", "2 1 4"}, {"sort=name:desc", "4 1 2"}, {"sort=name:asc,status:desc", "1 2 4"}, {"sort=updated_at:asc", "4 1 2"},
		{"sort=status:asc,name:asc", "2 4 1"}, {"sort=status:asc,status:asc", "4 2 1"}, {"sort=status:asc,id:asc", "2 4 1"},
		{"sort=id:asc", "1 2 4"},
		// A marker is a place in the order, also of an image that the list or the filter leaves out.
		{"sort=created_at:asc&marker=2", "4 1"}, {"sort=created_at:asc&marker=4", "1"}, {"sort=created_at:asc&marker=1", ""},
		{"marker=1", "4 2"}, {"marker=4", "2"}, {"marker=2", ""},
		{"sort=created_at:asc&marker=rejected", "1"}, {"marker=rejected", "4 2"}, {"marker=hidden", "4 2"}, {"marker=community", "4 2"},
		{"marker=killed", "4 2"}, {"sort=created_at:asc&marker=4&name=x", "1"}, {"marker=4&name=x", "2"}, {"marker=1&name=x&limit=1", "2"},
		// One that is unknown or deleted is rejected, and so is one that the account does not see any more.
		{"marker=unknown", "400"}, {"marker=deleted", "400"}, {"marker=private", "403"}, {"marker=stranger", "403"},
		// The newest image, with filters: the page is of what they leave.
		{"sort=created_at:desc&limit=1", "1"}, {"sort=created_at:desc&limit=1&status=active", "4"},
		{"sort=created_at:desc&limit=1&name=y%20b", "4"},
		{"sort=created_at:desc&limit=1&visibility=shared", "4"}, {"sort=created_at:desc&limit=1&visibility=community", "community"},
		{"sort=created_at:desc&limit=1&name=none", ""},
		// The words of visibility are five, in small letters.
		{"visibility=shared", "4"}, {"visibility=public", "1 2"}, {"visibility=community", "community"}, {"visibility=private", ""},
		{"visibility=all", "1 community 4 2"}, {"visibility=Public", "400"}, {"visibility=open", "400"}, {"visibility=public%20", "400"},
		// No filter shows what the list never has. They are exact, and all of them count.
		{"status=killed", ""}, {"status=deleted", ""}, {"status=queued", "1"}, {"status=Queued", ""}, {"name=x", "1 2"}, {"name=X", ""},
		{"name=", ""},
		{"os_distro=rocky", "1"}, {"scp_image_type=standard", "2"}, {"scp_original_image_type=gpu", "4"}, {"name=x&scp_image_type=standard", "2"},
		// name and status take operators.
		{"name=in:x,y%20b", "1 4 2"}, {"name=eq:y%20b", "4"}, {"status=in:queued,saving", "1"}, {"name=neq:x", "400"}, {"status=gt:a", "400"},
		{"os_distro=in:rocky", ""},
		// A larger limit than the largest is cut down to it.
		{"limit=5000", "1 4 2"}, {"limit=2", "1 4"}, {"limit=-1", "400"}, {"limit=ten", "400"}, {"limit=", "400"},
		{"limit=99999999999999999999", "400"},
		{"sort=nothing:asc", "400"}, {"sort=os_distro:asc", "400"}, {"sort=id:up", "400"}, {"sort=id:", "400"}, {"sort=id:asc,", "400"},
		{"sort=", "400"},
		// Here the emulator differs from Glance, because SCP's specification has a limit of 1 to 1000, four words of visibility, no such
		// parameters and no properties of users, and because all images here have the size of the document's example.
		{"limit=0", "400"}, {"visibility=", "400"}, {"os_hidden=true", "1 4 2"}, {"member_status=all", "1 4 2"}, {"color=blue", "1 4 2"},
		{"sort=size:asc", "400"},
	} {
		c := as("b", url+"/v1/images?"+row.query)
		switch row.want {
		case "400":
			c.gets(t, "400 BadRequest")
		case "403":
			c.gets(t, "403 Forbidden")
		default:
			c.lists(t, row.want)
		}
	}
}
