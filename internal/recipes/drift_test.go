package recipes

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/acctest"
	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// driftCases are what may happen between the run that accepts the members and the review.
func driftCases(t *testing.T) []planCase {
	t.Helper()
	none := []string{"No changes."}
	return []planCase{
		{name: "no change", want: want{code: 0, says: none}},
		{name: "another order", edit: func(fixtures *emulator.Fixtures) {
			slices.Reverse(*members(t, fixtures))
		}, want: want{code: 0, says: none}},
		{name: "a member more", edit: func(fixtures *emulator.Fixtures) {
			list := members(t, fixtures)
			*list = append(*list, emulator.Member{
				MemberID: stranger, Status: "pending", CreatedAt: "2026-11-01T00:00:00Z", UpdatedAt: "2026-11-01T00:00:00Z",
			})
			slices.Reverse(*list)
		}, want: want{code: 2, says: []string{stranger}}},
		{name: "a member less", edit: func(fixtures *emulator.Fixtures) {
			list := members(t, fixtures)
			*list = slices.DeleteFunc(*list, func(m emulator.Member) bool { return m.MemberID == accepted2 })
		}, want: want{code: 2, says: []string{accepted2}}},
		{name: "a member answered", edit: func(fixtures *emulator.Fixtures) {
			list := *members(t, fixtures)
			list[slices.IndexFunc(list, func(m emulator.Member) bool { return m.MemberID == pending })].Status = "accepted"
		}, want: want{code: 2, says: []string{`"pending" -> "accepted"`}}},
		{name: "outage", outage: true, want: outageSays},
	}
}

// driftDiffs are the lines of the diff that show a change, in the order of terraform's, without their padding.
var driftDiffs = map[string][]string{
	"a member more": {
		"~ members = {", `+ "` + stranger + `" = {`, `+ created_at = "2026-11-01T00:00:00Z"`, `+ status = "pending"`, `+ updated_at = "2026-11-01T00:00:00Z"`,
	},
	"a member less": {
		"~ members = {", `- "` + accepted2 + `" = {`, `- created_at = "2026-01-19T02:00:00Z"`, `- status = "accepted"`, `- updated_at = "2026-01-20T11:45:00Z"`,
	},
	"a member answered": {"~ members = {", `~ "` + pending + `" = {`, `~ status = "pending" -> "accepted"`},
}

// diff returns what plan prints of changes.
func diff(output string) []string {
	_, changes, _ := strings.Cut(output, "Changes to Outputs:\n")
	var lines []string
	for line := range strings.Lines(changes) {
		words := strings.Fields(line)
		if len(words) > 0 && slices.Contains([]string{"+", "-", "~", "-/+"}, words[0]) {
			text, _ := strings.CutSuffix(strings.Join(words, " "), " -> null")
			lines = append(lines, text)
		}
	}
	return lines
}

// accepted is the recipe's folder after the run that accepts the members.
func accepted(t *testing.T, s *service) acctest.Terraform {
	t.Helper()
	tf := acctest.NewTerraform(t, files(t, "drift"))
	prepare(t, tf, s.env, "apply", "-auto-approve", "-no-color", "-input=false", "-var", "image_id="+image)
	return tf
}

// toReview is the recipe's folder after the run that accepts the members, and the environment of the review.
func toReview(t *testing.T, test planCase) (tf acctest.Terraform, env []string) {
	t.Helper()
	s := newService(t, nil)
	tf = accepted(t, s)
	s.edit(t, test.edit)
	return tf, s.environment(test.outage)
}

func TestRecipesDrift(t *testing.T) {
	for _, test := range driftCases(t) {
		t.Run(test.name, func(t *testing.T) {
			tf, env := toReview(t, test)
			output, code := tf.Run(t, env, "plan", "-detailed-exitcode", "-no-color", "-input=false", "-var", "image_id="+image)
			check(t, "drift", test.name, test.want, output, code)
			if got := diff(output); !slices.Equal(got, driftDiffs[test.name]) {
				t.Errorf("the diff is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(driftDiffs[test.name], "\n"))
			}
		})
	}
}

// An image that is shared with no one is not another one that is shared with no one.
func TestRecipesDriftOtherImage(t *testing.T) {
	s := newService(t, func(fixtures *emulator.Fixtures) { *members(t, fixtures) = nil })
	tf := accepted(t, s)
	output, code := tf.Run(t, s.env, "plan", "-detailed-exitcode", "-no-color", "-input=false", "-var", "image_id="+unshared)
	check(t, "drift", "another image", want{code: 2, says: []string{`"` + image + `" -> "` + unshared + `"`}}, output, code)
}

// The step of the workflow that does the work, run as GitHub runs it.
func TestRecipesDriftWorkflow(t *testing.T) {
	workflow := files(t, "drift")["drift-review.yml"]
	_, step, found := strings.Cut(workflow, "        run: |\n")
	if !found {
		t.Fatal("drift-review.yml has no script")
	}
	verdicts := map[int]string{0: "Nothing has changed.", 1: "It could not be found out", 2: "Something has changed"}
	for _, test := range driftCases(t) {
		t.Run(test.name, func(t *testing.T) {
			tf, env := toReview(t, test)
			summary := filepath.Join(tf.Dir, "summary.md")
			env = append(env, "TF_VAR_image_id="+image, "GITHUB_STEP_SUMMARY="+summary)
			output, code := runScript(t, tf, env, "-e", "-c", strings.ReplaceAll(step, "\n          ", "\n"))
			text, _ := os.ReadFile(summary)
			want := test.want
			want.says = append([]string{verdicts[want.code]}, want.says...)
			check(t, "drift", "drift-review.yml: "+test.name, want, string(text), code)
			if len(text) == 0 {
				t.Errorf("there is no summary; the step printed:\n%s", output)
			}
		})
	}
}

// runScript runs bash in tf's folder. The binary that is tested is called terraform there.
func runScript(t *testing.T, tf acctest.Terraform, env []string, args ...string) (output string, code int) {
	t.Helper()
	path, err := exec.LookPath(acctest.Binary())
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(path, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "bash", args...)
	command.Dir = tf.Dir
	command.Env = tf.Command(t, append(env, "PATH="+bin+":"+os.Getenv("PATH"))).Env
	text, err := command.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return string(text), code
}
