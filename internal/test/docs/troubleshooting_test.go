// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
)

const troubleshootingGuide = root + "/templates/guides/troubleshooting.md.tmpl"

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

// The guide has a heading for each diagnostic that a run can show, and no other.
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
	for _, match := range constant.FindAllStringSubmatch(readFile(t, root+"/internal/provider/title/title.go"), -1) {
		titles[match[1]] = match[2]
	}
	if len(titles) < 40 {
		t.Fatalf("only %d titles were found: this test looks in the wrong place", len(titles))
	}
	return titles
}
