// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// unknownTime is what the recipes say of a member without a time, by whether it is "changes".
var unknownTime = map[bool]string{false: "pending since ? (", true: "pending since an unknown time"}

// Whatever an image, a status or an account is called: it is part of its finding's line, and means nothing there.
func TestRecipesHostileNames(t *testing.T) {
	const hostile = "a\r\n::error::b\x1b[2K\u202e <b>c</b> [d](http://e) https://f www.g **h** _i_ ~j~ `k` " +
		"| @l #1 &amp; \\ \u2028 \u200b $(m) 골든_이미지-2.0 (n, o)"
	const harmless = "a  error b 2K b c b d http e"
	const linked = "Alma Linux 9.4 evil.example \u3164 q\u0301\u0301\u0301\u0301"
	edit := func(f *emulator.Fixtures) {
		share(f, image, stranger)
		share(f, image, hostile)
		find(f, image).Name = hostile
		find(f, image).Members[4].Status = hostile
		find(f, image).Members[5].UpdatedAt = hostile
		find(f, image).Members[3].UpdatedAt = ""
		share(f, unshared, stranger)
		find(f, unshared).Name, find(f, unshared).Members[0].UpdatedAt = linked, ""
		found := find(f, other)
		found.Name, found.Visibility = strings.Repeat("\u0e01\u0e31", 300), "public"
		find(f, scratch).Name, find(f, scratch).Visibility = "web_base_2", hostile
	}
	for _, recipe := range []string{"review", "block", "advise", "changes"} {
		inParallel(t, recipe, "hostile names", func(t *testing.T, r *row) {
			tf, s := review(t, recipe), newService(t, nil)
			tf.Write(t, "images.json", allowListWith(t, map[string]any{"accounts": map[string]string{stranger: hostile}}))
			if recipe == "changes" {
				accept(t, tf, s.env)
			}
			s.edit(t, edit)
			output, code := tf.Run(t, s.env, slices.Concat(planArguments, reviewArguments[1:])...)
			lines := findings.FindAllString(output, -1)
			if len(lines) < 4 {
				t.Errorf("there are %d findings in the output:\n%s", len(lines), output)
			}
			said := ""
			for line := range strings.Lines(output) {
				if findings.MatchString(line) {
					said += line
				}
			}
			flat := strings.Join(strings.Fields(said), " ")
			for _, text := range []string{
				strings.Join(strings.Fields(harmless), " "), "web_base_2", "Alma Linux 9.4 evil example q\u0301\u0301",
				unknownTime[recipe == "changes"],
			} {
				if !strings.Contains(flat, text) {
					t.Errorf("the findings do not say %q:\n%s", text, said)
				}
			}
			checkInert(t, said)
			for _, text := range []string{" :", "](", "<", "@", "#", "`", "|", "*", "~j", "_i_", "&", "\\", "$"} {
				if strings.Contains(said, text) {
					t.Errorf("the findings contain %q:\n%s", text, said)
				}
			}
			for _, text := range []string{"\r", "\x1b", "\u202e", "\n::error"} {
				if strings.Contains(output, text) {
					t.Errorf("the output contains %q:\n%s", text, output)
				}
			}
			if long := "(" + strings.Repeat("\u0e01\u0e31", 40) + ")"; !strings.Contains(said, long) {
				t.Errorf("no name is cut to 80 characters:\n%s", said)
			}
			r.code, r.verdict, r.said = code, "ok", flat
		})
	}
}

// An apply by mistake silences nothing. After it, a plan also exits with 2 when there is no finding any more, until the state is
// deleted.
func TestRecipesReviewApplied(t *testing.T) {
	inParallel(t, "review", "an apply by mistake", func(t *testing.T, r *row) {
		tf, s := review(t, "review"), newService(t, oneMore)
		plan := slices.Concat(planArguments, reviewArguments)
		prepare(t, tf, s.env, "apply", "-auto-approve", "-no-color", "-input=false", "-var-file=images.json", "-state=none.tfstate")
		state := filepath.Join(tf.Dir, "none.tfstate")
		text, err := os.ReadFile(state)
		if err != nil {
			t.Fatal(err)
		}
		// The apply was not in the second of the plan.
		text = regexp.MustCompile(`("reviewed": ")\d[^"]+`).ReplaceAll(text, []byte("${1}2026-01-01T00:00:00Z"))
		tf.Write(t, "none.tfstate", string(text))
		output, code := tf.Run(t, s.env, plan...)
		r.check(t, want{code: 2, says: []string{"~ reviewed = "}}, output, code)
		s.edit(t, nil)
		output, code = tf.Run(t, s.env, plan...)
		r.check(t, want{code: 2, says: []string{"- review = {"}}, output, code)
		if err := os.Remove(state); err != nil {
			t.Fatal(err)
		}
		output, code = tf.Run(t, s.env, plan...)
		r.check(t, want{code: 0, says: none}, output, code)
	})
}
