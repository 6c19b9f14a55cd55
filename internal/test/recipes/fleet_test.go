// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// fleetCase is what becomes of the three images of images.json.
type fleetCase struct {
	name   string
	edit   func(*emulator.Fixtures)
	outage bool
	images string // in place of images.json
	// finds are the findings of review, each "REGION/IMAGE/ACCOUNT TEXT" with the beginning of its text.
	finds []string
	// fails is what is said if nothing is compared. unread is the same for opa, which reads only the members.
	fails, unread []string
	// unseen says that opa cannot see it.
	unseen bool
}

var (
	asAllowed  = fleetCase{name: "as allowed"}
	fleetCases = []fleetCase{
		asAllowed,
		{name: "in another order", edit: func(f *emulator.Fixtures) {
			slices.Reverse(f.Images)
			slices.Reverse(find(f, image).Members)
		}},
		{name: "one more", edit: oneMore, finds: []string{oneMoreFound}},
		{name: "one missing", edit: func(f *emulator.Fixtures) { find(f, image).Members = find(f, image).Members[1:] },
			finds: []string{"kr-west1/" + image + "/" + rejected + " missing (db-base)"}},
		{name: "swapped between two images", edit: func(f *emulator.Fixtures) {
			one, two := &find(f, image).Members[0], &find(f, other).Members[0]
			one.MemberID, two.MemberID = two.MemberID, one.MemberID
		}, finds: []string{
			"kr-west1/" + image + "/" + otherMember + " not allowed: rejected since", "kr-west1/" + image + "/" + rejected + " missing (db-base)",
			"kr-west1/" + other + "/" + rejected + " not allowed: pending since", "kr-west1/" + other + "/" + otherMember + " missing (web-base)",
		}},
		{name: "more on an image for no one", edit: func(f *emulator.Fixtures) { share(f, unshared, accepted1) },
			finds: []string{"kr-west1/" + unshared + "/" + accepted1 + " not allowed: pending since 2026-11-01T00:00:00Z (batch-base, build)"}},
		{name: "deleted", edit: remove(other),
			finds:  []string{"-/" + other + " not in SCP's list: deleted, hidden, or in another region or account"},
			unread: []string{"Image Not Found (1 of 3): " + other}},
		{name: "deleted, and one more on another", edit: func(f *emulator.Fixtures) {
			remove(other)(f)
			oneMore(f)
		}, finds: []string{"-/" + other + " not in SCP's list", oneMoreFound}, unread: []string{"Image Not Found (1 of 3): " + other}},
		{name: "a new image for a stranger", edit: func(f *emulator.Fixtures) {
			visible(scratch, "shared")(f)
			share(f, scratch, stranger)
		}, finds: []string{
			"kr-west1/" + scratch + " not in the file (scratch)",
			"kr-west1/" + scratch + "/" + stranger + " not allowed: pending since 2026-11-01T00:00:00Z (scratch)",
		}, unseen: true},
		{name: "one account on all images", edit: func(f *emulator.Fixtures) {
			for _, id := range []string{image, other, unshared} {
				share(f, id, stranger)
			}
		}, finds: []string{
			oneMoreFound,
			"kr-west1/" + other + "/" + stranger + " not allowed: pending",
			"kr-west1/" + unshared + "/" + stranger + " not allowed: pending",
		}},
		{name: "an account rejected", edit: func(f *emulator.Fixtures) { find(f, other).Members[0].Status = "rejected" }},
		{name: "made private", edit: visible(other, "private"),
			finds:  []string{"kr-west1/" + other + "/" + otherMember + " missing: the image is private (web-base)"},
			unread: []string{"Image Is Not Shared (1 of 3): " + other}},
		{name: "made public", edit: visible(other, "public"), finds: []string{"kr-west1/" + other + " open to everybody: public (web-base)"},
			unread: []string{"Image Is Not Shared (1 of 3): " + other}},
		{name: "503 for one", edit: func(f *emulator.Fixtures) { find(f, other).Fault = &emulator.Fault{Status: 503} },
			fails: []string{"(1 of 3): " + other, "503"}},
		{name: "503 for all", outage: true, fails: []string{"503"}},
		{name: "an empty file", images: " ", fails: []string{"The JSON data ends prematurely"}},
		{name: "an image twice", images: `{"account": "` + account + `", "images": {"` + image + `": [], "` + image + `": []}}`,
			fails: []string{"was already defined"}},
	}

	oneMoreFound = "kr-west1/" + image + "/" + stranger + " not allowed: pending since 2026-11-01T00:00:00Z (db-base)"
	none         = []string{"No changes."}
)

func oneMore(f *emulator.Fixtures) { share(f, image, stranger) }

// visible gives an image a visibility.
func visible(id, visibility string) func(*emulator.Fixtures) {
	return func(f *emulator.Fixtures) { find(f, id).Visibility = visibility }
}

// remove deletes an image.
func remove(id string) func(*emulator.Fixtures) {
	return func(f *emulator.Fixtures) {
		f.Images = slices.DeleteFunc(f.Images, func(i emulator.Image) bool { return i.ID == id })
	}
}

// wanted is what a recipe promises of a case: code with findings, each with between its key and its text.
func (c fleetCase) wanted(code int, between string) want {
	switch {
	case c.fails != nil:
		return want{code: 1, says: c.fails, found: []string{}}
	case c.finds == nil:
		return want{code: 0, says: none, never: []string{"Error", "Check block"}, found: []string{}}
	}
	return finds(code, between, c.finds...)
}

// finds is a run with these findings and no other.
func finds(code int, between string, findings ...string) want {
	w := want{code: code, found: []string{}}
	for _, finding := range findings {
		key, text, _ := strings.Cut(finding, " ")
		w.says, w.found = append(w.says, key+between+text), append(w.found, key)
	}
	return w
}

// findings are the keys of the findings that a recipe printed.
var findings = regexp.MustCompile(`(?m)^\s*(?:[+~-] )?"?((?:kr-west1|kr-east1|-)/[^\s"]+)`)

// review is a folder with a recipe, images.json and report.jq, in which plan is run. The recipe "review", which others call, is
// next to the folder.
func review(t *testing.T, recipe string) acc.Terraform {
	t.Helper()
	all := files(t, recipe)
	maps.Copy(all, folder(t, recipes, ".json", ".jq"))
	tf := acc.NewTerraform(t, all)
	if strings.Contains(all["main.tf"], `source = "../review"`) {
		tf.Write(t, "../review/main.tf", files(t, "review")["main.tf"])
		prepare(t, tf, nil, "get", "-no-color")
	}
	return tf
}

var (
	planArguments   = []string{"plan", "-no-color", "-input=false", "-var-file=images.json"}
	reviewArguments = []string{"-state=none.tfstate", "-detailed-exitcode"}
)

// reviewFleet runs a recipe's plan for each case. Its findings have between after their key, and give it the exit code code.
func reviewFleet(t *testing.T, recipe string, cases []fleetCase, code int, between string, args ...string) {
	t.Helper()
	for _, c := range cases {
		inParallel(t, recipe, c.name, func(t *testing.T, r *row) {
			tf := review(t, recipe)
			if c.images != "" {
				tf.Write(t, "images.json", c.images)
			}
			output, exit := tf.Run(t, newService(t, c.edit).environment(c.outage), append(slices.Clone(planArguments), args...)...)
			r.check(t, c.wanted(code, between), output, exit)
		})
	}
}

func TestRecipesReview(t *testing.T) {
	reviewFleet(t, "review", fleetCases, 2, " = ", reviewArguments...)
}

func TestRecipesBlock(t *testing.T) { reviewFleet(t, "block", fleetCases, 1, " ") }

func TestRecipesAdvise(t *testing.T) { reviewFleet(t, "advise", fleetCases, 0, " ") }
