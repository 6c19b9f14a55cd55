// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The first output in each README is one that the demo prints. An … stands for what the README leaves out.
func TestReadmeShowsTheDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs terraform")
	}
	t.Chdir("../../..")
	var printed strings.Builder
	if err := run(t.Context(), &printed); err != nil {
		t.Fatal(err)
	}
	output := strings.Join(strings.Fields(printed.String()), " ")
	for _, page := range []string{"README.md", "README.ko.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		_, shown, _ := strings.Cut(string(text), "```text\n")
		shown, _, _ = strings.Cut(shown, "```")
		pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.Join(strings.Fields(shown), " ")), "…", `[^" ]+`)
		if !strings.Contains(shown, "not allowed") || !regexp.MustCompile(pattern).MatchString(output) {
			t.Errorf("%s shows\n%s\nand the demo prints\n%s", page, shown, &printed)
		}
	}
}
