// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// hostile are names that do something where they are printed as they are.
var hostile = []string{
	"\x1b[2K\x1b[1A\rall is well", "\u009b31m\x7f\x00\b", // a terminal
	"a\n::error::b", "::stop-commands::x", "a ##[error]c", "\n\n::add-mask::d", // the runner of a workflow
	"[x](http://evil.example)", "![y](//evil.example/p.png)", "<https://evil.example>", "http://evil.example",
	"WWW.evil.example", "mail@evil.example",
	"**b** __c__ _d_ ~~e~~", "`f` ``g``", "@all #1 !2 owner/repo#3 GH-4", "$x$ \\(y\\) :smile:", "- [ ] z", "# heading",
	"a|b|c", "a\n\n| --- |", "a\r\nb", "<script>alert(1)</script><!-- &amp; -->", "]]>\ufffe\uffff",
	"evil.example", "t4.ly/x", "한국.kr", "a.b.c.d.example",
	"\u3164\uffa0\u115f\u1160a", "a\u034f\ufe0f\U000e0100b", "z" + strings.Repeat("\u0301", 50),
	"a ##vso[task]b", "##teamcity[c]",
	"\u202ecba\u2066\u200b\ufeff\u2028x", strings.Repeat("\u202e", 100),
}

// loaded is what a report may not have anywhere but in the address of SCP: also a dot that makes a link of two words, three marks on
// one letter, and letters that nobody sees.
var loaded = regexp.MustCompile(`(?im)^[\t ]*::|##[a-z]*\[|https?:|www\.|<script|<!--|[\p{L}\p{M}\p{N}]\.\p{L}|\p{M}{3}|` +
	`[\x{34F}\x{115F}\x{1160}\x{3164}\x{FE0F}\x{FFA0}\x{E0100}]`)

// address is SCP's own.
const address = "virtualserver.kr-west1.e.samsungsdscloud.com"

// checkInert fails if text does something in a terminal or to a workflow.
func checkInert(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("the text is not UTF-8")
	}
	for _, r := range text {
		bad := unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) || r == '\ufffe' || r == '\uffff'
		if bad && r != '\n' {
			t.Errorf("the text contains %U", r)
		}
	}
	if found := loaded.FindString(strings.ReplaceAll(text, address, "")); found != "" {
		t.Errorf("the text contains %q", found)
	}
}

// bold is what the reports themselves set in bold type.
var bold = regexp.MustCompile(`^(\d+ images?: .*|\d+|!|open to everybody|visibility unknown|other|owns no image|` +
	`belongs to account|not allowed|expired|not in the file)$`)

// checkMarkdown fails if a renderer makes something else of the Markdown than paragraphs, code spans, known words in bold type, and
// one table whose rows all have as many cells as its head.
func checkMarkdown(t *testing.T, markdown string) {
	t.Helper()
	source := []byte(markdown)
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	bars := map[int]bool{}
	for line := range strings.Lines(markdown) {
		if strings.HasPrefix(line, "|") {
			bars[strings.Count(line, "|")] = true // a renderer drops the cells that are too many
		}
	}
	found, head := 0, 0
	err := ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.Document, *ast.Paragraph, *ast.Text, *ast.CodeSpan, *tables.TableCell:
		case *tables.Table:
			found++
		case *tables.TableHeader:
			head = node.ChildCount()
		case *tables.TableRow:
			if node.ChildCount() != head {
				t.Errorf("a row has %d cells, and the head %d", node.ChildCount(), head)
			}
		case *ast.Emphasis:
			if words := string(node.Text(source)); !bold.MatchString(words) { //nolint:staticcheck // there is only text in it
				t.Errorf("%q is bold", words)
			}
		default:
			t.Errorf("the Markdown has a %s:\n%s", node.Kind(), markdown)
		}
		return ast.WalkContinue, nil
	})
	if err != nil || found != 1 || len(bars) != 1 {
		t.Errorf("the Markdown has %d tables, and rows of %d lengths (%v):\n%s", found, len(bars), err, markdown)
	}
}

// checkXML fails if text is not well-formed.
func checkXML(t *testing.T, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%v in\n%s", err, text)
			return
		}
	}
}

// hostilePlan adds to a plan name in each place where text from outside can be, as if the recipe had cleaned nothing.
func hostilePlan(plan madeUpPlan, name string) {
	plan.image(map[string]any{"id": "id" + name, "name": name, "visibility": "shared", "status": name})
	plan.image(map[string]any{"id": "open" + name, "name": name, "visibility": "public"})
	plan.member(map[string]any{"image_id": "id" + name, "member_id": name, "status": name, "created_at": name, "updated_at": name})
	plan.member(map[string]any{"image_id": "id" + name, "member_id": stranger, "status": name, "created_at": name, "updated_at": name})
	plan.names[stranger], plan.names[account], plan.names[name] = name, name, name
	for i, value := range []string{
		"not allowed: " + name + " since " + name + " (" + name + ")", "expired on " + name + ": " + name,
		"open to everybody: " + name, "belongs to account " + name, name,
	} {
		plan.findings[fmt.Sprintf("default/id%s/%d%s", name, i, name)] = value
		plan.findings[fmt.Sprintf("%s/%d%s", name, i, name)] = value
	}
	plan.findings["default/id"+name+"/"+name] = "not allowed: " + name
	plan.findings["default/open"+name] = "open to everybody: public (" + name + ")"
}

func TestRecipesReportIsInert(t *testing.T) {
	plan := newPlan()
	for _, name := range hostile {
		hostilePlan(plan, name)
	}
	for _, form := range []string{"table", "accounts", "matrix", "line", "junit", "json"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			output := reportOf(t, form, plan.json(t))
			checkInert(t, output)
			switch {
			case form == "junit":
				checkXML(t, output)
			case form == "line" && strings.Count(output, "\n") != 1:
				t.Errorf("the line is %q", output)
			case form != "line" && form != "json": // Markdown
				checkMarkdown(t, output)
			}
		})
	}
}

// An allow list must have the exact IDs, so there is none with an ID that is something else.
func TestRecipesReportFileRejectsHostileIDs(t *testing.T) {
	for _, name := range hostile {
		plan := newPlan()
		hostilePlan(plan, name)
		noReport(t, "file", plan.json(t), "")
	}
}

// A name that is hard to print is not worth a wrong mark: the account is not allowed in each form.
func TestRecipesReportFindsHostileAccounts(t *testing.T) {
	plan := newPlan()
	plan.image(map[string]any{"id": image, "name": "한글 이미지_1.0", "visibility": "shared"})
	plan.member(map[string]any{"image_id": image, "member_id": "a_b@c", "status": "accepted"})
	plan.findings["default/"+image+"/a b c"] = "not allowed: accepted since ? (db-base)"
	for form, want := range map[string]string{
		"accounts": "| `a b c` | 1 | **1** | 0 |  |",
		"matrix":   "| `한글 이미지_1.0` `1b0c9e52…` | `default` | ✓ **!** |",
	} {
		if output := reportOf(t, form, plan.json(t)); !strings.Contains(output, want) {
			t.Errorf("as %s it lacks %q:\n%s", form, want, output)
		}
	}
}
