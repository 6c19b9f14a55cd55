// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// pair is an account that an image is shared with, though nobody agreed to that, or is not, though somebody did.
type pair struct {
	image, account string
	missing        bool
}

// fleetCase is what becomes of the three images of images.json.
type fleetCase struct {
	name   string
	edit   func(*emulator.Fixtures)
	outage bool
	images string // in place of images.json
	finds  []pair
	fails  []string // what is said if it comes to no comparison
}

var (
	asAgreed   = fleetCase{name: "as agreed"}
	fleetCases = []fleetCase{
		asAgreed,
		{name: "in another order", edit: func(f *emulator.Fixtures) {
			slices.Reverse(f.Images)
			slices.Reverse(find(f, image).Members)
		}},
		{name: "one more", edit: func(f *emulator.Fixtures) { share(f, image, stranger) }, finds: []pair{{image, stranger, false}}},
		{name: "one missing", edit: func(f *emulator.Fixtures) { find(f, image).Members = find(f, image).Members[1:] }, finds: []pair{{image, rejected, true}}},
		{name: "swapped between two images", edit: func(f *emulator.Fixtures) {
			one, two := &find(f, image).Members[0], &find(f, other).Members[0]
			one.MemberID, two.MemberID = two.MemberID, one.MemberID
		}, finds: []pair{{image, otherMember, false}, {image, rejected, true}, {other, rejected, false}, {other, otherMember, true}}},
		{name: "more on an image for no one", edit: func(f *emulator.Fixtures) { share(f, unshared, accepted1) }, finds: []pair{{unshared, accepted1, false}}},
		{name: "one more, another spelling by SCP", edit: func(f *emulator.Fixtures) {
			share(f, image, stranger)
			for i := range find(f, image).Members {
				find(f, image).Members[i].ImageID = strings.ToUpper(strings.ReplaceAll(image, "-", ""))
			}
		}, finds: []pair{{image, stranger, false}}},
		{name: "deleted", edit: func(f *emulator.Fixtures) {
			f.Images = slices.DeleteFunc(f.Images, func(i emulator.Image) bool { return i.ID == other })
		}, fails: []string{"Image Not Found (1 of 3): " + other}},
		{name: "made private", edit: func(f *emulator.Fixtures) { find(f, other).Private = true }, fails: []string{"Image Is Not Shared (1 of 3): " + other}},
		{name: "503 for one", edit: func(f *emulator.Fixtures) { find(f, other).Fault = &emulator.Fault{Status: 503} }, fails: []string{"(1 of 3): " + other, "503"}},
		{name: "503 for all", outage: true, fails: []string{"(3 of 3): " + image, "503"}},
		{name: "an empty file", images: " ", fails: []string{"The JSON data ends prematurely"}},
		{name: "no image in the file", images: `{"images": {}}`, fails: []string{"Name at least one image"}},
		{name: "null in place of a list", images: `{"images": {"` + image + `": null}}`, fails: []string{"give each one a list of accounts"}},
		{name: "an image in two spellings", images: `{"images": {"` + image + `": [], "1B0C9E526A434D1C9F0E2F7C5D8A4E11": []}}`, fails: []string{"in two spellings"}},
		{name: "an image twice", images: `{"images": {"` + image + `": [], "` + image + `": []}}`, fails: []string{"was already defined"}},
	}
)

// answer is how a recipe says what it found.
type answer struct {
	code          int
	more, missing func(pair) string
	nothing       []string // what it says if there is nothing to find
}

func (a answer) want(c fleetCase) want {
	switch {
	case c.fails != nil:
		return want{code: 1, says: c.fails}
	case c.finds == nil:
		return want{code: 0, says: a.nothing, never: []string{"Error", "Check block"}}
	}
	w := want{code: a.code}
	for _, p := range c.finds {
		if p.missing {
			w.says = append(w.says, a.missing(p))
		} else {
			w.says = append(w.says, a.more(p))
		}
	}
	return w
}

var (
	notAgreed = func(p pair) string { return p.image + "/" + p.account + " not agreed, but shared" }
	notShared = func(p pair) string { return p.image + "/" + p.account + " agreed, but not shared" }
	none      = []string{"No changes."}
)

// review is a folder with a recipe and images.json, in which plan is run.
func review(t *testing.T, recipe string) acc.Terraform {
	t.Helper()
	all := files(t, recipe)
	maps.Copy(all, folder(t, recipes, ".json", ".jq"))
	return acc.NewTerraform(t, all)
}

var planArguments = []string{"plan", "-no-color", "-input=false", "-var-file=images.json"}

// reviewFleet runs a recipe's plan for each case. before prepares its folder.
func reviewFleet(t *testing.T, recipe string, cases []fleetCase, says answer, before func(*testing.T, acc.Terraform, *service), args ...string) {
	t.Helper()
	for _, c := range cases {
		inParallel(t, recipe, c.name, func(t *testing.T, r *row) {
			s := newService(t, nil)
			tf := review(t, recipe)
			if before != nil {
				before(t, tf, s)
			}
			s.edit(t, c.edit)
			if c.images != "" {
				tf.Write(t, "images.json", c.images)
			}
			output, code := tf.Run(t, s.environment(c.outage), append(slices.Clone(planArguments), args...)...)
			r.check(t, says.want(c), output, code)
		})
	}
}

func TestRecipesBlock(t *testing.T) {
	reviewFleet(t, "block", fleetCases, answer{code: 1, more: notAgreed, missing: notShared, nothing: none}, nil)
}

func TestRecipesAdvise(t *testing.T) {
	reviewFleet(t, "advise", fleetCases, answer{code: 0, more: notAgreed, missing: notShared, nothing: none}, nil)
}

func TestRecipesDrift(t *testing.T) {
	says := answer{
		code:    2,
		more:    func(p pair) string { return "+ " + p.image + "/" + p.account + " = not agreed, but shared: " },
		missing: func(p pair) string { return "+ " + p.image + "/" + p.account + " = agreed, but not shared" },
		nothing: none,
	}
	reviewFleet(t, "drift", fleetCases, says, nil, "-state=none.tfstate", "-detailed-exitcode")
}

// accept runs what accepts what is there.
func accept(t *testing.T, tf acc.Terraform, s *service) {
	t.Helper()
	prepare(t, tf, s.env, "apply", "-auto-approve", "-no-color", "-input=false", "-var-file=images.json")
}

// What the file names is not what is compared with, but what it was when somebody accepted it.
func TestRecipesChanges(t *testing.T) {
	says := answer{
		code:    2,
		more:    func(p pair) string { return "+ " + p.account + " = " },
		missing: func(p pair) string { return "- " + p.account + " = " },
		nothing: none,
	}
	reviewFleet(t, "changes", fleetCases, says, accept, "-detailed-exitcode")
	for _, c := range []struct {
		name   string
		images string
		edit   func(*emulator.Fixtures)
		says   string
	}{
		{name: "an account answered", edit: func(f *emulator.Fixtures) { find(f, other).Members[0].Status = "accepted" },
			says: "pending since 2025-07-26T12:00:00Z -> accepted since 2025-07-26T12:00:00Z"},
		{name: "an image fewer in the file", images: agreement(t, map[string][]string{image: {}, other: {}}), says: "- " + unshared + " = {}"},
	} {
		inParallel(t, "changes", c.name, func(t *testing.T, r *row) {
			s := newService(t, nil)
			tf := review(t, "changes")
			accept(t, tf, s)
			s.edit(t, c.edit)
			if c.images != "" {
				tf.Write(t, "images.json", c.images)
			}
			output, code := tf.Run(t, s.env, append(slices.Clone(planArguments), "-detailed-exitcode")...)
			r.check(t, want{code: 2, says: []string{c.says}}, output, code)
		})
	}
}

// What the headers say of plans that are not plain ones.
func TestRecipesBlockOtherPlans(t *testing.T) {
	oneMore := func(f *emulator.Fixtures) { share(f, image, stranger) }
	finding := notAgreed(pair{image: image, account: stranger})
	for _, c := range []struct {
		recipe, arg string
		want        want
	}{
		{"block", "-refresh-only", want{code: 0, says: []string{finding, "Warning: Module output value precondition failed"}}},
		{"block", "-destroy", want{code: 0, says: none, never: []string{finding}}},
		{"block", "-target=terraform_data.none", want{code: 0, says: none, never: []string{finding}}},
		{"block", "-exclude=terraform_data.none", want{code: 1, says: []string{finding}}},
		{"block", "-exclude=data.scp_virtualserver_image_members.fleet", want{code: 0, says: none, never: []string{finding}}},
		{"advise", "-detailed-exitcode", want{code: 2, says: []string{finding}}},
	} {
		inParallel(t, c.recipe, "one more, "+c.arg, func(t *testing.T, r *row) {
			if flag, _, _ := strings.Cut(c.arg, "="); flag == "-exclude" {
				r.needs(t, flag)
			}
			output, code := review(t, c.recipe).Run(t, newService(t, oneMore).env, append(slices.Clone(planArguments), c.arg)...)
			r.check(t, c.want, output, code)
		})
	}
}

// Each recipe is a module as well: no provider block, and an output for whoever uses it.
func TestRecipesAsModules(t *testing.T) {
	nobody := agreement(t, map[string][]string{other: {}})
	found := pair{image: other, account: otherMember}
	for _, c := range []struct {
		recipe, output, arguments string
		want                      want
	}{
		{"block", "findings", "", want{code: 1, says: []string{notAgreed(found)}}},
		{"advise", "findings", "", want{code: 0, says: []string{notAgreed(found)}}},
		{"account", "findings", "account = \"" + account + "\"\nregions = [\"kr-west1\"]", want{code: 1, says: []string{notAgreed(found)}}},
		{"drift", "drift", "", want{code: 0, says: []string{"+ " + other + "/" + otherMember + " = not agreed, but shared: "}}},
		{"changes", "members", "", want{code: 0, says: []string{"+ " + otherMember + " = pending since "}}},
	} {
		inParallel(t, c.recipe, "as a module", func(t *testing.T, r *row) {
			tf := acc.NewTerraform(t, map[string]string{"images.json": nobody, "main.tf": `
module "review" {
  source = "./review"
  images = jsondecode(file("images.json")).images
` + c.arguments + `
}

output "found" {
  value = module.review.` + c.output + `
}
`})
			for name, text := range files(t, c.recipe) {
				tf.Write(t, filepath.Join("review", name), text)
			}
			prepare(t, tf, nil, "get", "-no-color")
			output, code := tf.Run(t, inRegions(newService(t, nil).env), append([]string{"plan"}, planArguments[1:3]...)...)
			r.check(t, c.want, output, code)
		})
	}
}

// What the guide says of authors who want to get round a check.
func TestRecipesBlockAuthors(t *testing.T) {
	oneMore := func(f *emulator.Fixtures) { share(f, image, stranger) }
	finding := notAgreed(pair{image: image, account: stranger})
	asItIs := `images = { "` + image + `" = ` + quoted(append(slices.Clone(everyone), stranger)...) + ` }`
	passes, blocks := want{code: 0, says: none}, want{code: 1, says: []string{finding}}
	ifRead := blocks // Terraform does not read .tofu files
	if has(t, "files named .tofu") {
		ifRead = passes
	}
	for _, c := range []struct {
		name, file, text string
		env              []string
		withoutFile      bool // -var-file is not given
		want             want
	}{
		{name: "empty override.tf", file: "override.tf", text: "locals {\n  findings = []\n}\n", want: passes},
		{name: "empty main.tofu", file: "main.tofu", want: ifRead},
		{name: "empty x_override.tofu", file: "x_override.tofu", text: "locals {\n  findings = []\n}\n", want: ifRead},
		{name: "auto.tfvars", file: "x.auto.tfvars", text: asItIs, want: blocks},
		{name: "auto.tfvars against TF_VAR_", file: "x.auto.tfvars", text: asItIs, withoutFile: true,
			env: []string{`TF_VAR_images={"` + image + `"=` + quoted(everyone...) + `}`}, want: passes},
		{name: "TF_VAR_ alone", env: []string{`TF_VAR_images={"` + image + `"=` + quoted(everyone...) + `}`}, withoutFile: true, want: blocks},
		{name: "TF_CLI_ARGS_plan=-destroy", env: []string{"TF_CLI_ARGS_plan=-destroy"}, want: passes},
	} {
		inParallel(t, "block", "one more, "+c.name, func(t *testing.T, r *row) {
			tf := review(t, "block")
			if c.file != "" {
				tf.Write(t, c.file, c.text)
			}
			args := slices.Clone(planArguments)
			if c.withoutFile {
				args = args[:len(args)-1]
			}
			output, code := tf.Run(t, append(newService(t, oneMore).env, c.env...), args...)
			r.check(t, c.want, output, code)
		})
	}
}
