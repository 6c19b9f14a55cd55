// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"io/fs"
	"path/filepath"
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
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".tf" {
			modules[filepath.Dir(path)] += readFile(t, path)
		}
		return err
	})
	if err != nil || len(modules) < 12 {
		t.Fatalf("found %d folders, %v", len(modules), err)
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
