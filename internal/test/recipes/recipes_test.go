// SPDX-License-Identifier: MPL-2.0

// Package recipes runs each recipe under examples/recipes with the real terraform against an emulator: where it is to
// pass, where it is to fail, and in an outage, in which none may pass.
package recipes

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/provider"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

const recipes = "../../../examples/recipes"

// required says where the provider is, in a configuration.
const required = `
terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}
`

func TestMain(m *testing.M) {
	code := acc.Main(m, provider.Source)
	if testing.Verbose() {
		printReport()
	}
	os.Exit(code)
}

// row is a line of the report: what a case is, and what its run exited with and printed.
type row struct {
	recipe, name string
	code         int
	said         string
	verdict      string
}

var report struct {
	sync.Mutex
	rows []*row
}

// ids are cut down to their beginning in the report, so that a line fits.
var ids = regexp.MustCompile(`\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b([0-9a-f]{8})[0-9a-f]{24}\b`)

func printReport() {
	slices.SortStableFunc(report.rows, func(a, b *row) int { return cmp.Compare(a.recipe, b.recipe) })
	if !strings.HasPrefix(acc.Engine, "OpenTofu") {
		add("(all)", "under OpenTofu").notRun("this run is of " + acc.Engine + ": make opentofu")
	}
	_, _ = fmt.Printf("\n%-8s%-13s%-34s%-6s%s\n", "", "RECIPE", "CASE", "EXIT", "PRINTED")
	for _, r := range report.rows {
		code := strconv.Itoa(r.code)
		if r.verdict == notRun {
			code = "-"
		}
		_, _ = fmt.Printf("%-8s%-13s%-34.33s%-6s%.59s\n", r.verdict, r.recipe, r.name, code, ids.ReplaceAllString(r.said, "$1$2…"))
	}
}

// add makes a line of the report, in the order of the calls.
func add(recipe, name string) *row {
	report.Lock()
	defer report.Unlock()
	r := &row{recipe: recipe, name: name, verdict: failed}
	report.rows = append(report.rows, r)
	return r
}

// The verdicts but "ok".
const (
	failed = "FAILED"
	notRun = "NOT RUN"
)

func (r *row) notRun(why string) { r.said, r.verdict = why, notRun }

// want is what a recipe promises of a run.
type want struct {
	code  int
	says  []string // what is to be in the output, however its lines are broken and without quotation marks; the report shows the first
	never []string // and what is not
	found []string // the keys of the findings, all of them; nil: not compared
}

// check compares a run with what is wanted of it, and completes the line of the report.
func (r *row) check(t *testing.T, want want, output string, code int) {
	t.Helper()
	// Without quotation marks: terraform leaves them out around some keys.
	flat := strings.ReplaceAll(strings.Join(strings.Fields(output), " "), `"`, "")
	good := code == want.code
	for _, text := range want.says {
		if !strings.Contains(flat, text) {
			t.Errorf("the output does not say %q", text)
			good = false
		}
	}
	for _, text := range want.never {
		if strings.Contains(flat, text) {
			t.Errorf("the output says %q", text)
			good = false
		}
	}
	if want.found != nil {
		got := []string{}
		for _, match := range findings.FindAllStringSubmatch(output, -1) {
			got = append(got, match[1])
		}
		slices.Sort(got)
		if got, want := slices.Compact(got), slices.Sorted(slices.Values(want.found)); !slices.Equal(got, want) {
			t.Errorf("the findings are %q, want %q", got, want)
			good = false
		}
	}
	r.code, r.said = code, flat
	if len(want.says) > 0 {
		if at := strings.LastIndex(flat, want.says[0]); at >= 0 {
			r.said = flat[at:]
		}
	}
	if !good {
		t.Errorf("exit code %d, want %d; the output:\n%s", code, want.code, output)
		return
	}
	r.verdict = "ok"
}

// inParallel runs a case of a recipe in parallel with others. The report has them in the order of the calls.
func inParallel(t *testing.T, recipe, name string, run func(*testing.T, *row)) {
	t.Helper()
	r := add(recipe, name)
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		t.Cleanup(func() {
			switch {
			case t.Skipped():
				r.notRun(cmp.Or(r.said, "make recipes builds what it needs"))
			case t.Failed():
				r.verdict = failed
			}
		})
		run(t, r)
	})
}

// prepare runs terraform for what a case needs before it: it has to succeed.
func prepare(t *testing.T, tf acc.Terraform, env []string, args ...string) {
	t.Helper()
	if output, code := tf.Run(t, env, args...); code != 0 {
		t.Fatalf("terraform %s exits with %d:\n%s", args[0], code, output)
	}
}

// files returns the files of a recipe, by name.
func files(t *testing.T, recipe string) map[string]string {
	t.Helper()
	return folder(t, filepath.Join(recipes, recipe))
}

// folder returns the files below root, by name: all of them, or those at its top that end in one of suffixes.
func folder(t *testing.T, root string, suffixes ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if suffixes != nil && (filepath.Base(name) != name || !slices.Contains(suffixes, filepath.Ext(name))) {
			return nil
		}
		text, err := os.ReadFile(path)
		found[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
