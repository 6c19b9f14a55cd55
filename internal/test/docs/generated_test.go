// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"path"
	"regexp"
	"slices"
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
	for _, page := range below(t, "docs", "") {
		template := "templates" + strings.TrimPrefix(page, "docs") + ".tmpl"
		comment := `# "make docs" writes docs/ from templates/: edit ` + template + "."
		lines, want := strings.Split(readFile(t, page), "\n"), expected(t, template)
		if want[1] != comment {
			t.Errorf("the second line of %s is not\n%s", template, comment)
		}
		isSchema := func(line string) bool { return strings.Contains(line, ".SchemaMarkdown") }
		if at := slices.IndexFunc(want, isSchema); at >= 0 {
			want, lines = want[:at], lines[:min(at, len(lines))]
		}
		line := func(lines []string, i int) string {
			return strings.Join(lines[min(i, len(lines)):min(i+1, len(lines))], "")
		}
		for i := range max(len(want), len(lines)) {
			if i == len(want) || i == len(lines) || !matchesLine(want[i], lines[i]) {
				t.Errorf("%s differs from its template in line %d: make the change in %s, and run make docs. The template has\n%s\nthe page\n%s",
					page, i+1, template, line(want, i), line(lines, i))
				break
			}
		}
	}
}

// expected returns the lines of a template with its examples in them.
func expected(t *testing.T, template string) []string {
	t.Helper()
	text := tffile.ReplaceAllStringFunc(readFile(t, template), func(match string) string {
		file := strings.Trim(tffile.FindStringSubmatch(match)[1], `"`)
		if file == ".ExampleFile" {
			file = "examples/data-sources/scp_" + strings.TrimSuffix(path.Base(template), ".md.tmpl") + "/data-source.tf"
		}
		return "```terraform\n" + strings.TrimSpace(readFile(t, file)) + "\n```"
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
