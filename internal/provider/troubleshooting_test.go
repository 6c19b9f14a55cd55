// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"slices"
	"strings"
	"testing"
)

const troubleshootingGuide = "../../templates/guides/troubleshooting.md.tmpl"

// frameworkTitles are those of the types, the validators and the timeouts that the schemas use.
var frameworkTitles = []string{
	"Invalid Attribute Combination", "Missing Attribute Configuration", "Null List Value",
	"Invalid Attribute Value Time Duration", "Timeout Cannot Be Parsed",
}

// TestTroubleshootingGuide holds the guide to the diagnostics that a run can show: a heading for each, and none for another.
func TestTroubleshootingGuide(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(troubleshootingGuide)
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for line := range strings.Lines(string(text)) {
		if heading, ok := strings.CutPrefix(line, "### "); ok {
			headings = append(headings, strings.TrimSpace(heading))
		}
	}
	wanted := slices.Concat(titles[:], frameworkTitles)
	required := []setting{accessKey, secretKey, environment}
	for _, s := range settings {
		wanted = append(wanted, titleInvalid+s.attribute)
	}
	for _, s := range required {
		wanted = append(wanted, titleMissing+s.attribute)
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
