// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

const projectURL = "https://github.com/scp-community/terraform-provider-scp"

// Every link to a page or file of the project has a target. In docs/ such links are absolute: a relative one does not work both in the
// registry, where pages have no .md, and in the repository.
func TestLinks(t *testing.T) {
	t.Parallel()
	found := 0
	for _, page := range append(below(t, "docs", ".md"), "README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md") {
		for _, match := range link.FindAllStringSubmatch(readFile(t, page), -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			switch file, ofProject := strings.CutPrefix(target, projectURL+"/"); {
			case ofProject && (strings.HasPrefix(file, "blob/main/") || strings.HasPrefix(file, "tree/main/")):
				target = file[len("blob/main/"):]
			case strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:"):
				continue
			case target == "":
				target = page
			case strings.HasPrefix(page, "docs"):
				t.Errorf("%s has the relative link %s", page, match[1])
				continue
			}
			found++
			if _, err := os.Stat(filepath.Join(root, target)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, match[1])
			} else if anchor != "" && !hasAnchor(readFile(t, target), anchor) {
				t.Errorf("%s links to %s, which has no such heading", page, match[1])
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d links were found: this test looks in the wrong places", found)
	}
}

// hasAnchor reports whether a page has a heading with this anchor, as GitHub and the registry make them.
func hasAnchor(page, anchor string) bool {
	if strings.Contains(page, `<a id="`+anchor+`">`) {
		return true
	}
	for _, match := range heading.FindAllStringSubmatch(page, -1) {
		made := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, match[1])
		if made == anchor {
			return true
		}
	}
	return false
}
