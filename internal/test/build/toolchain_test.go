// SPDX-License-Identifier: MPL-2.0

// Package build tests what builds, checks and releases the project: go.mod, the workflows and the targets of make.
package build

import (
	"go/version"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the repository's folder.
const root = "../../.."

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// glob returns the files that match, and fails if there are fewer than atLeast.
func glob(t *testing.T, pattern string, atLeast int) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil || len(found) < atLeast {
		t.Fatalf("found %v, %v", found, err)
	}
	for i, name := range found {
		name, _ = filepath.Rel(root, name)
		found[i] = filepath.ToSlash(name)
	}
	return found
}

// directive returns the version in a line of a go.mod, such as go1.26.0 of "go 1.26.0" and of "toolchain go1.26.0".
func directive(text, name string) string {
	match := regexp.MustCompile(`(?m)^` + name + ` (?:go)?(\S+)$`).FindStringSubmatch(text)
	if match == nil {
		return ""
	}
	return "go" + match[1]
}

// The workflows run with the Go of go.mod's toolchain line, and with GOTOOLCHAIN=local: every module has to build with it. Without that
// line, actions/setup-go installs the version of the line go, the oldest that the provider builds with.
func TestToolchain(t *testing.T) {
	t.Parallel()
	toolchain := directive(readFile(t, "go.mod"), "toolchain")
	if !version.IsValid(toolchain) {
		t.Fatalf("go.mod has the toolchain %q", toolchain)
	}
	for _, module := range append(glob(t, "internal/tools/*/go.mod", 5), "go.mod") {
		text := readFile(t, module)
		for _, wants := range []string{directive(text, "go"), directive(text, "toolchain")} {
			if version.Compare(wants, toolchain) > 0 {
				t.Errorf("%s asks for %s: raise the toolchain %s in go.mod", module, wants, toolchain)
			}
		}
	}
	setups := 0
	for _, workflow := range append(glob(t, ".github/workflows/*.yml", 6), "examples/recipes/review/github.yml") {
		for _, step := range strings.Split(readFile(t, workflow), "      - ")[1:] {
			if !strings.Contains(step, "uses: actions/setup-go@") {
				continue
			}
			setups++
			if !strings.Contains(step, "\n          go-version-file: ") && !strings.Contains(step, "\n          go-version: stable ") {
				t.Errorf("%s takes another Go than that of go.mod:\n%s", workflow, step)
			}
		}
	}
	if setups < 8 {
		t.Errorf("only %d steps set up Go: this test looks in the wrong places", setups)
	}
}
