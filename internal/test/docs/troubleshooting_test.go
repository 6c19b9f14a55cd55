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

// troubleshootingGuides maps each guide to the head of a column of titles in it.
var troubleshootingGuides = map[string]string{
	"templates/guides/troubleshooting.md.tmpl":    "title",
	"templates/guides/troubleshooting-ko.md.tmpl": "제목",
}

// frameworkTitles are those of the types, the validators and the timeouts that the schemas use.
var frameworkTitles = []string{
	"Invalid Attribute Combination", "Missing Attribute Configuration", "Null List Value",
	"Invalid Attribute Value Time Duration", "Timeout Cannot Be Parsed",
}

// terraformTitles are those of terraform before it runs the provider; TestMessagesBeforeTheProvider sees each of them.
var terraformTitles = []string{
	"Failed to query available provider packages", "Failed to install provider", "Could not retrieve providers for locking",
	"Inconsistent dependency lock file", "Required plugins are not installed", "Invalid provider configuration",
	"Failed to load plugin schemas",
}

// Both guides have a heading, or a place in the first column of a table, for each diagnostic that a run can show, and no other.
func TestTroubleshootingGuide(t *testing.T) {
	t.Parallel()
	wanted := slices.AppendSeq(slices.Concat(frameworkTitles, terraformTitles), maps.Values(titles(t)))
	for attribute := range config.Attributes() {
		wanted = append(wanted, title.Invalid+attribute)
	}
	for _, attribute := range []string{"access_key", "secret_key", "environment"} {
		wanted = append(wanted, title.Missing+attribute)
	}
	slices.Sort(wanted)
	for guide, column := range troubleshootingGuides {
		explained := explainedTitles(readFile(t, guide), column)
		for _, want := range wanted {
			if !slices.Contains(explained, want) {
				t.Errorf("%s does not explain %q, which a diagnostic has for its title", guide, want)
			}
		}
		for i, got := range explained {
			if !slices.Contains(wanted, got) {
				t.Errorf("%s explains %q, which no diagnostic has for its title", guide, got)
			}
			if slices.Contains(explained[:i], got) {
				t.Errorf("%s explains %q twice", guide, got)
			}
		}
	}
}

// explainedTitles returns the headings of a guide, and the titles in the first column of each table whose head is column.
func explainedTitles(guide, column string) []string {
	var explained []string
	inTable := false
	for line := range strings.Lines(guide) {
		if heading, ok := strings.CutPrefix(line, "### "); ok {
			explained = append(explained, strings.TrimSpace(heading))
		}
		cells := strings.Split(line, " | ")
		switch {
		case !strings.HasPrefix(line, "|"):
			inTable = false
		case cells[0] == "| "+column:
			inTable = true
		case inTable && len(cells) > 1:
			explained = append(explained, strings.Split(strings.TrimPrefix(cells[0], "| "), ", ")...)
		}
	}
	return explained
}

// The command that shows the log finds the lines that the client logs.
func TestTroubleshootingFindsTheLog(t *testing.T) {
	t.Parallel()
	logged := regexp.MustCompile(`"(SCP \w+)"`).FindAllStringSubmatch(readFile(t, "internal/scp/log.go"), -1)
	if len(logged) < 2 {
		t.Fatalf("the client logs %v: this test looks in the wrong place", logged)
	}
	for guide := range troubleshootingGuides {
		command := regexp.MustCompile(`grep -E '([^']*)' plan.log`).FindStringSubmatch(readFile(t, guide))
		if command == nil {
			t.Fatalf("%s has no command that shows the log", guide)
		}
		for _, line := range logged {
			if !regexp.MustCompile(command[1]).MatchString(line[1]) {
				t.Errorf("in %s, grep %q does not find %q", guide, command[1], line[1])
			}
		}
	}
}

// The form for bugs asks for lines that a message and the log have.
func TestBugForm(t *testing.T) {
	t.Parallel()
	form := readFile(t, ".github/ISSUE_TEMPLATE/bug.yml")
	message, log := readFile(t, "internal/provider/diagnostic_read.go"), readFile(t, "internal/scp/log.go")
	sentence := regexp.MustCompile(`The lines (.*) and (\w+) are `).FindStringSubmatch(form)
	if sentence == nil {
		t.Fatal("the form names no lines of a message")
	}
	asked := append(strings.Split(sentence[1], ", "), sentence[2])
	_, placeholder, _ := strings.Cut(form, "        Error: …\n")
	placeholder, _, _ = strings.Cut(placeholder, "      render")
	for line := range strings.Lines(placeholder) {
		asked = append(asked, strings.TrimSpace(strings.Split(line, ":")[0]))
	}
	for _, label := range asked {
		if !strings.Contains(message, "  "+label+": ") {
			t.Errorf("the form asks for the line %s, which no message has", label)
		}
	}
	logged := regexp.MustCompile("`(SCP [^`]*)`").FindAllStringSubmatch(form, -1)
	for _, line := range logged {
		if !strings.Contains(log, `"`+line[1]+`"`) {
			t.Errorf("the form asks for the line %q, which is not logged", line[1])
		}
	}
	if len(asked) < 8 || len(logged) < 2 {
		t.Errorf("the form asks for %q and %q: this test looks in the wrong place", asked, logged)
	}
}

// titles returns the constants of package title by name, except for the beginnings of titles, which end with a space.
func titles(t *testing.T) map[string]string {
	t.Helper()
	constant := regexp.MustCompile(`(?m)^\t(\w+) += "(.*[^ ])"$`)
	titles := map[string]string{}
	for _, match := range constant.FindAllStringSubmatch(readFile(t, "internal/provider/title/title.go"), -1) {
		titles[match[1]] = match[2]
	}
	if len(titles) < 40 {
		t.Fatalf("only %d titles were found: this test looks in the wrong place", len(titles))
	}
	return titles
}
