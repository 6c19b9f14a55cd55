// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// madeUpPlan is a plan of the recipe "review" in JSON, written without terraform.
type madeUpPlan struct {
	variables       map[string]any
	names           map[string]string // of accounts
	images, members *[]map[string]any
	findings        map[string]string
	endpoint        string
	change          func(plan map[string]any) // changes the whole, if it is set
}

func newPlan() madeUpPlan {
	names := map[string]string{}
	return madeUpPlan{
		variables: map[string]any{"account": account, "images": map[string][]string{}, "accounts": names}, names: names,
		images: &[]map[string]any{}, members: &[]map[string]any{}, findings: map[string]string{},
		endpoint: "https://virtualserver.kr-west1.e.samsungsdscloud.com",
	}
}

// image adds an image of the account.
func (p madeUpPlan) image(image map[string]any) {
	image["owner"] = account
	*p.images = append(*p.images, image)
}

func (p madeUpPlan) member(member map[string]any) { *p.members = append(*p.members, member) }

func (p madeUpPlan) json(t *testing.T) string {
	t.Helper()
	read := func(kind string, values map[string]any) map[string]any {
		return map[string]any{"mode": "data", "type": kind, "index": "default", "values": values}
	}
	variables := map[string]any{}
	for name, value := range p.variables {
		variables[name] = map[string]any{"value": value}
	}
	review := map[string]any{"actions": []string{"no-op"}, "before": nil, "after": nil, "after_unknown": false}
	if len(p.findings) > 0 {
		review["after"] = p.findings
	}
	ids := []any{}
	for _, image := range *p.images {
		if image["visibility"] == "shared" {
			ids = append(ids, image["id"])
		}
	}
	plan := map[string]any{
		"timestamp": "2026-11-26T01:00:00Z", "errored": false, "variables": variables,
		"output_changes": map[string]any{"review": review},
		"prior_state": map[string]any{"values": map[string]any{"root_module": map[string]any{"resources": []any{
			read("scp_virtualserver_image_members", map[string]any{"members": *p.members, "image_ids": ids}),
			read("scp_virtualserver_images", map[string]any{"images": *p.images, "endpoint": p.endpoint}),
		}}}},
	}
	if p.change != nil {
		p.change(plan)
	}
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// jqs are the gojq that the Makefile builds and, if there is one, the jq on PATH.
func jqs(t *testing.T) []string {
	t.Helper()
	all := []string{policyTool(t, "jq")}
	if path, err := exec.LookPath("jq"); err == nil {
		all = append(all, path)
	}
	return all
}

// runJQ runs report.jq on a plan with a program.
func runJQ(t *testing.T, program, form, plan string) (stdout, stderr string, code int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, "-rf", filepath.Join(recipes, "report.jq"), "--arg", "as", form)
	var out, errs bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(plan), &out, &errs
	var exit *exec.ExitError
	if err := command.Run(); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), code
}

// reportOf is what report.jq prints of a plan, with each program the same. It has to succeed.
func reportOf(t *testing.T, form, plan string) string {
	t.Helper()
	var first, wanted string
	for i, program := range jqs(t) {
		stdout, stderr, code := runJQ(t, program, form, plan)
		if code != 0 || stderr != "" {
			t.Errorf("%s as %s exits with %d: %s", program, form, code, stderr)
		}
		got := stdout
		if form == "json" || form == "file" { // gojq sorts the keys
			var value any
			if err := json.Unmarshal([]byte(stdout), &value); err != nil {
				t.Errorf("%s prints no JSON: %v: %s", program, err, stdout)
			}
			text, _ := json.Marshal(value)
			got = string(text)
		}
		if i == 0 {
			first, wanted = stdout, got
		} else if got != wanted {
			t.Errorf("%s as %s prints\n%s\nand gojq\n%s", program, form, got, wanted)
		}
	}
	return first
}

// noReport fails t unless report.jq says of a plan, in one line, why there is no report: exit code 5, and nothing on the output.
func noReport(t *testing.T, form, plan, why string) {
	t.Helper()
	for _, program := range jqs(t) {
		stdout, stderr, code := runJQ(t, program, form, plan)
		if code != 5 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, why) {
			t.Errorf("%s as %s: exit code %d, printed:\n%s%s", program, form, code, stdout, stderr)
		}
		checkInert(t, stderr)
	}
}
