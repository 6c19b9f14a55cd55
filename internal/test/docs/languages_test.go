// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"path/filepath"
	"strings"
	"testing"
)

// Each guide in two languages links from each to the other, and the Korean ones are together in the registry's menu.
func TestLanguages(t *testing.T) {
	t.Parallel()
	translations, err := filepath.Glob(filepath.Join(root, "templates/guides/*-ko.md.tmpl"))
	if err != nil || len(translations) < 5 {
		t.Fatalf("found %v, %v", translations, err)
	}
	page := func(template string) string {
		return projectURL + "/blob/main/docs/guides/" + strings.TrimSuffix(filepath.Base(template), ".tmpl")
	}
	for _, korean := range translations {
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
