// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// pipeline is what is run here of a pipeline's file, as it is written there.
type pipeline struct{ checkCommit, build, review, summary string }

// readPipelines reads the files of both pipelines with terraform's own decoder of YAML.
func readPipelines(t *testing.T) map[string]pipeline {
	t.Helper()
	tf := acc.NewTerraform(t, folder(t, filepath.Join(recipes, "review"), ".yml"))
	command := tf.Command(t, nil, "console")
	read := `base64encode(jsonencode({ for name in ["github", "gitlab"] : name => yamldecode(file("${name}.yml")) }))`
	command.Stdin = strings.NewReader(read)
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(strings.Trim(string(output), "\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	type hub struct {
		Steps []struct{ Name, Run string }
	}
	type lab struct {
		BeforeScript []string `json:"before_script"`
		Script       []string
		AllowFailure any `json:"allow_failure"`
		Variables    map[string]string
	}
	var found struct {
		GitHub struct{ Jobs map[string]hub }
		GitLab struct {
			Provider, Review, Summary lab
		}
	}
	renamed := strings.NewReplacer(`"image-review":`, `"review":`, `"image-reviews":`, `"summary":`).Replace(string(text))
	if err := json.Unmarshal([]byte(renamed), &found); err != nil {
		t.Fatal(err)
	}
	step := func(job, name string) string {
		for _, step := range found.GitHub.Jobs[job].Steps {
			if strings.HasPrefix(step.Name, name) {
				return step.Run
			}
		}
		t.Fatalf("github.yml: the job %s has no step %q", job, name)
		return ""
	}
	script := func(job lab) string {
		if job.AllowFailure != nil {
			t.Errorf("gitlab.yml allows a failure: %v", job.AllowFailure)
		}
		lines := slices.Concat([]string{"export REPORTS=" + job.Variables["REPORTS"]}, job.BeforeScript, job.Script)
		return strings.Join(lines, "\n")
	}
	build := found.GitLab.Provider
	commit := slices.IndexFunc(build.Script, func(line string) bool { return strings.Contains(line, "PROVIDER_COMMIT is not") })
	return map[string]pipeline{
		"github": {step("build", "Check that the provider"), step("build", "Pack"), step("review", "Review"), step("summary", "Summary")},
		"gitlab": {build.Script[commit], script(build), script(found.GitLab.Review), script(found.GitLab.Summary)},
	}
}

// Without a commit that somebody has reviewed, a pipeline runs nothing.
func TestRecipesPipelineCommit(t *testing.T) {
	for name, pipeline := range readPipelines(t) {
		for commit, want := range map[string]int{
			"": 1, "main": 1, "v1.0.0": 1, "0123abc": 1, strings.Repeat("0A", 20): 1,
			strings.Repeat("0a", 20) + "\nx": 1, strings.Repeat("0a", 20): 0,
		} {
			command := exec.CommandContext(t.Context(), "sh", "-ec", pipeline.checkCommit)
			command.Env = append(os.Environ(), "PROVIDER_COMMIT="+commit)
			output, code := acc.Output(t, command)
			if said := strings.Contains(output, "PROVIDER_COMMIT is not a commit"); code != want || said != (want == 1) {
				t.Errorf("%s.yml with the commit %q: exit code %d, printed %q", name, commit, code, output)
			}
		}
	}
}

// run is a run of a pipeline: a folder with the checkout, and what its machine has.
type run struct {
	tf   acc.Terraform
	env  []string
	name string
	pipeline
}

// newRun has a checkout in which somebody has put more than images/.
func newRun(t *testing.T, name string, images map[string]string) run {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	all := map[string]string{
		// What this test has in place of GitHub's repository of the provider, and of a package manager.
		"bin/git": "#!/bin/sh\ncase $* in\n  'init -q '*) ln -s " + root + "/* " + root + `/.ci "$3/" ;;` +
			"\n  *fetch*|*FETCH_HEAD) ;;\n  *) exec " + git + ` "$@" ;;` + "\nesac\n",
		"bin/apk": "#!/bin/sh\n", "cli.tfrc": "",
		// A plugin that the checkout brings along would be newer than the one that is built.
		"checkout/.terraform.d/x": "", "temp/x": "", "checkout/images.auto.tfvars": `public = ["` + scratch + `"]`,
		"checkout/reports/7/production/report.json": `{"account": "` + partner + `", "findings": [], "result": "forged"}`,
	}
	checkout := "checkout"
	if name == "github" {
		checkout = "checkout/repository"
	} else {
		all["checkout/provider/x"] = ""
	}
	for account, list := range images {
		all[filepath.Join(checkout, "images", account+".json")] = list
	}
	tf := acc.NewTerraform(t, all)
	if name == "github" {
		if err := os.Symlink(root, filepath.Join(tf.Dir, "checkout/provider")); err != nil {
			t.Fatal(err)
		}
	}
	for _, tool := range []string{"git", "apk"} {
		if err := os.Chmod(filepath.Join(tf.Dir, "bin", tool), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	r := run{tf: tf, name: name, pipeline: readPipelines(t)[name]}
	r.env = []string{
		"PROVIDER_COMMIT=" + strings.Repeat("0a", 20), "RUNNER_TEMP=" + filepath.Join(tf.Dir, "temp"), "HOME=" + bin,
		"GITHUB_STEP_SUMMARY=" + filepath.Join(tf.Dir, "step.md"), "CI_PIPELINE_ID=8", "TF_CLI_CONFIG_FILE=" + filepath.Join(tf.Dir, "cli.tfrc"),
	}
	return r
}

// pack builds the archive. It has to succeed.
func (r run) pack(t *testing.T) {
	t.Helper()
	if output, code := r.step(t, "checkout", nil, r.build); code != 0 {
		t.Fatalf("the build exits with %d:\n%s", code, output)
	}
}

// step runs the script of a job.
func (r run) step(t *testing.T, dir string, env []string, script string) (output string, code int) {
	t.Helper()
	script = `export PATH="` + filepath.Join(r.tf.Dir, "bin") + `:$PATH"` + "\ncd " + dir + "\n" + script
	return runScript(t, r.tf, slices.Concat(r.env, env), []string{"jq"}, "-ec", script)
}

// Both pipelines, as they are written: each account's review, and the last job, which says which account was not reviewed.
func TestRecipesPipelines(t *testing.T) {
	both := map[string]string{
		"platform":   allowListWith(t, nil),
		"production": allows(t, partner, "kr-west1", partners, partnersOther),
	}
	good := allowListWith(t, map[string]any{"account": partner, "images": map[string][]string{
		partners: {accepted1, account}, partnersOther: {account},
	}})
	for _, name := range []string{"github", "gitlab"} {
		inParallel(t, "review", name+": all jobs", func(t *testing.T, row *row) {
			policyTool(t, "jq")
			r := newRun(t, name, both)
			up, others := newService(t, nil), newService(t, nil)
			review := func(account string, env []string, want int) {
				t.Helper()
				url, sent := heartbeats(t)
				dir := map[string]string{"github": "temp", "gitlab": "checkout"}[name]
				output, code := r.step(t, dir, slices.Concat(env, []string{"ACCOUNT=" + account, "HEARTBEAT_URL=" + url}), r.review)
				if code != want || (sent.Load() == 1) != (want != 1) {
					t.Errorf("the review of %s exits with %d, want %d, and sends %d heartbeats:\n%s", account, code, want, sent.Load(), output)
				}
			}
			summary := func(code int, says ...string) {
				t.Helper()
				dir := map[string]string{"github": "checkout/repository", "gitlab": "checkout"}[name]
				output, got := r.step(t, dir, nil, r.summary)
				row.check(t, want{code: code, says: says}, output, got)
			}
			keys := keysOf(t, partner)
			if name == "gitlab" { // a build that failed has packed the lists alone; on GitHub there is no archive then
				if output, code := r.step(t, "checkout", []string{"PROVIDER_COMMIT="}, r.build); code != 1 {
					t.Fatalf("the build exits with %d:\n%s", code, output)
				}
			}
			summary(1, "- **platform: not reviewed**", "- **production: not reviewed**")
			r.pack(t)
			summary(1, "- **platform: not reviewed**", "- **production: not reviewed**")
			review("platform", up.env, 0)
			review("production", append(slices.Clone(others.env), keys...), 2)
			summary(2, "- platform: 4 images: kr-west1 4; no finding",
				"- **production**: 2 images: kr-west1 2; 3 findings; 3 not allowed: 2 accounts on 2 images")
			review("production", append(slices.Clone(others.outage), keys...), 1)
			summary(1, "- platform: 4 images", "- **production: not reviewed**")

			// A list that no job reviews, or that is of another account than the report, is said too.
			r = newRun(t, name, map[string]string{"platform": good, "analytics": good})
			r.pack(t)
			review("platform", append(slices.Clone(others.env), keys...), 0)
			summary(1, "- **analytics: not reviewed**", "- platform: 2 images: kr-west1 2; no finding")
		})
	}
}

// The steps that other people's words reach are named, so that nothing of the checkout decides: the review has no checkout of its own.
func TestRecipesPipelineHasNoCheckout(t *testing.T) {
	all := files(t, "review")
	_, review, _ := strings.Cut(all["github.yml"], "\n  review:\n")
	review, _, _ = strings.Cut(review, "\n  summary:\n")
	if strings.Contains(review, "actions/checkout") {
		t.Error("github.yml: the job review has a checkout")
	}
	for _, job := range []string{"image-review:", "image-reviews:"} {
		_, text, _ := strings.Cut(all["gitlab.yml"], "\n"+job+"\n")
		text, _, _ = strings.Cut(text, "\n\n")
		if !strings.Contains(text, "GIT_STRATEGY: none") {
			t.Errorf("gitlab.yml: the job %s has a checkout: %s", job, fmt.Sprintf("%.80q", text))
		}
	}
}
