// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// What the headers say of plans that are not plain ones.
func TestRecipesBlockOtherPlans(t *testing.T) {
	for _, c := range []struct {
		recipe, arg string
		want        want
	}{
		{"block", "-refresh-only", want{code: 0, says: []string{oneMoreFound, "Warning: Module output value precondition failed"}}},
		{"block", "-destroy", want{code: 0, says: none, never: []string{oneMoreFound}}},
		{"block", "-target=terraform_data.none", want{code: 0, says: none, never: []string{oneMoreFound}}},
		{"block", "-exclude=terraform_data.none", want{code: 1, says: []string{oneMoreFound}}},
		{"block", "-exclude=module.review", want{code: 0, says: none, never: []string{oneMoreFound}}},
		{"review", "-destroy", want{code: 0, says: none, never: []string{oneMoreFound}}},
		{"review", "-target=terraform_data.none", want{code: 0, says: none, never: []string{oneMoreFound}}},
		{"advise", "-detailed-exitcode", want{code: 2, says: []string{oneMoreFound}}},
		{"advise", "-compact-warnings", want{code: 0, says: []string{"+ " + oneMoreFound, "- Check block assertion failed"},
			never: []string{"are not shared as"}}},
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

// caller is a configuration in tf's folder that calls a recipe as a module, with the allow list in images.json.
func caller(t *testing.T, recipe, output, arguments string) acc.Terraform {
	t.Helper()
	images := allowList(t, map[string][]string{image: everyone, other: {}, unshared: {}})
	tf := acc.NewTerraform(t, map[string]string{"images.json": images, "main.tf": `
module "check" {
  source  = "./` + recipe + `"
  account = jsondecode(file("images.json")).account
  images  = jsondecode(file("images.json")).images
` + arguments + `
}

resource "terraform_data" "pending" {}

output "found" {
  value = module.check.` + output + `
}
`})
	addModules(t, tf, recipe)
	return tf
}

// addModules puts a recipe, and the one that it calls, into tf's folder.
func addModules(t *testing.T, tf acc.Terraform, recipe string) {
	t.Helper()
	for _, name := range []string{"review", recipe} {
		tf.Write(t, filepath.Join(name, "main.tf"), files(t, name)["main.tf"])
	}
	prepare(t, tf, nil, "get", "-no-color")
}

// Each recipe is a module as well: no provider block, and an output for whoever uses it.
func TestRecipesAsModules(t *testing.T) {
	pair := other + "/" + otherMember
	for _, c := range []struct {
		recipe, output, region string
		want                   want
	}{
		{"review", "review", "default", want{code: 0, says: []string{"default/" + pair + " = not allowed: pending since"}}},
		{"review", "review", "kr-west1", want{code: 0, says: []string{"kr-west1/" + pair + " = not allowed: pending since"}}},
		{"block", "findings", "default", want{code: 1, says: []string{"default/" + pair + " not allowed: pending since"}}},
		{"advise", "findings", "default", want{code: 0, says: []string{"default/" + pair + " not allowed: pending since"}}},
		{"changes", "sharing", "kr-west1", want{code: 0, says: []string{"+ kr-west1/" + pair + " = pending since"}}},
	} {
		inParallel(t, c.recipe, "as a module, "+c.region, func(t *testing.T, r *row) {
			tf := caller(t, c.recipe, c.output, `regions = toset(["`+c.region+`"])`) // a caller may have a set
			output, code := tf.Run(t, newService(t, nil).env, "plan", "-no-color", "-input=false")
			r.check(t, c.want, output, code)
		})
	}
}

// Two accounts are two modules with keys and a list of their own, and a finding says whose image it is about.
func TestRecipesTwoAccounts(t *testing.T) {
	inParallel(t, "block", "two accounts", func(t *testing.T, r *row) {
		tf := acc.NewTerraform(t, folder(t, "testdata/two_accounts"))
		addModules(t, tf, "block")
		output, code := tf.Run(t, newService(t, nil).env, "plan", "-no-color", "-input=false")
		r.check(t, want{code: 1, says: []string{"Images of account " + partner + " are not shared", partners + "/" + accepted1 + " not allowed"},
			never: []string{"Images of account " + account}}, output, code)
	})
}

// A module with a depends_on on something that is not there yet is read on apply: the plan finds nothing, and the apply fails
// after it has changed the rest.
func TestRecipesDependsOn(t *testing.T) {
	inParallel(t, "block", "as a module with a depends_on", func(t *testing.T, r *row) {
		tf, env := caller(t, "block", "findings", "regions = [\"kr-west1\"]\ndepends_on = [terraform_data.pending]"), newService(t, nil).env
		output, code := tf.Run(t, env, "plan", "-no-color", "-input=false")
		r.check(t, want{code: 0, says: []string{"will be read during apply"}, never: []string{otherMember}}, output, code)
		output, code = tf.Run(t, env, "apply", "-auto-approve", "-no-color", "-input=false")
		r.check(t, want{code: 1, says: []string{other + "/" + otherMember + " not allowed", "terraform_data.pending: Creation complete"}},
			output, code)
	})
}

// What the guide says of authors who want to get round a check.
func TestRecipesBlockAuthors(t *testing.T) {
	images := func(accounts ...string) string {
		return `{ "` + image + `" = ` + quoted(accounts...) + `, "` + other + `" = ` + quoted(otherMember) + `, "` + unshared + `" = [] }`
	}
	asItIs := "images = " + images(append(slices.Clone(everyone), stranger)...)
	variables := []string{"TF_VAR_account=" + account, `TF_VAR_regions=["kr-west1"]`, "TF_VAR_images=" + images(everyone...)}
	const override = "locals {\n  findings = {}\n}\n"
	passes, blocks := want{code: 0, says: none}, want{code: 1, says: []string{oneMoreFound}}
	ifRead := blocks // Terraform does not read .tofu files
	if has(t, "files named .tofu") {
		ifRead = passes
	}
	for _, c := range []struct {
		name, file, text string
		env              []string
		images           string // in place of images.json
		withoutFile      bool   // -var-file is not given
		want             want
	}{
		{name: "override.tf", file: "../review/override.tf", text: override, want: passes},
		{name: "empty main.tofu", file: "main.tofu", want: ifRead},
		{name: "x_override.tofu", file: "../review/x_override.tofu", text: override, want: ifRead},
		{name: "auto.tfvars", file: "x.auto.tfvars", text: asItIs, want: blocks},
		{name: "auto.tfvars with trusted", file: "x.auto.tfvars", text: `trusted = ["` + stranger + `"]`, want: blocks},
		{name: "auto.tfvars with trusted, which images.json does not have", file: "x.auto.tfvars", text: `trusted = ["` + stranger + `"]`,
			images: allowListWith(t, nil), want: passes},
		{name: "TF_VAR_trusted, which images.json does not have", env: []string{`TF_VAR_trusted=["` + stranger + `"]`},
			images: allowListWith(t, nil), want: passes},
		{name: "auto.tfvars against TF_VAR_", file: "x.auto.tfvars", text: asItIs, withoutFile: true,
			env: variables, want: passes},
		{name: "TF_VAR_ alone", env: variables, withoutFile: true, want: blocks},
		{name: "TF_CLI_ARGS_plan=-destroy", env: []string{"TF_CLI_ARGS_plan=-destroy"}, want: passes},
	} {
		inParallel(t, "block", "one more, "+c.name, func(t *testing.T, r *row) {
			tf := review(t, "block")
			if c.file != "" {
				tf.Write(t, c.file, c.text)
			}
			if c.images != "" {
				tf.Write(t, "images.json", c.images)
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
