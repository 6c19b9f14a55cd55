// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// readableLine is what a person reads of a line: no code.
type readableLine struct {
	number int
	text   string
}

func (l readableLine) String() string { return fmt.Sprintf("%d %s", l.number, l.text) }

var (
	codeSpan   = regexp.MustCompile("`[^`]*`")
	linkTarget = regexp.MustCompile(`\]\([^)]*\)`)
	// A comment of Terraform, the shell, YAML, Rego and jq.
	hashComment = regexp.MustCompile(`(?:^|\s)#+ (.*)$`)
	// A string of three words or more is a message or a description.
	sentence      = regexp.MustCompile(`"([^"]* [^"]* [^"]*)"`)
	interpolation = regexp.MustCompile(`\$\{[^}]*\}`)
)

func readableLines(t *testing.T, file string) []readableLine {
	t.Helper()
	return readable(t, file, readFile(t, filepath.Join(root, file)))
}

// readable returns what is to be read in a file's text.
func readable(t *testing.T, file, text string) []readableLine {
	t.Helper()
	switch filepath.Ext(file) {
	case ".md", ".tmpl":
		return readableMarkdown(text)
	case ".go":
		return readableGo(t, file, text)
	case ".json":
		return nil
	}
	var lines []readableLine
	for i, line := range strings.Split(text, "\n") {
		lines = appendReadable(lines, i+1, readableCode(line))
	}
	return lines
}

func appendReadable(lines []readableLine, number int, text string) []readableLine {
	if strings.TrimSpace(text) == "" {
		return lines
	}
	return append(lines, readableLine{number, text})
}

func readableMarkdown(text string) []readableLine {
	var lines []readableLine
	fence := "" // of the code block that a line is in
	for i, line := range strings.Split(text, "\n") {
		if info, ok := strings.CutPrefix(strings.TrimSpace(line), "```"); ok {
			if fence == "" {
				fence = "```" + info
			} else {
				fence = ""
			}
			continue
		}
		switch fence {
		case "":
			line = codeSpan.ReplaceAllString(linkTarget.ReplaceAllString(line, "]"), "")
		case "```text":
		default:
			line = readableCode(line)
		}
		lines = appendReadable(lines, i+1, line)
	}
	return lines
}

// readableCode returns the comment and the sentences of a line of code.
func readableCode(line string) string {
	var found []string
	for _, match := range sentence.FindAllStringSubmatch(line, -1) {
		found = append(found, interpolation.ReplaceAllString(match[1], ""))
	}
	if match := hashComment.FindStringSubmatch(sentence.ReplaceAllString(line, "")); match != nil {
		found = append(found, match[1])
	}
	return codeSpan.ReplaceAllString(strings.Join(found, " "), "")
}

// readableGo returns the comments of packages and exported names, and the sentences of the packages whose errors users see.
func readableGo(t *testing.T, file, text string) []readableLine {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var lines []readableLine
	add := func(at token.Pos, text string) {
		lines = appendReadable(lines, files.Position(at).Line, codeSpan.ReplaceAllString(text, ""))
	}
	addComment := func(comment *ast.CommentGroup) {
		if comment != nil {
			for _, line := range comment.List {
				add(line.Pos(), strings.TrimSpace(strings.TrimPrefix(line.Text, "//")))
			}
		}
	}
	addComment(parsed.Doc)
	isMessage := strings.HasPrefix(file, "internal/provider/") || strings.HasPrefix(file, "internal/scp/")
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncDecl:
			if node.Name.IsExported() {
				addComment(node.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range node.Specs {
				if name := nameOf(spec); name != nil && name.IsExported() {
					addComment(node.Doc)
					break
				}
			}
		case *ast.ValueSpec:
			if node.Names[0].IsExported() {
				addComment(node.Doc)
			}
		case *ast.Field:
			if len(node.Names) > 0 && node.Names[0].IsExported() {
				addComment(node.Doc)
				addComment(node.Comment)
			}
		case *ast.BasicLit:
			if text, err := strconv.Unquote(node.Value); isMessage && node.Kind == token.STRING && err == nil && strings.Count(text, " ") > 1 {
				add(node.Pos(), text)
			}
		}
		return true
	})
	return lines
}

// nameOf returns the name that a declaration is about; nil for an import.
func nameOf(spec ast.Spec) *ast.Ident {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return spec.Name
	case *ast.ValueSpec:
		return spec.Names[0]
	}
	return nil
}
