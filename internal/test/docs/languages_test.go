// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// Each guide in two languages links from each to the other, and the Korean ones are together in the registry's menu.
func TestLanguages(t *testing.T) {
	t.Parallel()
	page := func(template string) string {
		return projectURL + "/blob/main/docs/guides/" + strings.TrimSuffix(path.Base(template), ".tmpl")
	}
	for _, korean := range below(t, "templates/guides", "-ko.md.tmpl") {
		english := strings.Replace(korean, "-ko.md.tmpl", ".md.tmpl", 1)
		for _, want := range []struct{ page, text string }{
			{english, "[한국어](" + page(korean) + ")"},
			{korean, "[English](" + page(english) + ")"},
			{korean, "\nsubcategory: \"한국어\"\n"},
		} {
			if !strings.Contains(readFile(t, want.page), want.text) {
				t.Errorf("%s does not have %q", want.page, want.text)
			}
		}
	}
}

// A translated guide has the parts of its English page in the same order: code (comments may be translated), titles of diagnostics,
// sections, table rows and list items.
func TestTranslations(t *testing.T) {
	t.Parallel()
	comment := regexp.MustCompile("(?m) +# .*$|^# .*$")
	fixed := regexp.MustCompile("(?ms)^ *```.*?^ *```$|^### [A-Z][^\n]*$|^\\{\\{[^\n]*$|^## |^\\| |^ *- ")
	for _, translation := range below(t, "templates/guides", "-ko.md.tmpl") {
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
