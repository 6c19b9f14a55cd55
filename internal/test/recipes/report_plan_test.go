// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
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

func (p madeUpPlan) json(t testing.TB) string {
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

// jq is a program that runs report.jq.
type jq struct{ name, path string }

// jqs are the gojq that the Makefile builds and, if there is one, the jq on PATH.
func jqs(t *testing.T) []jq {
	t.Helper()
	all := []jq{{"gojq", policyTool(t, "jq")}}
	if path, err := exec.LookPath("jq"); err == nil {
		all = append(all, jq{"jq", path})
	}
	return all
}

// run runs report.jq on a plan.
func (j jq) run(t testing.TB, form, plan string) (stdout, stderr string, code int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), j.path, "-rf", filepath.Join(recipes, "report.jq"), "--arg", "as", form, file)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := command.Run(); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), code
}

// report is what report.jq prints of a plan. It has to succeed.
func (j jq) report(t testing.TB, form, plan string) string {
	t.Helper()
	stdout, stderr, code := j.run(t, form, plan)
	if code != 0 || stderr != "" {
		t.Errorf("%s as %s exits with %d: %s", j.name, form, code, stderr)
	}
	return stdout
}
