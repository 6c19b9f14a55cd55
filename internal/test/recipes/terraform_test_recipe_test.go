// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

func TestRecipesTest(t *testing.T) {
	const mocked = "mocked.tftest.hcl"
	live := func(accounts ...string) []string {
		return []string{
			"-test-directory=live", "-filter=live/live.tftest.hcl",
			"-var", "image_id=" + image, "-var", "allowed_accounts=" + quoted(accounts...),
		}
	}
	hidden := want{code: 0, says: []string{"3 passed, 0 failed"}} // Terraform does not read .tofutest.hcl files
	if has(t, "files named .tofu") {
		hidden = want{code: 0, says: []string{"0 passed, 0 failed"}}
	}
	cases := []struct {
		name   string
		args   []string
		edit   func(files map[string]string)
		outage bool
		want   want
	}{
		{name: "mocked", want: want{code: 0, says: []string{"3 passed, 0 failed"}}},
		{name: "mocked, without a network", outage: true, want: want{code: 0, says: []string{"3 passed, 0 failed"}}},
		{name: "mocked, unexpected account", edit: func(files map[string]string) {
			files[mocked] = strings.Replace(files[mocked], `member_id = "`+pending, `member_id = "`+stranger, 1)
		}, want: want{code: 1, says: []string{"not allowed: " + stranger + ".", "2 passed, 1 failed"}}},
		// Only the first assertion tells: alltrue([]) passes here too.
		{name: "mocked, no members", edit: func(files map[string]string) {
			before, rest, _ := strings.Cut(files[mocked], "  override_module {")
			_, after, _ := strings.Cut(rest, "\n  }\n")
			files[mocked] = before + after
		}, want: want{code: 1, says: []string{"is the module overridden?", "2 passed, 1 failed"}, never: []string{"not allowed"}}},
		{name: "mocked, a rule that finds nothing", edit: func(files map[string]string) {
			rule := "sort(setsubtract(module.golden.members[*].member_id, var.allowed_accounts))"
			files["main.tf"] = strings.Replace(files["main.tf"], rule, "[]", 1)
		}, want: want{code: 1, says: []string{"was not found: []", "2 passed, 1 failed"}}},
		{name: "mocked, empty mocked.tofutest.hcl", edit: func(files map[string]string) { files["mocked.tofutest.hcl"] = "" }, want: hidden},
		{name: "live", args: live(everyone...), want: want{code: 0, says: []string{"1 passed, 0 failed"}}},
		{name: "live, unexpected account", args: live(accepted1, pending, rejected), want: want{
			code: 1, says: []string{"not allowed: " + accepted2 + ".", "0 passed, 1 failed"},
		}},
		{name: "live, missing account", args: live(append(everyone, stranger)...), want: want{
			code: 1, says: []string{"is not shared with: " + stranger + ".", "0 passed, 1 failed"},
		}},
		{name: "live, outage", args: live(everyone...), outage: true, want: want{
			code: 1, says: []string{"0 passed, 1 failed", "503"},
		}},
	}
	for _, test := range cases {
		inParallel(t, "test", test.name, func(t *testing.T, r *row) {
			r.needs(t, "mocks")
			s := newService(t, nil)
			env := s.environment(test.outage)
			files := files(t, "test")
			if test.edit != nil {
				test.edit(files)
			}
			tf := acc.NewTerraform(t, files)
			prepare(t, tf, nil, "get", "-no-color")
			args := append([]string{"test", "-no-color"}, test.args...)
			output, code := tf.Run(t, env, args...)
			r.check(t, test.want, output, code)
		})
	}
}

// The example of the images page can be mocked, once the list is read in a module.
func TestRecipesMockOfTheImagesPage(t *testing.T) {
	const data, list = `data "scp_virtualserver_images" "all" {}`, "data.scp_virtualserver_images.all.images"
	example := folder(t, "../../../examples/data-sources/scp_virtualserver_images")["data-source.tf"]
	mock := folder(t, "testdata/images")["mocked.tftest.hcl"]

	inParallel(t, "test", "the mock of the images page", func(t *testing.T, r *row) {
		r.needs(t, "mocks")
		inModule := strings.NewReplacer(data, "module \"images\" {\n  source = \"./images\"\n}", list, "module.images.images")
		tf := acc.NewTerraform(t, map[string]string{
			"images/main.tf":  required + data + "\noutput \"images\" {\n  value = " + list + "\n}\n",
			"main.tf":         required + inModule.Replace(example),
			"main.tftest.hcl": mock,
		})
		prepare(t, tf, nil, "get", "-no-color")
		output, code := tf.Run(t, nil, "test", "-no-color")
		r.check(t, want{code: 0, says: []string{"1 passed, 0 failed"}}, output, code)
	})
}

// quoted is a list of accounts as a variable's value.
func quoted(accounts ...string) string { return `["` + strings.Join(accounts, `","`) + `"]` }
