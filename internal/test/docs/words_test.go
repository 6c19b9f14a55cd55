// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"regexp"
	"strings"
	"testing"
)

// words are those that the guides do not use, by what they use instead: a reader who searches for one finds the other. Whatever else is
// plain English or Korean is welcome.
var words = map[string]*regexp.Regexp{
	"response":          regexp.MustCompile(`\b([Aa]n|[Tt]he|[Tt]his|[Ee]ach|[Ee]very|SCP's) ([a-z-]+ )?answers?\b`),
	"attempt, attempts": regexp.MustCompile(`\b(a|each|every|first|last|next|one|second|the|third) (try|tries)\b`),
	"ID, IDs":           regexp.MustCompile(`\b(image|account|request|member) ids?\b`),
	"error, problem":    regexp.MustCompile(`\b[Ff]aults?\b`),
	"지적 사항":             regexp.MustCompile(`결과[가는]? (없|있)`), // of a review: no result would be a review that failed
	"허용 목록":             regexp.MustCompile(`합의`),
	"어느 계정에도":           regexp.MustCompile(`아무에게도`),
}

// notProse is code, and the targets of links.
var notProse = regexp.MustCompile("(?ms)^ *```.*?^ *```|`[^`\n]*`|\\]\\([^)\n]*\\)")

// misused returns the lines of a page with a word that is not used, by number.
func misused(page string) map[int]string {
	found := map[int]string{}
	prose := notProse.ReplaceAllStringFunc(page, func(code string) string { return strings.Repeat("\n", strings.Count(code, "\n")) })
	for i, line := range strings.Split(prose, "\n") {
		for instead, word := range words {
			if word := word.FindString(line); word != "" {
				found[i+1] = "has " + word + ": the guides say " + instead
			}
		}
	}
	return found
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, page := range append(below(t, "templates", ".md.tmpl"), "CONTRIBUTING.md") {
		for line, why := range misused(readFile(t, page)) {
			t.Errorf("%s:%d %s", page, line, why)
		}
	}
}

// A contributor's ordinary paragraph passes, and each word is found where it is one.
func TestWordsAreRecognized(t *testing.T) {
	t.Parallel()
	const ordinary = "SCP's image service looks like OpenStack Glance, so tools that hold an id of one kind take the other as well.\n" +
		"If a gateway refuses the request, the provider tries again after its turn comes, and nobody answers for it. Besides,\n" +
		"all the same files are read: see [there](https://example.com/the-answer) and `every try`.\n```text\nan answer\n```\n"
	if found := misused(ordinary); len(found) > 0 {
		t.Errorf("an ordinary paragraph: %v", found)
	}
	for _, line := range []string{
		"an empty answer", "the third try", "an image id", "a fault", "합의한 계정", "아무에게도", "결과가 없으면",
	} {
		if len(misused(line)) != 1 {
			t.Errorf("%q is not recognized", line)
		}
	}
}
