// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// pipelineFolder is a repository in which a pipeline runs, with the provider's checkout in it, and the allow list of the account
// platform: the given one, or images.json.
func pipelineFolder(t *testing.T, images string) acc.Terraform {
	t.Helper()
	if images == "" {
		images = folder(t, recipes, ".json")["images.json"]
	}
	all := map[string]string{"images/platform.json": images}
	all["provider/examples/recipes/report.jq"] = folder(t, recipes, ".jq")["report.jq"]
	for name, text := range files(t, "review") {
		if name != "review.sh" {
			all["provider/examples/recipes/review/"+name] = text
		}
	}
	tf := acc.NewTerraform(t, all)
	// A link, because a program that this process has just written cannot always be run: another child may still have it open.
	script, err := filepath.Abs(filepath.Join(recipes, "review/review.sh"))
	if err == nil {
		err = os.Symlink(script, filepath.Join(tf.Dir, "provider/examples/recipes/review/review.sh"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return tf
}

// pipeline is what is run here of a pipeline's file, as it is written there.
type pipeline struct{ checkCommit, review string }

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
	var found struct {
		GitHub struct {
			Jobs struct {
				Review struct {
					Steps []struct{ Name, Run string }
				}
			}
		}
		GitLab struct {
			Provider struct{ Script []string }
			Review   struct {
				BeforeScript []string `json:"before_script"`
				Script       []string
				AllowFailure struct {
					ExitCodes int `json:"exit_codes"`
				} `json:"allow_failure"`
			} `json:"image-review"`
		}
	}
	if err := json.Unmarshal(text, &found); err != nil {
		t.Fatal(err)
	}
	lab := found.GitLab.Review
	for _, line := range lab.BeforeScript {
		if !strings.HasPrefix(line, "export ") && !strings.HasSuffix(line, " || exit 1") {
			t.Errorf("gitlab.yml: %q could end with the exit code of a review with findings", line)
		}
	}
	if lab.AllowFailure.ExitCodes != 2 {
		t.Errorf("gitlab.yml allows the exit code %d", lab.AllowFailure.ExitCodes)
	}
	steps := found.GitHub.Jobs.Review.Steps
	return map[string]pipeline{
		"github": {checkCommit: steps[0].Run, review: steps[len(steps)-1].Run},
		"gitlab": {checkCommit: found.GitLab.Provider.Script[0], review: strings.Join(lab.Script, "\n")},
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
			output, _ := command.CombinedOutput()
			said := strings.Contains(string(output), "PROVIDER_COMMIT is not a commit")
			if code := command.ProcessState.ExitCode(); code != want || said != (want == 1) {
				t.Errorf("%s.yml with the commit %q: exit code %d, printed %q", name, commit, code, output)
			}
		}
	}
}

// heartbeats counts what is sent to a URL.
type heartbeats struct {
	url  string
	mu   sync.Mutex
	sent []string
}

func newHeartbeats(t *testing.T) *heartbeats {
	t.Helper()
	h := &heartbeats{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.sent = append(h.sent, string(text))
	}))
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// run runs a pipeline's review as the pipeline does. Only a review that was made sends a heartbeat.
func (p pipeline) run(t *testing.T, tf acc.Terraform, env []string) (summary string, code int) {
	t.Helper()
	beats := newHeartbeats(t)
	stepSummary := filepath.Join(tf.Dir, "step.md")
	env = slices.Concat(env, []string{"ACCOUNT=platform", "GITHUB_STEP_SUMMARY=" + stepSummary, "HEARTBEAT_URL=" + beats.url})
	output, code := runScript(t, tf, env, []string{"jq"}, "-ec", p.review)
	text, err := os.ReadFile(filepath.Join(tf.Dir, "reports/summary.md"))
	if err != nil {
		t.Fatalf("%v; printed:\n%s", err, output)
	}
	if step, err := os.ReadFile(stepSummary); err == nil && string(step) != string(text) {
		t.Errorf("the summary of the step is\n%s", step)
	}
	if verdict, _, _ := strings.Cut(string(text), "\n\naccount"); !strings.Contains(output, verdict) {
		t.Errorf("this is printed:\n%s", output)
	}
	_, junit := os.Stat(filepath.Join(tf.Dir, "reports/junit.xml"))
	if want := map[int]int{0: 1, 2: 1}[code]; len(beats.sent) != want || (junit == nil) != (want == 1) {
		t.Errorf("exit code %d, %d heartbeats, JUnit: %v", code, len(beats.sent), junit)
	}
	return string(text), code
}

// Both pipelines build the provider and install it where terraform init finds it, with no registry and no mirror.
func TestRecipesPipelineInstall(t *testing.T) {
	pipelines := readPipelines(t)
	policyTool(t, "jq")
	tf := pipelineFolder(t, "")
	home := t.TempDir()
	tf.Write(t, "cli.tfrc", "")
	env := slices.Concat(newService(t, nil).env, []string{"HOME=" + home})
	install := exec.CommandContext(t.Context(), "make", "-C", "../../..", "install")
	install.Env = append(os.Environ(), "HOME="+home)
	if output, err := install.CombinedOutput(); err != nil {
		t.Fatalf("make install: %v\n%s", err, output)
	}
	prepare(t, tf, env, "-chdir=provider/examples/recipes/review", "init", "-input=false", "-no-color")
	summary, code := pipelines["github"].run(t, tf, env)
	check(t, "review", "pipeline: make install, init, review", want{says: []string{"As allowed."}}, summary, code)
}

// A review of which a report is missing does not pass.
func TestRecipesPipelineNeedsEachReport(t *testing.T) {
	script := readPipelines(t)["gitlab"].review
	for _, form := range []string{"json", "table", "accounts", "matrix", "junit", "line"} {
		inParallel(t, "review", "pipeline: no report as "+form, func(t *testing.T, r *row) {
			policyTool(t, "jq")
			tf := pipelineFolder(t, "")
			known := `$form == "` + form + `" then`
			report := folder(t, recipes, ".jq")["report.jq"]
			if !strings.Contains(report, known) {
				t.Fatalf("report.jq does not have %s", known)
			}
			tf.Write(t, "provider/examples/recipes/report.jq", strings.Replace(report, known, known+` error("no report") |`, 1))
			output, code := runScript(t, tf, append(newService(t, nil).env, "ACCOUNT=platform"), []string{"jq"}, "-ec", script)
			r.check(t, want{code: 1, says: []string{"no report"}}, output, code)
		})
	}
}
