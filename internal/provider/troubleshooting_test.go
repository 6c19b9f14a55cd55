package provider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const troubleshootingGuide = "../../templates/guides/troubleshooting.md.tmpl"

// summaryArgument is where a function that makes a diagnostic takes its summary.
var summaryArgument = map[string]int{
	"AddError":                      0,
	"AddWarning":                    0,
	"NewErrorDiagnostic":            0,
	"NewWarningDiagnostic":          0,
	"AddAttributeError":             1,
	"AddAttributeWarning":           1,
	"NewAttributeErrorDiagnostic":   1,
	"NewAttributeWarningDiagnostic": 1,
}

// frameworkSummaries are those of the types, the validators and the timeouts that the schemas use.
var frameworkSummaries = []string{
	"Invalid Attribute Combination", "Missing Attribute Configuration", "Null List Value",
	"Invalid Attribute Value Time Duration", "Timeout Cannot Be Parsed",
}

// TestTroubleshootingGuide holds the guide to the diagnostics that the package can make: a heading for each, and none for
// another.
func TestTroubleshootingGuide(t *testing.T) {
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

	summaries, prefixes := diagnosticSummaries(t)
	if len(summaries) < 20 || len(prefixes) < 2 {
		t.Fatalf("found only the summaries %q and the beginnings %q: does this test still know how diagnostics are made?", summaries, prefixes)
	}
	known := slices.Concat(summaries, frameworkSummaries)
	for _, prefix := range prefixes {
		found := false
		for _, s := range settings {
			known = append(known, prefix+s.attribute)
			found = found || slices.Contains(headings, prefix+s.attribute)
		}
		if !found {
			t.Errorf("%s has no heading that begins with %q and names a setting", troubleshootingGuide, prefix)
		}
	}
	for _, s := range settings {
		if want := "Invalid " + s.attribute; !slices.Contains(headings, want) {
			t.Errorf("%s has no heading %q", troubleshootingGuide, want)
		}
	}
	for _, want := range slices.Concat(summaries, frameworkSummaries) {
		if !slices.Contains(headings, want) {
			t.Errorf("%s has no heading %q, which a diagnostic has for its summary", troubleshootingGuide, want)
		}
	}
	for _, heading := range headings {
		if !slices.Contains(known, heading) {
			t.Errorf("%s has the heading %q, which no diagnostic has for its summary", troubleshootingGuide, heading)
		}
	}
}

// diagnosticSummaries returns the summaries that the package's source gives to diagnostics, and the beginnings of
// those that end with a setting's name.
func diagnosticSummaries(t *testing.T) (summaries, prefixes []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	positions := token.NewFileSet()
	add := func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.BasicLit:
			summaries = append(summaries, unquoted(t, e))
			return
		case *ast.BinaryExpr:
			if literal, ok := e.X.(*ast.BasicLit); ok && e.Op == token.ADD {
				prefixes = append(prefixes, unquoted(t, literal))
				return
			}
		case *ast.Ident:
			if e.Name == "summary" {
				return // passed on: it is found where it is made
			}
		case *ast.SelectorExpr:
			if e.Sel.Name == "summary" {
				return
			}
		}
		t.Errorf("%s: the summary of a diagnostic is neither a literal nor one that is passed on as summary", positions.Position(e.Pos()))
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(positions, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "summary" {
					add(n.Value)
				}
			case *ast.CallExpr:
				if function, ok := n.Fun.(*ast.SelectorExpr); ok {
					if i, ok := summaryArgument[function.Sel.Name]; ok && i < len(n.Args) {
						add(n.Args[i])
					}
				}
			}
			return true
		})
	}
	slices.Sort(summaries)
	slices.Sort(prefixes)
	return slices.Compact(summaries), slices.Compact(prefixes)
}

func unquoted(t *testing.T, literal *ast.BasicLit) string {
	t.Helper()
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
