// SPDX-License-Identifier: MPL-2.0

package title

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every diagnostic takes its title from package title, and every title there is used.
func TestTitles(t *testing.T) {
	t.Parallel()
	var (
		diagnostic = regexp.MustCompile(`\b(Add|New)(Attribute)?(Error|Warning)(Diagnostic)?\(|\btitle: `)
		fromTitle  = regexp.MustCompile(`\btitle\.[A-Z]|adviceOf\[.*\]\.title|advice\.title\b`)
		found      = 0
		all        strings.Builder
	)
	for _, pattern := range []string{"../*.go", "../*/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
			for line := range strings.Lines(string(text)) {
				if !diagnostic.MatchString(line) {
					continue
				}
				found++
				if !fromTitle.MatchString(line) {
					t.Errorf("%s has a diagnostic whose title is not from package title:\n%s", name, line)
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d diagnostics were found: this test looks in the wrong places", found)
	}
	source, err := os.ReadFile("title.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, constant := range regexp.MustCompile(`(?m)^\t(\w+) += "`).FindAllStringSubmatch(string(source), -1) {
		if name := constant[1]; !regexp.MustCompile(`\btitle\.` + name + `\b`).MatchString(all.String()) {
			t.Errorf("title.%s is used by no diagnostic", name)
		}
	}
}
