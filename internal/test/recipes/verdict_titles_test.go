// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A verdict that knows a title that the provider no longer has would miss its cause.
func TestRecipesVerdictTitles(t *testing.T) {
	text := files(t, "review")["verdict.jq"]
	var known []string
	for _, list := range regexp.MustCompile(`(?s)titles: \[(.*?)\]`).FindAllStringSubmatch(text, -1) {
		for _, title := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(list[1], -1) {
			known = append(known, title[1])
		}
	}
	if len(known) < 25 || !strings.Contains(text, `"Images Could Not Be Read"`) {
		t.Fatalf("verdict.jq has the titles %q", known)
	}
	source := providerStrings(t)
	for _, title := range append(known, "Images Could Not Be Read") {
		has := func(title string) bool {
			if source[title] {
				return true
			}
			// "Missing access_key" and the like are made of two.
			kind, setting, _ := strings.Cut(title, " ")
			return source[kind+" "] && source[setting]
		}
		if !has(title) {
			t.Errorf("verdict.jq knows the title %q, which the provider does not have", title)
		}
	}
}

// providerStrings are the strings in the provider's source.
func providerStrings(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir("../../provider", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, literal := range regexp.MustCompile(`"([^"\\\n]*)"`).FindAllStringSubmatch(string(text), -1) {
			found[literal[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
