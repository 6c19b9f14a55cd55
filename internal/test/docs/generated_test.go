// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	tffile      = regexp.MustCompile(`\{\{ tffile (\S+) \}\}`)
	placeholder = regexp.MustCompile(`\{\{.*?\}\}`)
)

// docs/ is generated from templates/. What the schema gives is left out here, so that this test needs no terraform; make docs-check has it.
func TestPagesAreGenerated(t *testing.T) {
	t.Parallel()
	pages := 0
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		pages++
		page, _ := filepath.Rel(root, path)
		page = filepath.ToSlash(page)
		template := "templates" + strings.TrimPrefix(page, "docs") + ".tmpl"
		comment := `# "make docs" writes docs/ from templates/: edit ` + template + "."
		lines, want := strings.Split(readFile(t, path), "\n"), expected(t, template)
		if want[1] != comment {
			t.Errorf("the second line of %s is not\n%s", template, comment)
		}
		for i, line := range want {
			if strings.Contains(line, ".SchemaMarkdown") {
				return nil
			}
			if i == len(lines) || !matchesLine(line, lines[i]) {
				t.Errorf("%s differs from its template in line %d: make the change in %s, and run make docs. The template has\n%s\nthe page\n%s",
					page, i+1, template, line, strings.Join(lines[min(i, len(lines)):min(i+1, len(lines))], ""))
				return nil
			}
		}
		if len(lines) > len(want) {
			t.Errorf("%s has more lines than %s: make the change there, and run make docs", page, template)
		}
		return nil
	})
	if err != nil || pages < 16 {
		t.Errorf("found %d pages, %v", pages, err)
	}
}

// expected returns the lines of a template with its examples in them.
func expected(t *testing.T, template string) []string {
	t.Helper()
	text := tffile.ReplaceAllStringFunc(readFile(t, filepath.Join(root, template)), func(match string) string {
		file := strings.Trim(tffile.FindStringSubmatch(match)[1], `"`)
		if file == ".ExampleFile" {
			file = "examples/data-sources/scp_" + strings.TrimSuffix(filepath.Base(template), ".md.tmpl") + "/data-source.tf"
		}
		return "```terraform\n" + strings.TrimSpace(readFile(t, filepath.Join(root, file))) + "\n```"
	})
	return strings.Split(text, "\n")
}

// matchesLine reports whether a page's line is a template's, with anything in the place of {{ … }}.
func matchesLine(template, line string) bool {
	parts := placeholder.Split(template, -1)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".+") + "$").MatchString(line)
}

// What a contributor reads first is short, and each of the usual changes takes three steps.
func TestContributing(t *testing.T) {
	t.Parallel()
	text := readFile(t, filepath.Join(root, "CONTRIBUTING.md"))
	if words := len(strings.Fields(text)); words > 1200 {
		t.Errorf("CONTRIBUTING.md has %d words, want 1200 at most", words)
	}
	for _, change := range []string{"Add a field", "Add a check on a response", "Add a diagnostic"} {
		_, section, found := strings.Cut(text, "\n## "+change+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		if steps := regexp.MustCompile(`(?m)^\d\. `).FindAllString(section, -1); !found || len(steps) != 3 {
			t.Errorf("CONTRIBUTING.md has %d steps for %q, want 3", len(steps), change)
		}
	}
}
