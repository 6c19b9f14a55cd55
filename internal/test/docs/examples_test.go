// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	// Group 1 is a comment for tflint, if there is one, 2 the prefix of a reference, 3 and 4 the labels.
	declaration = regexp.MustCompile(`(?m)(# tflint-ignore: .*terraform_unused_declarations.*\n)?^(data|variable) "(\w+)"(?: "(\w+)")? \{`)
	scpProvider = regexp.MustCompile(`scp = \{\n\s+source += .*\n\s+version += `)
)

// What the default rules of tflint ask of each folder of examples: the versions, and no variable or data source that nothing uses, which
// tflint --fix deletes.
func TestExamplesForTflint(t *testing.T) {
	t.Parallel()
	modules := map[string]string{} // the text of each folder's files
	for _, file := range below(t, "examples", ".tf") {
		modules[path.Dir(file)] += readFile(t, file)
	}
	for folder, text := range modules {
		if !strings.Contains(text, "\n  required_version = ") {
			t.Errorf("%s has no required_version", folder)
		}
		if !scpProvider.MatchString(text) {
			t.Errorf("%s has no version of the provider in required_providers", folder)
		}
		for _, match := range declaration.FindAllStringSubmatch(text, -1) {
			reference := "var." + match[3]
			if match[2] == "data" {
				reference = "data." + match[3] + "." + match[4]
			}
			if match[1] == "" && !regexp.MustCompile(regexp.QuoteMeta(reference)+`\b`).MatchString(text) {
				t.Errorf("%s declares %s, and does not use it", folder, reference)
			}
		}
	}
}
