// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// reviewFolder is a folder with the recipe and the allow list of the account platform: the given one, or images.json.
func reviewFolder(t *testing.T, images string) acc.Terraform {
	t.Helper()
	policyTool(t, "jq")
	if images == "" {
		images = folder(t, recipes, ".json")["images.json"]
	}
	all := map[string]string{"images/platform.json": images, "recipes/report.jq": folder(t, recipes, ".jq")["report.jq"]}
	for name, text := range files(t, "review") {
		if name != "review.sh" {
			all["recipes/review/"+name] = text
		}
	}
	tf := acc.NewTerraform(t, all)
	// A link, because a program that this process has just written cannot always be run: another child may still have it open.
	script, err := filepath.Abs(filepath.Join(recipes, "review/review.sh"))
	if err == nil {
		err = os.Symlink(script, filepath.Join(tf.Dir, "recipes/review/review.sh"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return tf
}

// heartbeats counts what is sent to a URL.
func heartbeats(t *testing.T) (url string, sent *atomic.Int32) {
	t.Helper()
	sent = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent.Add(1) }))
	t.Cleanup(server.Close)
	return server.URL, sent
}

const reviewScript = "recipes/review/review.sh images/platform.json reports"

// runReview runs review.sh in tf's folder. Whatever happens, summary, reports and exit code agree, and nothing else is left.
func runReview(t *testing.T, tf acc.Terraform, env []string, script string) (summary, output string, code int) {
	t.Helper()
	work := t.TempDir()
	url, sent := heartbeats(t)
	env = slices.Concat([]string{"HEARTBEAT_URL=" + url}, env, []string{"TMPDIR=" + work})
	output, code = runScript(t, tf, env, []string{"jq"}, "-ec", script)
	text, err := os.ReadFile(filepath.Join(tf.Dir, "reports/summary.md"))
	if err != nil {
		t.Fatalf("%v; printed:\n%s", err, output)
	}
	summary = string(text)
	for verdict, want := range map[string]int{"**As allowed.**": 0, "**Findings.**": 2, "**Not reviewed.**": 1} {
		if strings.Contains(summary, verdict) != (code == want) {
			t.Errorf("exit code %d, and the summary is:\n%s", code, summary)
		}
	}
	wanted, beating := []string{"junit.xml", "last-report.json", "line.txt", "report.json", "summary.md"}, int32(1)
	if code == 1 {
		wanted, beating = []string{"summary.md"}, 0
	}
	var found []string
	entries, err := os.ReadDir(filepath.Join(tf.Dir, "reports"))
	for _, entry := range entries {
		if code != 1 || entry.Name() != "last-report.json" {
			found = append(found, entry.Name())
		}
	}
	if left, _ := os.ReadDir(work); err != nil || !slices.Equal(found, wanted) || len(left) != 0 {
		t.Errorf("exit code %d leaves %q and %d temporary files (%v)", code, found, len(left), err)
	}
	titled := strings.HasPrefix(summary, "## ") && !strings.Contains(script, reviewScript+" ")
	if said, _, _ := strings.Cut(summary, "\n\n"); titled && !strings.Contains(output, said) {
		t.Errorf("exit code %d, and this is printed:\n%s", code, output)
	}
	if sent.Load() != beating {
		t.Errorf("exit code %d, %d heartbeats", code, sent.Load())
	}
	return summary, output, code
}

// review runs review.sh for a line of the report.
func (r *row) review(t *testing.T, tf acc.Terraform, env []string, script string, want want) {
	t.Helper()
	summary, output, code := runReview(t, tf, env, script)
	r.check(t, want, summary+output, code)
}

// The review is alone: nothing beside the recipe, beside the allow list or where it is called has a say, and no variable.
func TestRecipesReviewIsAlone(t *testing.T) {
	tfvars, override := `public = ["`+scratch+`"]`, "locals {\n  findings = {}\n}\n"
	for _, c := range []struct {
		name      string
		files     map[string]string
		variables []string
	}{
		{name: "files beside the recipe", files: map[string]string{
			"terraform.tfvars.json": `{"public": ["` + scratch + `"]}`, "x.auto.tfvars": tfvars, "x_override.tf": override,
			"x_override.tofu": override, "main.tofu": `variable "account" {}`, ".terraform/environment": "other",
			"other.tf": `output "other" { value = plantimestamp() }`, "backend.tf": "terraform {\n  backend \"http\" {}\n}\n",
		}},
		{name: "files where it is called and beside the list", files: map[string]string{
			"../../x.auto.tfvars": tfvars, "../../x_override.tf": override, "../../images/x.auto.tfvars": tfvars,
		}},
		{name: "variables of all kinds", variables: []string{
			`TF_VAR_public=["` + scratch + `"]`, "TF_CLI_ARGS_plan=-destroy", "TF_CLI_ARGS=-help", "TF_WORKSPACE=other", "TF_DATA_DIR=/nowhere",
			`TF_REATTACH_PROVIDERS={"scp-community/scp":{"Protocol":"grpc","ProtocolVersion":6,"Pid":1,` +
				`"Test":true,"Addr":{"Network":"unix","String":"/nowhere"}}}`, "CDPATH=/",
		}},
	} {
		inParallel(t, "review", "open to everybody, and "+c.name, func(t *testing.T, r *row) {
			tf := reviewFolder(t, allowListWith(t, nil))
			for name, text := range c.files {
				tf.Write(t, filepath.Join("recipes/review", name), text)
			}
			env := slices.Concat(newService(t, visible(scratch, "public")).env, c.variables)
			r.review(t, tf, env, reviewScript, want{code: 2, says: []string{"1 open to everybody"}})
		})
	}
}

// Terraform installs plugins from its own folders, and a plugin runs with the keys: those of the repository with the allow list are none.
// The recipe's lock file counts, and it stays as it is.
func TestRecipesReviewPlugins(t *testing.T) {
	places := map[string]string{
		"HOME": "", "TF_CLI_CONFIG_FILE": "/cli.tfrc", "TERRAFORM_CONFIG": "/cli.tfrc", "XDG_DATA_HOME": "/share", "XDG_CONFIG_HOME": "/config",
		"XDG_DATA_DIRS": ":/usr/share", "TF_PLUGIN_CACHE_DIR": "/cache",
	}
	for name, rest := range places {
		for _, place := range []string{"", "/below"} {
			inParallel(t, "review", name+" in the repository"+place, func(t *testing.T, r *row) {
				tf := reviewFolder(t, "")
				tf.Write(t, ".git/config", "")
				tf.Write(t, "below/x", "")
				elsewhere := []string{"HOME=" + t.TempDir(), "TF_CLI_CONFIG_FILE=" + filepath.Join(t.TempDir(), "x")}
				env := slices.Concat(newService(t, nil).env, elsewhere, []string{name + "=" + tf.Dir + place + rest})
				r.review(t, tf, env, reviewScript, want{code: 1, says: []string{name + " is in the repository of the allow list."}})
			})
		}
	}
	for name, says := range map[string]string{"no lock file": "", "a lock file": "0.99.0"} {
		inParallel(t, "review", "a plugin where it is called, and "+name, func(t *testing.T, r *row) {
			tf, lock := reviewFolder(t, ""), ""
			for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
				lock += "provider \"" + registry + "/scp-community/scp\" {\n  version = \"0.99.0\"\n}\n"
				plugin := "terraform.d/plugins/" + registry + "/scp-community/scp/0.99.0/linux_amd64/terraform-provider-scp_v0.99.0"
				for _, folder := range []string{"", "images/", "recipes/review/"} {
					tf.Write(t, folder+plugin, "#!/bin/sh\ntouch "+tf.Dir+"/ran\n")
					if err := os.Chmod(filepath.Join(tf.Dir, folder+plugin), 0o700); err != nil {
						t.Fatal(err)
					}
				}
			}
			if says != "" {
				tf.Write(t, "recipes/review/.terraform.lock.hcl", lock)
			}
			tf.Write(t, "empty.tfrc", "")
			env := slices.Concat(newService(t, nil).env, []string{"TF_CLI_CONFIG_FILE=" + filepath.Join(tf.Dir, "empty.tfrc")})
			r.review(t, tf, env, reviewScript, want{code: 1, says: []string{"The provider is not installed on this machine.", says}})
			if _, err := os.Stat(filepath.Join(tf.Dir, "ran")); err == nil {
				t.Error("the plugin ran")
			}
			if kept := folder(t, filepath.Join(tf.Dir, "recipes/review"), ".hcl")[".terraform.lock.hcl"]; says != "" && kept != lock {
				t.Errorf("the lock file is now:\n%s", kept)
			}
		})
	}
}

// Whatever stops the review, a report or its reader, the verdict is one.
func TestRecipesReviewResult(t *testing.T) {
	type result struct {
		name, images, script string
		env                  []string
		want                 want
	}
	// jq fails where its arguments match, or does something else.
	jq := func(pattern, does string) string {
		return `mkdir bin; printf '#!/bin/sh\ncase "$*" in ` + pattern + `) ` + does + ` ;; *) exec %s "$@" ;; esac\n' "$(command -v jq)" ` +
			">bin/jq; chmod +x bin/jq; PATH=$PWD/bin:$PATH " + reviewScript
	}
	results := []result{
		{name: "a reader that stops", script: "set +e; " + reviewScript + " | true; exit ${PIPESTATUS[0]}", want: want{code: 2}},
		{name: "no reader", script: reviewScript + " >&-", want: want{code: 2}},
		{name: "true in trusted", images: allowListWith(t, map[string]any{"trusted": []any{true}}),
			want: want{code: 1, says: []string{"The allow list has an error.", "trusted/0"}}},
		{name: "a number for the account", images: allowListWith(t, map[string]any{"account": 5}),
			want: want{code: 1, says: []string{"The allow list has an error.", "account"}}},
		{name: "numbers in notes", images: allowListWith(t, map[string]any{"notes": []any{1, true}}), want: want{code: 2}},
		{name: "no allow list", script: "recipes/review/review.sh images/none.json reports",
			want: want{code: 1, says: []string{"cannot be read"}}},
		{name: "no jq", want: want{code: 1},
			script: "mkdir bin; ln -s $(command -v mkdir rm mktemp basename dirname cp cat sed env) bin/; PATH=$PWD/bin " + reviewScript},
		{name: "a program that stops it", script: "TF_ACC_TERRAFORM_PATH=$PWD/stop " + reviewScript, want: want{code: 1}},
		{name: "no engine", env: []string{"TF_ACC_TERRAFORM_PATH=/nowhere/tofu"},
			want: want{code: 1, says: []string{"no terraform and no tofu"}}},
		{name: "a last report that is none", script: "mkdir reports; echo '{' >reports/last-report.json; " + reviewScript,
			want: want{code: 2, says: []string{"No earlier report."}}},
		{name: "a last report of something else", want: want{code: 2, says: []string{"Not compared"}},
			script: `mkdir reports; echo '{"findings": [5], "names": 7}' >reports/last-report.json; ` + reviewScript},
		{name: "another run that goes on", want: want{code: 1, says: []string{"Another review is writing into this folder."}},
			script: "mkdir -p reports/.run; echo $$ >reports/.run/pid; set +e; " + reviewScript + "; code=$?; rm -r reports/.run; exit $code"},
		{name: "no verdict", script: jq("*verdict.jq*", ":"), want: want{code: 1, says: []string{"There is no verdict."}}},
		{name: "a run that was killed before", want: want{code: 2},
			script: "mkdir -p reports/.run; echo x >reports/.run/line.txt; " + reviewScript},
	}
	for _, form := range []string{"json", "table", "accounts", "matrix", "junit", "line"} {
		results = append(results, result{name: "no report as " + form, script: jq(`*" as `+form+` "*`, "exit 5"),
			want: want{code: 1, says: []string{"The review itself failed."}}})
	}
	for _, c := range results {
		inParallel(t, "review", "one more, "+c.name, func(t *testing.T, r *row) {
			tf := reviewFolder(t, c.images)
			tf.Write(t, "stop", "#!/bin/sh\nkill -TERM $PPID\n")
			if err := os.Chmod(filepath.Join(tf.Dir, "stop"), 0o700); err != nil {
				t.Fatal(err)
			}
			r.review(t, tf, append(newService(t, oneMore).env, c.env...), cmp.Or(c.script, reviewScript), c.want)
		})
	}
}

// What is new is said against the last review that was made, and an image that is gone has the name that it had.
func TestRecipesReviewSince(t *testing.T) {
	inParallel(t, "review", "what is new, day by day", func(t *testing.T, r *row) {
		s, tf := newService(t, nil), reviewFolder(t, "")
		day := func(edit func(*emulator.Fixtures), outage bool, code int, says ...string) {
			t.Helper()
			s.edit(t, edit)
			summary, _, got := runReview(t, tf, s.environment(outage), reviewScript)
			r.check(t, want{code: code, says: says}, summary, got)
		}
		day(nil, false, 0, "- No earlier report.")
		day(oneMore, false, 2, ": 1 new, 0 no longer.", "- new: not allowed `db-base` `"+image+"` `"+stranger+"` `kr-west1`")
		day(both(oneMore, remove(other)), true, 1)
		day(both(oneMore, remove(other)), false, 2, ": 1 new, 0 no longer.", "- new: not in SCP's list `web-base` `"+other+"`")
		day(remove(other), false, 2, ": 0 new, 1 no longer.", "- no longer: not allowed `db-base`",
			"`web-base` `"+other+"`. It was deleted, or it is hidden")
		tf.Write(t, "images/platform.json", allowListWith(t, map[string]any{"regions": []string{"kr-west1", "kr-east1"}}))
		day(inEast(), false, 0, "- Not compared", "4 images: kr-east1 0, kr-west1 4; no finding")
	})
}

// With OpenTofu alone on PATH, the scripts run it.
func TestRecipesEngines(t *testing.T) {
	opa := policyTool(t, "opa")
	tf := reviewFolder(t, "")
	for name, text := range files(t, "opa") {
		tf.Write(t, "opa/"+name, text)
	}
	only := func(name string) string {
		dir := t.TempDir()
		for name, path := range map[string]string{name: acc.Binary(), "opa": opa, "jq": policyTool(t, "jq")} {
			if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		return "unset TF_ACC_TERRAFORM_PATH; PATH=" + dir + ":/usr/bin:/bin; cd " + tf.Dir + "; "
	}
	for _, name := range []string{"tofu", "terraform"} {
		_, output, code := runReview(t, tf, newService(t, nil).env, only(name)+reviewScript)
		add("review", name+" alone on PATH").check(t, want{code: 0, says: []string{"As allowed."}}, output, code)
		script := only(name) + "cd opa; bash check.sh ../images/platform.json -var-file=../images/platform.json"
		output, code = runScript(t, tf, newService(t, nil).env, nil, "-ec", script)
		add("opa", name+" alone on PATH").check(t, want{code: 0, says: []string{"ALLOWED"}}, output, code)
	}
}
