// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// The step of the workflow that does the work, run as GitHub runs it.
func TestRecipesDriftWorkflow(t *testing.T) {
	_, step, found := strings.Cut(files(t, "drift")["drift-review.yml"], "        run: |\n")
	if !found {
		t.Fatal("drift-review.yml has no script")
	}
	step = strings.ReplaceAll(step, "\n          ", "\n")
	cells := func(image, account, was, is string) string {
		return "| " + image + " | " + account + " | " + was + " | " + is + " |"
	}
	golden, build := "`"+image+"` db-base", "`"+accepted1+"` build"
	verdicts := map[string]want{
		"as agreed":                   {code: 0, says: []string{"Nothing has changed: every image is shared as agreed."}},
		"one more":                    {code: 2, says: []string{"Something has changed: review it.", cells(golden, "`"+stranger+"`", "not shared", "pending since 2026-11-01T00:00:00Z")}},
		"one missing":                 {code: 2, says: []string{cells(golden, "`"+rejected+"`", "shared", "**not shared**")}},
		"more on an image for no one": {code: 2, says: []string{cells("`"+unshared+"` batch-base", build, "not shared", "pending since 2026-11-01T00:00:00Z")}},
		"deleted":                     {code: 1, says: []string{"An image is gone or no longer shared", other}},
		"made private":                {code: 1, says: []string{"An image is gone or no longer shared", other}},
		"503 for one":                 {code: 1, says: []string{"SCP gave no answer", other}, never: []string{"An image is gone"}},
		"503 for all":                 {code: 1, says: []string{"SCP gave no answer", "503"}, never: []string{"An image is gone"}},
		"an empty file":               {code: 1, says: []string{"The review did not run", "The JSON data ends prematurely"}},
	}
	ran := 0
	for _, c := range fleetCases {
		wanted, ok := verdicts[c.name]
		if !ok {
			continue
		}
		ran++
		inParallel(t, "drift", "workflow: "+c.name, func(t *testing.T, r *row) {
			policyTool(t, "jq")
			tf := review(t, "drift")
			if c.images != "" {
				tf.Write(t, "images.json", c.images)
			}
			// A variable of the runner and a file of the author's give way to images.json.
			tf.Write(t, "late.auto.tfvars", `images = { "`+unshared+`" = [] }`)
			summary := filepath.Join(tf.Dir, "summary.md")
			env := append(newService(t, c.edit).environment(c.outage), "GITHUB_STEP_SUMMARY="+summary, `TF_VAR_images={"`+unshared+`"=[]}`)
			output, code := runScript(t, tf, env, []string{"jq"}, "-e", "-c", step)
			text, err := os.ReadFile(summary)
			if err != nil {
				t.Fatalf("%v; the step printed:\n%s", err, output)
			}
			r.check(t, wanted, string(text), code)
		})
	}
	if ran != len(verdicts) {
		t.Errorf("%d cases ran, %d are wanted", ran, len(verdicts))
	}
}

// What report.jq makes of plans, as a table and as a line.
func TestRecipesReport(t *testing.T) {
	for _, c := range []struct {
		recipe, name  string
		edit          func(*emulator.Fixtures)
		images        string
		first         bool // nothing has been accepted yet
		table         []string
		line          string
		neverInTables string
	}{
		{recipe: "drift", name: "as agreed", table: []string{"Nothing differs from what was agreed."}, line: "Nothing differs from what was agreed."},
		{recipe: "drift", name: "two on one image", edit: func(f *emulator.Fixtures) {
			share(f, image, stranger)
			find(f, image).Members = find(f, image).Members[1:]
		}, table: []string{"| image | account | agreed | now |"}, line: "2 differences on 1 image: 1 more, 1 missing."},
		{recipe: "drift", name: "a hostile status", edit: func(f *emulator.Fixtures) {
			share(f, image, stranger)
			find(f, image).Members[4].Status = "](http://x) | <b> @all\n| `x"
		}, table: []string{"not shared | (http://x) b all x since 2026"}, line: "1 difference on 1 image: 1 more."},
		{recipe: "changes", name: "as accepted", table: []string{"Nothing differs from what was accepted."}, line: "Nothing differs from what was accepted."},
		{
			recipe: "changes", name: "came, went and answered", edit: func(f *emulator.Fixtures) {
				share(f, unshared, stranger)
				find(f, image).Members = find(f, image).Members[1:]
				find(f, other).Members[0].Status = "accepted"
			}, table: []string{
				"| `" + unshared + "` | `" + stranger + "` | not shared | pending since 2026-11-01T00:00:00Z |",
				"| `" + image + "` | `" + rejected + "` | rejected since 2026-03-02T08:40:00Z | **not shared** |",
				"| `" + other + "` | `" + otherMember + "` | pending since 2025-07-26T12:00:00Z | accepted since 2025-07-26T12:00:00Z |",
			}, line: "3 differences on 3 images: 1 more, 1 missing, 1 changed.", neverInTables: accepted2,
		},
		{
			recipe: "changes", name: "an image fewer", images: agreement(t, map[string][]string{image: {}, other: {}}),
			table: []string{"| `" + unshared + "` | no one | in the record | **not in the file** |"}, line: "1 difference on 1 image: 1 came to or left the file.",
		},
		{recipe: "changes", name: "nothing accepted", first: true, table: []string{"Nothing was accepted yet."}, line: "Nothing was accepted yet."},
	} {
		inParallel(t, c.recipe, "report: "+c.name, func(t *testing.T, r *row) {
			policyTool(t, "jq")
			s := newService(t, nil)
			tf := review(t, c.recipe)
			if c.recipe == "changes" && !c.first {
				accept(t, tf, s)
			}
			s.edit(t, c.edit)
			if c.images != "" {
				tf.Write(t, "images.json", c.images)
			}
			prepare(t, tf, s.env, append(planArguments, "-out=plan.bin")...)
			report := func(args string) string {
				output, code := runScript(t, tf, nil, []string{"jq"}, "-ec", "terraform show -json plan.bin >plan.json; jq -rf report.jq "+args+" plan.json")
				if code != 0 {
					t.Errorf("exit code %d:\n%s", code, output)
				}
				return output
			}
			r.check(t, want{says: c.table, never: strings.Fields(c.neverInTables)}, report(""), 0)
			line := report("--arg as line")
			if want := c.line + "\n"; line != want {
				t.Errorf("the line is %q, want %q", line, want)
			}
		})
	}
}

// The report refuses what it does not know, and a plan in which nothing was read: of neither does it say that nothing differs.
func TestRecipesReportOther(t *testing.T) {
	policyTool(t, "jq")
	tf := acc.NewTerraform(t, folder(t, recipes, ".jq"))
	output, code := runScript(t, tf, nil, []string{"jq"}, "-c", `echo '{"configuration": {"root_module": {}}}' | jq -rf report.jq`)
	check(t, "drift", "report: another plan", want{code: 5, says: []string{"this is no plan of the recipe"}}, output, code)
	for _, recipe := range []string{"drift", "changes"} {
		inParallel(t, recipe, "report: of an outage", func(t *testing.T, r *row) {
			s := newService(t, nil)
			tf := review(t, recipe)
			if recipe == "changes" {
				accept(t, tf, s)
			}
			output, code := runScript(t, tf, s.outage, []string{"jq"}, "-c", "terraform "+strings.Join(planArguments, " ")+` -out=plan.bin >plan.txt 2>&1
				test -e plan.bin || { echo there is no plan to report; exit 5; }
				terraform show -json plan.bin >plan.json; jq -rf report.jq plan.json`)
			r.check(t, want{code: 5, says: []string{"no"}, never: []string{"Nothing"}}, output, code)
		})
	}
}

// The workflow builds the provider and installs it where terraform init finds it, with no registry and no mirror.
func TestRecipesDriftInstall(t *testing.T) {
	tf := review(t, "drift")
	home := t.TempDir()
	tf.Write(t, "empty.tfrc", "")
	env := slices.Concat(newService(t, nil).env, []string{"HOME=" + home, "TF_CLI_CONFIG_FILE=" + filepath.Join(tf.Dir, "empty.tfrc")})
	install := exec.Command("make", "-C", "../../..", "install")
	install.Env = append(os.Environ(), "HOME="+home)
	if output, err := install.CombinedOutput(); err != nil {
		t.Fatalf("make install: %v\n%s", err, output)
	}
	prepare(t, tf, env, "init", "-input=false", "-no-color")
	output, code := tf.Run(t, env, append(slices.Clone(planArguments), "-state=none.tfstate", "-detailed-exitcode")...)
	check(t, "drift", "workflow: make install, init, plan", want{says: none, never: []string{"development overrides"}}, output, code)
}
