// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// record names a variable that has TestRecipesOPA write the plans again that the policy's own tests look at.
const record = "RECIPES_RECORD"

func TestRecipesOPA(t *testing.T) { testPolicy(t, "opa", "check.sh") }

func TestRecipesConftest(t *testing.T) { testPolicy(t, "conftest", "conftest.sh") }

// policyCase is a configuration that somebody wrote, which a policy kept in another folder judges.
type policyCase struct {
	name, configuration string // "": the recipe's own
	edit                func(*emulator.Fixtures)
	applied             bool // before the edit
	outage              bool
	args                []string
	files               map[string]string // next to the configuration; its policy and an allow list of image alone are in policy/
	want                want
	recorded            string // as a case of the policy's own tests
}

func policyCases(t *testing.T) []policyCase {
	t.Helper()
	allows := want{code: 0, says: []string{"ALLOWED"}}
	denies := func(says ...string) want {
		return want{code: 1, says: append(says, "DENIED"), never: []string{"ALLOWED", "Images Could Not Be Read"}}
	}
	const stale = "does not prove that data.scp_virtualserver_image_members.golden was read for it"
	const finding = image + "/" + stranger + " not allowed"
	twoImages := allowList(t, map[string][]string{image: everyone, unshared: {}})
	// SCP answers for an image that is public as it did before.
	open := func(f *emulator.Fixtures) {
		body := `{"members": [{"member_id": "` + strings.Join(everyone, `"}, {"member_id": "`) + `"}]}`
		find(f, image).Visibility, find(f, image).Fault = "public", &emulator.Fault{Status: 200, Body: &body}
	}
	images := func(text string) map[string]string { return map[string]string{"policy/images.json": text} }
	const listStale = "does not prove that module.list.data.scp_virtualserver_images.all was read for it"
	const noCount = "data \"scp_virtualserver_images\" \"all\" {\n  count = 0\n}\n"
	listing := folder(t, "testdata/opa/listed/list")["main.tf"]
	unproven := regexp.MustCompile(`(?s)  lifecycle \{.*\n  \}\n`).ReplaceAllString(listing, "")
	cases := []policyCase{
		{name: "the list left out by -target", configuration: "listed", edit: open, want: denies(listStale),
			args: []string{"-target=data.scp_virtualserver_image_members.golden"}},
		{name: "the list left out by -exclude", configuration: "listed", edit: open, want: denies(listStale),
			args: []string{"-exclude=module.list"}},
		{name: "the list with count = 0", configuration: "listed", edit: open, want: denies(listStale),
			files: map[string]string{"list/override.tf": noCount}},
		{name: "the module of the list with count = 0", configuration: "listed", edit: open, want: denies(listStale),
			files: map[string]string{"override.tf": "module \"list\" {\n  count = 0\n}\n"}},
		{name: "the list without a postcondition", configuration: "listed", want: denies(listStale),
			files: map[string]string{"list/main.tf": unproven}},
		{name: "an unknown key", configuration: "root", files: images(misspelt(t, "Trusted")), want: denies("the key Trusted")},
		{name: "read in a module's module", configuration: "child", want: allows, recorded: "child"},
		{name: "several images at once", configuration: "several", files: images(twoImages), want: allows},
		{name: "read on apply", configuration: "deferred", want: denies("golden is only read on apply"), recorded: "deferred"},
		{name: "nothing read", configuration: "absent", want: denies("does not show who image " + image)},
		{name: "read in a check block", configuration: "nested", want: denies("keep it out of check blocks"), recorded: "nested"},
		{name: "left out by -target", configuration: "root", args: []string{"-target=terraform_data.other"},
			want: denies("does not show who image")},
		{name: "read earlier, -target", configuration: "root", applied: true, edit: oneMore,
			args: []string{"-target=terraform_data.other"}, want: denies(stale)},
		{name: "read earlier, -destroy", configuration: "root", applied: true, edit: oneMore,
			args: []string{"-destroy", "-refresh=false"}, want: denies(stale)},
		{name: "read earlier, -refresh=false", configuration: "root", applied: true, edit: oneMore,
			args: []string{"-refresh=false"}, want: denies(finding)},
		{name: "an override with count = 0", configuration: "root", edit: oneMore, files: map[string]string{
			"override.tf": "data \"scp_virtualserver_image_members\" \"golden\" {\n  count = 0\n}\n",
		}, want: denies("does not show who image")},
		{name: "without a postcondition", configuration: "unproven", want: denies(stale)},
		{name: "public, shown by another read", configuration: "listed", edit: open, want: denies(image + " open to everybody: public")},
		{name: "public, shown by nothing", configuration: "root", edit: open, want: allows},
		{name: "endpoint in the provider block", configuration: "endpoint", want: denies("sets endpoint_override")},
		{name: "a policy that denies nothing", configuration: "root", want: denies(),
			files: map[string]string{"policy/policy.rego": "package other\n\ndeny := []\n"}},
	}
	// A configuration file of conftest in the author's folder changes nothing.
	for file, texts := range map[string][]string{
		"conftest.yaml": {`update: ["file://lax/"]`}, "conftest.toml": {`policy = ["lax"]`, `namespace = ["none"]`, `no-fail = true`},
	} {
		for _, text := range texts {
			cases = append(cases, policyCase{name: "one more, own " + text, configuration: "root", edit: oneMore, want: denies(finding),
				files: map[string]string{file: text, "lax/policy.rego": "package main\n\ndeny contains \"never\" if false\n"}})
		}
	}
	for _, c := range fleetCases {
		own := policyCase{name: c.name, edit: c.edit, outage: c.outage, want: policyWants(c)}
		if c.images != "" {
			own.files = map[string]string{"images.json": c.images}
		}
		if c.name == asAllowed.name {
			own.recorded = "allowed"
		}
		cases = append(cases, own)
	}
	return cases
}

// policyWants is what the policy says of a case: it prints pairs without regions, and reads only the members.
func policyWants(c fleetCase) want {
	switch {
	case c.fails != nil || c.unread != nil:
		return want{code: 1, says: append(slices.Clone(c.fails), c.unread...)}
	case c.finds == nil || c.unseen:
		return want{code: 0, says: []string{"ALLOWED"}, never: []string{"Error"}}
	}
	w := want{code: 1}
	for _, finding := range c.finds {
		pair, text, _ := strings.Cut(strings.TrimPrefix(finding, "kr-west1/"), " ")
		text, _, _ = strings.Cut(text, ":")
		text, _, _ = strings.Cut(text, " (")
		w.says = append(w.says, pair+" "+text)
	}
	return w
}

// testPolicy puts plans to the policy with a script of the recipe that runs tool.
func testPolicy(t *testing.T, tool, script string) {
	t.Helper()
	for _, c := range policyCases(t) {
		inParallel(t, tool, c.name, func(t *testing.T, r *row) {
			policyTool(t, tool)
			if len(c.args) > 0 && strings.HasPrefix(c.args[0], "-exclude") {
				r.needs(t, "-exclude")
			}
			s, tf, args := newService(t, nil), review(t, "opa"), []string{script, "images.json", "-var-file=images.json"}
			if c.configuration != "" {
				tf = acc.NewTerraform(t, folder(t, filepath.Join("testdata/opa", c.configuration)))
				args = []string{"policy/" + script, "policy/images.json"}
				for name, text := range folder(t, filepath.Join(recipes, "opa"), ".sh", ".rego") {
					tf.Write(t, filepath.Join("policy", name), text)
				}
				tf.Write(t, "policy/images.json", allowList(t, map[string][]string{image: everyone}))
			}
			for name, text := range c.files {
				tf.Write(t, name, text)
			}
			prepare(t, tf, nil, "get", "-no-color")
			if c.applied {
				prepare(t, tf, s.env, "apply", "-auto-approve", "-no-color")
			}
			s.edit(t, c.edit)
			env := append(s.environment(c.outage), "CONFTEST_NAMESPACE=none", "CONFTEST_NO_FAIL=true", "OPA_EVAL_FORMAT=none",
				"TF_CLI_ARGS_plan=-destroy")
			output, code := runScript(t, tf, env, []string{tool}, slices.Concat(args, c.args, []string{"-no-color"})...)
			r.check(t, c.want, strings.ReplaceAll(output, "│ ", ""), code)
			if code != 0 && !strings.HasSuffix(output, "DENIED\n") {
				t.Errorf("the output does not end with DENIED:\n%s", output)
			}
			recordPlan(t, filepath.Join(tf.Dir, "plan.json"), c.recorded)
		})
	}
}

// recordPlan writes a plan, if that is asked for, where the policy's own tests find it, without what no policy looks at.
func recordPlan(t *testing.T, file, name string) {
	t.Helper()
	if name == "" || os.Getenv(record) == "" {
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var plan map[string]any
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"planned_values", "relevant_attributes", "timestamp", "variables"} {
		delete(plan, key)
	}
	maps.DeleteFunc(plan["configuration"].(map[string]any), func(key string, _ any) bool {
		return key != "provider_config" && key != "root_module"
	})
	text, err = json.MarshalIndent(plan, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(recipes, "opa", "plans", name, "plan.json")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The own tests of the policy and of the rules for images.json, over recorded plans: each that the files have is run, and all pass.
func TestRecipesOPAUnit(t *testing.T) {
	opa, dir := policyTool(t, "opa"), filepath.Join(recipes, "opa")
	run := func(args ...string) (output string, code int) {
		command := exec.CommandContext(t.Context(), opa, args...)
		command.Dir = dir
		return acc.Output(t, command)
	}
	// A loaded machine needs longer than the default of 5 seconds for each test.
	output, code := run("test", "--timeout", "2m", ".")
	count := 0
	for _, text := range folder(t, dir, ".rego") {
		count += strings.Count("\n"+text, "\ntest_")
	}
	add("opa", "opa test").check(t, want{code: 0, says: []string{fmt.Sprintf("PASS: %d/%d", count, count)}}, output, code)
	output, code = run("check", "--strict", "policy.rego", "list.rego")
	add("opa", "opa check --strict").check(t, want{code: 0}, output, code)
}
