// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// The files of Getting started, in both languages, work together and print what the guide says.
func TestRecipesGettingStarted(t *testing.T) {
	const missing = "70a599e0-31e7-49b7-b260-000000000000"
	for _, name := range []string{"getting-started", "getting-started-ko"} {
		inParallel(t, "(guide)", name, func(t *testing.T, r *row) {
			guide, err := os.ReadFile("../../../templates/guides/" + name + ".md.tmpl")
			if err != nil {
				t.Fatal(err)
			}
			files, printed := codeBlocks(string(guide), "terraform"), codeBlocks(string(guide), "text")
			if len(files) < 3 || len(printed) < 3 {
				t.Fatalf("the guide has the files %q and the outputs %q", files, printed)
			}
			for i, text := range printed { // as r.check compares it
				printed[i] = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), `"`, "")
			}
			images, members := files[1], files[2]
			s := newService(t, nil)
			tf := acc.NewTerraform(t, map[string]string{"provider.tf": files[0]})
			for _, step := range []struct {
				main, status string // the status, if any, is that of the member from now on
				want         want
			}{
				{images, "", want{code: 0, says: []string{printed[0], "Warning: Setting Ignored"}}},
				{members, "", want{code: 0, says: []string{printed[1]}}},
				{members, "accepted", want{code: 0, says: []string{printed[2]}}},
				{strings.Replace(members, other, unshared, 1), "", want{code: 0, says: []string{"members = {}"}}},
				{strings.Replace(members, other, scratch, 1), "", want{code: 1, says: []string{"Error: Image Is Not Shared"}}},
				{strings.Replace(members, other, missing, 1), "", want{code: 1, says: []string{"Error: Image Not Found"}}},
			} {
				if step.status != "" {
					s.edit(t, func(f *emulator.Fixtures) { find(f, other).Members[0].Status = step.status })
				}
				tf.Write(t, "main.tf", step.main)
				output, code := tf.Run(t, s.plain, "apply", "-auto-approve", "-no-color", "-input=false")
				r.check(t, step.want, output, code)
			}
		})
	}
}

// codeBlocks returns the code blocks of a page in a language, in their order.
func codeBlocks(page, language string) []string {
	var blocks []string
	for _, match := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(page, -1) {
		blocks = append(blocks, match[1])
	}
	return blocks
}
