// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"slices"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// accept runs what accepts what is there.
func accept(t *testing.T, tf acc.Terraform, env []string) {
	t.Helper()
	prepare(t, tf, env, "apply", "-auto-approve", "-no-color", "-input=false", "-var-file=images.json")
}

// What is compared with is not what the file says, but what was there when somebody accepted it.
func TestRecipesChanges(t *testing.T) {
	changed := func(says ...string) want { return want{code: 2, says: says} }
	key := func(image, account string) string { return "kr-west1/" + image + "/" + account }
	for _, c := range []struct {
		name   string
		edit   func(*emulator.Fixtures)
		images string // in place of images.json
		outage bool
		want   want
	}{
		{name: "as accepted", want: want{code: 0, says: none}},
		{name: "in another order", edit: fleetCases[1].edit, want: want{code: 0, says: none}},
		{name: "other accounts in the file", images: allowList(t, nil), want: want{code: 0, says: none}},
		{name: "one more", edit: oneMore, want: changed("+ " + key(image, stranger) + " = pending since 2026-11-01T00:00:00Z")},
		{name: "one missing", edit: func(f *emulator.Fixtures) { find(f, image).Members = find(f, image).Members[1:] },
			want: changed("- " + key(image, rejected) + " = rejected since")},
		{name: "an account answered", edit: func(f *emulator.Fixtures) { find(f, other).Members[0].Status = "accepted" },
			want: changed("~ " + key(other, otherMember) + " = pending since 2025-07-26T12:00:00Z -> accepted since 2025-07-26T12:00:00Z")},
		{name: "a new image", edit: func(f *emulator.Fixtures) {
			f.Images = append(f.Images, emulator.Image{ID: "new", Members: []emulator.Member{{MemberID: stranger}}})
		}, want: changed("+ kr-west1/new = shared (new)", "+ "+key("new", stranger)+" = no status since")},
		{name: "deleted", edit: remove(other),
			want: changed("- kr-west1/"+other+" = shared (web-base)", "- "+key(other, otherMember)+" = pending since")},
		{name: "made private", edit: visible(other, "private"),
			want: changed("~ kr-west1/"+other+" = shared (web-base) -> private (web-base)", "- "+key(other, otherMember))},
		{name: "made public", edit: visible(scratch, "public"),
			want: changed("~ kr-west1/" + scratch + " = private (scratch) -> public (scratch)")},
		{name: "being deleted", edit: func(f *emulator.Fixtures) {
			find(f, other).Status = "pending_delete"
			find(f, other).Fault = &emulator.Fault{Status: 404}
		}, want: changed("~ kr-west1/" + other + " = shared (web-base) -> being deleted (web-base)")},
		{name: "503 for all", outage: true, want: want{code: 1, says: []string{"503"}}},
		{name: "no region", images: `{"regions": []}`, want: want{code: 1, says: []string{"regions is empty"}}},
	} {
		inParallel(t, "changes", c.name, func(t *testing.T, r *row) {
			s, tf := newService(t, nil), review(t, "changes")
			accept(t, tf, s.env)
			s.edit(t, c.edit)
			if c.images != "" {
				tf.Write(t, "images.json", c.images)
			}
			output, code := tf.Run(t, s.environment(c.outage), append(slices.Clone(planArguments), "-detailed-exitcode")...)
			r.check(t, c.want, output, code)
		})
	}
}

// The second region is read too, and an account's images are told from those that it only uses.
func TestRecipesChangesRegions(t *testing.T) {
	const regions = `{"regions": ["kr-west1", "kr-east1"], "account": "` + account + `"}`
	east := emulator.Image{ID: "east", Members: []emulator.Member{}}
	inParallel(t, "changes", "one more in the second region", func(t *testing.T, r *row) {
		s, tf := newService(t, inEast(east)), review(t, "changes")
		tf.Write(t, "images.json", regions)
		accept(t, tf, s.env)
		east.Members = []emulator.Member{{MemberID: stranger, Status: "pending", UpdatedAt: "2026-11-01T00:00:00Z"}}
		s.edit(t, func(f *emulator.Fixtures) {
			inEast(east)(f)
			share(f, partners, stranger)
		})
		output, code := tf.Run(t, s.env, append(slices.Clone(planArguments), "-detailed-exitcode")...)
		r.check(t, want{code: 2, says: []string{"+ kr-east1/east/" + stranger + " = pending since 2026-11-01T00:00:00Z"},
			never: []string{partners}}, output, code)
	})
}

// inEast puts images into the region kr-east1. Those of the defaults are in all others.
func inEast(images ...emulator.Image) func(*emulator.Fixtures) {
	return func(f *emulator.Fixtures) { f.Regions = map[string]emulator.Region{"kr-east1": {Images: images}} }
}
