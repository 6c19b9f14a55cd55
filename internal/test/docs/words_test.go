// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// habit is a word or a phrase that the pages, messages and comments do not use, and what they use instead.
type habit struct {
	pattern *regexp.Regexp
	instead string
}

var habits = []habit{
	{regexp.MustCompile(`\b[Aa]nswer(s|ed|ing)?\b`), "response, respond, return"},
	{regexp.MustCompile(`\b[Ii]ds?\b`), "ID, IDs"},
	{regexp.MustCompile(`\b[Tt]ries\b|\b(a|each|every|first|last|next|one|second|the|third) try\b`), "attempt, attempts"},
	{regexp.MustCompile(`\b[Ff]aults?\b`), "error, problem"},
	{regexp.MustCompile(`\b([Hh]olds?|holding)\b`), "contain, has"},
	{regexp.MustCompile(`\b[Rr]efus(e|es|ed|ing|als?)\b`), "reject, rejection"},

	{regexp.MustCompile(`\b(of theirs|to be had|anew|longer than nothing|all the same|speaks? of|so to speak)\b`), "the plain sentence"},
	{regexp.MustCompile(`\b(beside|besides)\b`), "next to, in addition to, with"},
	{regexp.MustCompile(`\b(its|their|his) turn\b`), "what waits, and for what"},
	{regexp.MustCompile(`\b(takes?|taken|took) (it |them |[a-z ]+ )?for (malformed|an?|the|complete|one)\b`), "reject as, treat as"},
	{regexp.MustCompile(`\b(nobody|no one) (could|can) tell\b`), "what is unknown"},
	{regexp.MustCompile(`\bknows? no (such|one)\b`), "what was not found"},
	{regexp.MustCompile(`\b(a|no|another) text\b`), "a string"},
	{regexp.MustCompile(`\bgo(es|ing)? around (a|the) proxy\b`), "bypass the proxy"},
	{regexp.MustCompile(`\bin some [0-9]`), "in about"},
	{regexp.MustCompile(`\bis why\b`), "X returns …, X reports whether …"},
	{regexp.MustCompile(`\bas long as an? .* is\b|\botherwise than\b`), "while, differently from"},

	{regexp.MustCompile(`합의`), "허용 목록"},
	{regexp.MustCompile(`아무에게도`), "어느 계정에도"},
}

// exceptions are the lines that need one of the words: a part of the file's name, and a part of the line.
var exceptions = []struct{ file, part string }{
	{"", "not answered"},           // an account answers an offer
	{"internal/emulator/", "ault"}, // the emulator's faults
	{"README", "fault"},
	{"internal/scp/ids.go", "if id does not have"}, // a parameter
	{"internal/scp/imagepages.go", "has no id"},    // a key of the API
	{"internal/scp/serviceversions.go", "the API's id"},
}

// The habits stay away from what users and callers read.
func TestHabits(t *testing.T) {
	t.Parallel()
	replaceTitles := strings.NewReplacer(func() (pairs []string) {
		for _, title := range titles(t) {
			pairs = append(pairs, title, "")
		}
		return pairs
	}()...)
	used, found := map[int]bool{}, 0
	for _, file := range textFiles(t) {
		for _, line := range readableLines(t, file) {
			found++
			for _, habit := range habits {
				word := habit.pattern.FindString(replaceTitles.Replace(line.text))
				if word == "" {
					continue
				}
				excepted := slices.IndexFunc(exceptions, func(e struct{ file, part string }) bool {
					return strings.Contains(file, e.file) && strings.Contains(line.text, e.part)
				})
				if used[excepted] = true; excepted < 0 {
					t.Errorf("%s:%d has %q, use %s: %s", file, line.number, word, habit.instead, strings.TrimSpace(line.text))
				}
			}
		}
	}
	for i, e := range exceptions {
		if !used[i] {
			t.Errorf("no line needs the exception %v", e)
		}
	}
	if found < 2000 {
		t.Errorf("only %d lines were found: this test looks in the wrong places", found)
	}
}

// Each sentence has a habit on the left, and none on the right.
func TestHabitsAreRecognized(t *testing.T) {
	t.Parallel()
	matches := func(sentence string) bool {
		return slices.ContainsFunc(habits, func(h habit) bool { return h.pattern.MatchString(sentence) })
	}
	for habitual, plain := range map[string]string{
		"Only status 200 is an answer.":             "The provider accepts only status 200.",
		"the emulator answers 403":                  "the emulator returns 403",
		"an image id, or several ids":               "an image ID, or several IDs",
		"the third try succeeds, after two tries":   "the third attempt succeeds: try again",
		"a fault in the configuration":              "an error in the configuration, by default",
		"a file that holds it":                      "a file that contains it, a threshold",
		"SCP refused it, which is a refusal":        "SCP rejected it",
		"a logger belongs to the request of theirs": "Terraform gives each RPC its own logger",
		"Copy it anew.":                             "Copy it again.",
		"it speaks of errors beside the members":    "the response contains both members and errors",
		"before its turn came":                      "while it was waiting to send its own",
		"SCP takes the request for malformed.":      "SCP rejected the request as malformed. It takes an hour for each image.",
		"nobody could tell a partial list from it":  "a partial list looks like a complete one",
		"SCP knows no such image.":                  "SCP found no such image.",
		"must be a text that is not empty":          "must be a non-empty string",
		"so requests would go around the proxy":     "so requests would bypass the proxy",
		"in some 4 s":                               "in about 4 s",
		"heldBackError is why a read ends":          "heldBackError is the error of a read that ends",
		"as long as an image is shared otherwise":   "while an image is shared",
		"합의한 계정":                                    "허용 목록에 있는 계정",
		"아무에게도 공유되지 않음":                             "어느 계정에도 공유되지 않음",
	} {
		if !matches(habitual) {
			t.Errorf("%q is not recognized", habitual)
		}
		if matches(plain) {
			t.Errorf("%q is taken for a habit", plain)
		}
	}
}

// textFiles returns the files with something to read, from the folder of the repository.
func textFiles(t *testing.T) []string {
	t.Helper()
	files := []string{"README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "main.go"}
	for _, dir := range []string{"templates", "examples", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			name, err := filepath.Rel(root, path)
			isGo := filepath.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go")
			if name = filepath.ToSlash(name); dir != "internal" || isGo && !strings.HasPrefix(name, "internal/test/") {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// Each habit is found where it is one, and not in code.
func TestReadableLines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ file, text, want string }{
		"prose":              {"a.md", "an answer", "1 an answer"},
		"a code span":        {"a.md", "an `answer` here", "1 an  here"},
		"a link":             {"a.md", "[a](answer.md)", "1 [a]"},
		"code in Markdown":   {"a.md.tmpl", "x\n```terraform\nid = 1 # the id\n```\ny", "1 x\n3 the id\n5 y"},
		"output in Markdown": {"a.md", "```text\nan answer\n```", "2 an answer"},
		"a comment":          {"a.tf", "# An id.\nid = 1 # one", "1 An id.\n2 one"},
		"a message":          {"a.tf", `x = "an id ${image.id} for"`, "1 an id  for"},
		"a short string":     {"a.tf", `x = "id"`, ""},
		"JSON":               {"a.json", `{"id": "an id is here"}`, ""},
		"a Go string":        {"internal/scp/a.go", "package a\n\nvar a = \"no id `id` at all\"", "3 no id  at all"},
		"an exported name":   {"a.go", "package a\n\n// A is an id.\nvar A int // no\n\n// b is an id.\nvar b int", "3 A is an id."},
		"a package":          {"a.go", "// Package a is an id.\npackage a", "1 Package a is an id."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, line := range readable(t, test.file, test.text) {
				got = append(got, line.String())
			}
			if text := strings.Join(got, "\n"); text != test.want {
				t.Errorf("got\n%s\nwant\n%s", text, test.want)
			}
		})
	}
}
