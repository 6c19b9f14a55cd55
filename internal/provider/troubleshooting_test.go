// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
)

const troubleshootingGuide = "../../templates/guides/troubleshooting.md.tmpl"

// frameworkTitles are those of the types, the validators and the timeouts that the schemas use.
var frameworkTitles = []string{
	"Invalid Attribute Combination", "Missing Attribute Configuration", "Null List Value",
	"Invalid Attribute Value Time Duration", "Timeout Cannot Be Parsed",
}

// terraformTitles are those of terraform before it runs the provider; TestMessagesBeforeTheProvider sees each of them.
var terraformTitles = []string{
	"Failed to query available provider packages", "Failed to install provider", "Could not retrieve providers for locking",
	"Inconsistent dependency lock file", "Required plugins are not installed", "Invalid provider configuration",
}

// TestTroubleshootingGuide holds the guide to the diagnostics that a run can show: a heading for each, and none for another.
func TestTroubleshootingGuide(t *testing.T) {
	t.Parallel()
	var headings []string
	for line := range strings.Lines(readFile(t, troubleshootingGuide)) {
		if heading, ok := strings.CutPrefix(line, "### "); ok {
			headings = append(headings, strings.TrimSpace(heading))
		}
	}
	wanted := slices.AppendSeq(slices.Concat(frameworkTitles, terraformTitles), maps.Values(titles(t)))
	for attribute := range config.Attributes() {
		wanted = append(wanted, title.Invalid+attribute)
	}
	for _, attribute := range []string{"access_key", "secret_key", "environment"} {
		wanted = append(wanted, title.Missing+attribute)
	}
	for _, want := range wanted {
		if !slices.Contains(headings, want) {
			t.Errorf("%s has no heading %q, which a diagnostic has for its title", troubleshootingGuide, want)
		}
	}
	for _, heading := range headings {
		if !slices.Contains(wanted, heading) {
			t.Errorf("%s has the heading %q, which no diagnostic has for its title", troubleshootingGuide, heading)
		}
	}
}

// titles returns the constants of package title by name, except for the beginnings of titles, which end with a space.
func titles(t *testing.T) map[string]string {
	t.Helper()
	constant := regexp.MustCompile(`(?m)^\t(\w+) += "(.*[^ ])"$`)
	titles := map[string]string{}
	for _, match := range constant.FindAllStringSubmatch(readFile(t, "title/title.go"), -1) {
		titles[match[1]] = match[2]
	}
	if len(titles) < 40 {
		t.Fatalf("only %d titles were found: this test looks in the wrong place", len(titles))
	}
	return titles
}

// Every diagnostic takes its title from package title, and every title there is used.
func TestTitles(t *testing.T) {
	t.Parallel()
	var (
		diagnostic = regexp.MustCompile(`\b(Add|New)(Attribute)?(Error|Warning)(Diagnostic)?\(|\badvice\{.`)
		fromTitle  = regexp.MustCompile(`\btitle\.[A-Z]|\badvice\.summary\b`)
		found      = 0
		all        strings.Builder
	)
	for _, pattern := range []string{"*.go", "*/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text := readFile(t, name)
			all.WriteString(text)
			for line := range strings.Lines(text) {
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
	for name := range titles(t) {
		if !regexp.MustCompile(`\btitle\.` + name + `\b`).MatchString(all.String()) {
			t.Errorf("title.%s is used by no diagnostic", name)
		}
	}
}
