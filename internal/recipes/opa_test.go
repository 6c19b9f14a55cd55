package recipes

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/acctest"
	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// record names a variable that has TestRecipesOPA write the plans again that the policy's own tests look at.
const record = "RECIPES_RECORD"

// policyTool returns the path in RECIPES_OPA or RECIPES_CONFTEST, which the Makefile sets to what it builds.
func policyTool(t *testing.T, name string) string {
	t.Helper()
	variable := "RECIPES_" + strings.ToUpper(name)
	path := os.Getenv(variable)
	if path == "" {
		skip(t, name, variable+" is not set; make recipes sets it")
	}
	return path
}

func TestRecipesOPA(t *testing.T) { testPolicy(t, "opa", "check.sh", "[]") }

func TestRecipesConftest(t *testing.T) {
	testPolicy(t, "conftest", "conftest.sh", "12 tests, 12 passed")
}

// testPolicy puts plans to the policy with a script of the recipe that runs tool, and that says allowed if nothing is denied.
func testPolicy(t *testing.T, tool, script, allowed string) {
	t.Setenv("PATH", filepath.Dir(policyTool(t, tool))+":"+os.Getenv("PATH"))
	allows := want{code: 0, says: []string{allowed}}
	denies := func(says ...string) want { return want{code: 1, says: says, never: []string{"SCP Server Error"}} }
	const (
		notAllowed = "account " + stranger + ", which is not allowed"
		stale      = "does not prove that data.scp_virtualserver_image_members.golden was read for it"
	)
	unexpected := func(fixtures *emulator.Fixtures) {
		*members(t, fixtures) = append(*members(t, fixtures), emulator.Member{MemberID: stranger, Status: "pending"})
	}
	tests := []struct {
		name, configuration string
		edit                func(*emulator.Fixtures)
		applied             bool // before the edit
		outage              bool
		args                []string
		images              string // in place of the recipe's own
		want                want
		recorded            string // as a case of the policy's own tests
	}{
		{name: "as agreed", configuration: "root", want: allows, recorded: "allowed"},
		{name: "as agreed, read in a module's module", configuration: "child", want: allows, recorded: "child"},
		{
			name: "as agreed, several images at once", configuration: "several", recorded: "several", want: allows,
			images: `{"images": {"` + image + `": ` + quoted(everyone...) + `, "` + unshared + `": []}}`,
		},
		{name: "unexpected account", configuration: "root", edit: unexpected, want: denies(notAllowed), recorded: "unexpected"},
		{name: "unexpected account, in a module", configuration: "child", edit: unexpected, want: denies(notAllowed)},
		{name: "missing account", configuration: "root", edit: func(fixtures *emulator.Fixtures) {
			*members(t, fixtures) = (*members(t, fixtures))[1:]
		}, want: denies("is not shared with account " + rejected), recorded: "missing"},
		{name: "an image that images.json does not name", configuration: "several", want: denies("images.json does not name image c3d9")},
		{name: "an empty images.json", configuration: "root", images: "{}", want: denies("nothing would be checked")},
		{name: "read on apply", configuration: "deferred", want: denies("golden is only read on apply"), recorded: "deferred"},
		{name: "nothing read", configuration: "absent", want: denies("does not show whom image " + image), recorded: "absent"},
		{name: "read in a check block", configuration: "nested", want: denies("keep it out of check blocks"), recorded: "nested"},
		{name: "read left out by -target", configuration: "root", args: []string{"-target=terraform_data.other"}, want: denies("does not show whom image")},
		{name: "read earlier, left out by -target", configuration: "root", applied: true, edit: unexpected, args: []string{"-target=terraform_data.other"}, want: denies(stale)},
		{name: "read earlier, not for -destroy", configuration: "root", applied: true, edit: unexpected, args: []string{"-destroy", "-refresh=false"}, want: denies(stale)},
		{name: "read again with -refresh=false", configuration: "root", applied: true, edit: unexpected, args: []string{"-refresh=false"}, want: denies(notAllowed)},
		{name: "without a postcondition", configuration: "unproven", want: denies(stale)},
		{name: "an endpoint in the provider block", configuration: "endpoint", want: denies("sets endpoint_override")},
		{name: "outage", configuration: "root", outage: true, want: outageSays},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newService(t, nil)
			env := append(s.environment(test.outage), "CONFTEST_NAMESPACE=none", "CONFTEST_NO_FAIL=true", "OPA_EVAL_FORMAT=none")
			all := folder(t, filepath.Join("testdata/opa", test.configuration))
			maps.Copy(all, files(t, "opa"))
			if test.images != "" {
				all["images.json"] = test.images
			}
			tf := acctest.NewTerraform(t, all)
			prepare(t, tf, nil, "get", "-no-color")
			if test.applied {
				prepare(t, tf, env, "apply", "-auto-approve", "-no-color")
			}
			s.edit(t, test.edit)
			env = append(env, "TF_CLI_ARGS_plan=-no-color")
			output, code := runScript(t, tf, env, append([]string{script}, test.args...)...)
			check(t, tool, test.name, test.want, strings.ReplaceAll(output, "│ ", ""), code)
			if os.Getenv(record) != "" && test.recorded != "" {
				recordPlan(t, filepath.Join(tf.Dir, "plan.json"), test.recorded)
			}
		})
	}
}

// recordPlan writes a plan where the policy's own tests find it, without what no policy looks at.
func recordPlan(t *testing.T, file, name string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var plan map[string]any
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"planned_values", "relevant_attributes", "timestamp"} {
		delete(plan, key)
	}
	maps.DeleteFunc(plan["configuration"].(map[string]any), func(key string, _ any) bool { return key != "provider_config" })
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

// The policy's own tests, over recorded plans.
func TestRecipesOPAUnit(t *testing.T) {
	opa := policyTool(t, "opa")
	command := exec.Command(opa, "test", "--verbose", ".")
	command.Dir = filepath.Join(recipes, "opa")
	output, _ := command.CombinedOutput()
	check(t, "opa", "opa test", want{code: 0, says: []string{"PASS: 18/18"}}, string(output), command.ProcessState.ExitCode())
	strict := exec.Command(opa, "check", "--strict", "policy.rego")
	strict.Dir = command.Dir
	output, _ = strict.CombinedOutput()
	check(t, "opa", "opa check --strict", want{code: 0}, string(output), strict.ProcessState.ExitCode())
}
