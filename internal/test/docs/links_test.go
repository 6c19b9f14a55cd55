// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"io/fs"
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
	pages := []string{"README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			name, _ := filepath.Rel(root, path)
			pages = append(pages, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, page := range pages {
		for _, match := range link.FindAllStringSubmatch(readFile(t, filepath.Join(root, page)), -1) {
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
			} else if anchor != "" && !hasAnchor(readFile(t, filepath.Join(root, target)), anchor) {
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

// A translated guide has the parts of its English page in the same order: code (comments may be translated), titles of diagnostics,
// sections, table rows and list items.
func TestTranslations(t *testing.T) {
	t.Parallel()
	comment := regexp.MustCompile("(?m) +# .*$|^# .*$")
	fixed := regexp.MustCompile("(?ms)^ *```.*?^ *```$|^### [A-Z][^\n]*$|^\\{\\{[^\n]*$|^## |^\\| |^ *- ")
	translations, err := filepath.Glob(filepath.Join(root, "templates/guides/*-ko.md.tmpl"))
	if err != nil || len(translations) < 4 {
		t.Fatalf("found %v, %v", translations, err)
	}
	for _, translation := range translations {
		english := strings.Replace(translation, "-ko.md.tmpl", ".md.tmpl", 1)
		parts := func(name string) []string {
			found := fixed.FindAllString(readFile(t, name), -1)
			for i, part := range found {
				if strings.HasPrefix(strings.TrimLeft(part, " "), "```") {
					found[i] = comment.ReplaceAllString(part, "")
				}
			}
			return append(found, "the end")
		}
		want, got := parts(english), parts(translation)
		for i := range min(len(want), len(got)) {
			if got[i] != want[i] {
				t.Errorf("%s differs from its English page at part %d of %d: got %q, want %q", translation, i+1, len(want), got[i], want[i])
				break
			}
		}
	}
}
