// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// policyTool returns the path in RECIPES_OPA, RECIPES_CONFTEST or RECIPES_JQ, which the Makefile sets to what it builds.
func policyTool(t *testing.T, name string) string {
	t.Helper()
	variable := "RECIPES_" + strings.ToUpper(name)
	path := os.Getenv(variable)
	if path == "" {
		t.Skip("NOT RUN: " + variable + " is not set; make recipes sets it")
	}
	return path
}

// runScript runs bash in tf's folder. The binary that is tested is called terraform there, and each of tools by its name.
func runScript(t *testing.T, tf acc.Terraform, env, tools []string, args ...string) (output string, code int) {
	t.Helper()
	bin := t.TempDir()
	link := func(path, name string) {
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	link(acc.Binary(), "terraform")
	for _, name := range tools {
		link(policyTool(t, name), name)
	}
	command := exec.CommandContext(t.Context(), "bash", args...)
	command.Dir = tf.Dir
	command.Env = tf.Command(t, append(env, "PATH="+bin+":"+os.Getenv("PATH"))).Env
	return acc.Output(t, command)
}

// Without arguments the scripts say how they are used, and allow nothing.
func TestRecipesScriptsUsage(t *testing.T) {
	for _, script := range []string{"check.sh", "conftest.sh"} {
		output, code := runScript(t, acc.NewTerraform(t, files(t, "opa")), nil, nil, script)
		usage := want{code: 1, says: []string{"usage: " + script + " IMAGES.JSON", "DENIED"}, never: []string{"unbound"}}
		add("opa", script+", no arguments").check(t, usage, output, code)
	}
}
