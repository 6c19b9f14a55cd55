// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"regexp"
	"strings"
	"testing"
)

// lengths are the words that each page may have, as wc -w counts them. A page that grows needs a cut: what a message says, what stands
// twice, what nobody asked.
var lengths = map[string]int{
	"README.md":       500,
	"README.ko.md":    750, // it has the table of settings too
	"CHANGELOG.md":    400,
	"CONTRIBUTING.md": 1200,

	"docs/index.md": 600,
	"docs/data-sources/virtualserver_image_members.md":  680,
	"docs/data-sources/virtualserver_images.md":         560,
	"docs/data-sources/virtualserver_pending_images.md": 420,
	"docs/data-sources/virtualserver_api_versions.md":   380,

	"docs/guides/getting-started.md":  750,
	"docs/guides/ci.md":               230,
	"docs/guides/vendors-provider.md": 620,
	"docs/guides/api-versions.md":     480,
	"docs/guides/troubleshooting.md":  1400,
	"docs/guides/policy-checks.md":    850,
	"docs/guides/policy-engines.md":   800,
	"docs/guides/drift-reviews.md":    800,
}

// proseBeforeSchema is what a reader of a page of the provider or a data source passes before the attributes.
const proseBeforeSchema = 250

// notCounted is the front matter, code and tables.
var notCounted = regexp.MustCompile("(?ms)\\A---\n.*?^---$|^ *```.*?^ *```$|^\\|[^\n]*$")

func TestLengths(t *testing.T) {
	t.Parallel()
	words := func(page string) int { return len(strings.Fields(readFile(t, page))) }
	for _, page := range append(below(t, "docs", ".md"), "README.md", "README.ko.md", "CHANGELOG.md", "CONTRIBUTING.md") {
		most, found := lengths[page]
		if english, translated := strings.CutSuffix(page, "-ko.md"); translated {
			most, found = words(english+".md"), true
		}
		if got := words(page); !found || got > most {
			t.Errorf("%s has %d words, and may have %d", page, got, most)
		}
		if before, _, found := strings.Cut(readFile(t, page), "\n## Schema\n"); found {
			if got := len(strings.Fields(notCounted.ReplaceAllString(before, ""))); got > proseBeforeSchema {
				t.Errorf("%s has %d words of prose before its schema, and may have %d", page, got, proseBeforeSchema)
			}
		}
	}
}
