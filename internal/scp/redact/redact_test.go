// SPDX-License-Identifier: MPL-2.0

package redact

import (
	"encoding/base64"
	"fmt"
	"html"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// oddKey has every character that one of the escapings changes.
const oddKey = `ak/1+2=3"4"&<5>'%6\7=~`

const otherSignature = "TFOHGVUs05DsKo/YTIMOKj5g0d7zXJIZvzAEvCaO6Vo="

// escapings are the forms in which servers and Go's own errors quote a text. They are written without the package's code.
var escapings = map[string]func(string) string{
	"raw":          func(s string) string { return s },
	"query":        url.QueryEscape,
	"path":         url.PathEscape,
	"query, lower": func(s string) string { return digits(url.QueryEscape(s), "%", 2, strings.ToLower) },
	"HTML":         html.EscapeString,
	"HTML, named":  strings.NewReplacer(`&`, "&amp;", `<`, "&lt;", `>`, "&gt;", `"`, "&quot;", `'`, "&apos;").Replace,
	"JSON":         func(s string) string { return inner(strconv.Quote(s)) },
	"JSON, slash":  func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
	"JSON, PHP":    func(s string) string { return strings.ReplaceAll(inner(strconv.Quote(s)), "/", `\/`) },
	"JSON, Gson":   func(s string) string { return unicodeEscape(inner(strconv.Quote(s)), `=<>&'`) },
	"JSON, .NET":   func(s string) string { return unicodeEscape(s, `"&'+<>\`) },
	"JSON, upper":  func(s string) string { return digits(unicodeEscape(s, `"&'+<>\`), `\u`, 4, strings.ToUpper) },
	"JavaScript":   func(s string) string { return unicodeEscape(s, `"&'+<>\/=`) },
	"Handlebars":   func(s string) string { return numbered(s, "&<>\"'`=/+", "&#x%02X;") },
	"HTML numbers": func(s string) string { return numbered(s, "&<>\"'`=/+", "&#%d;") },
	"JSON pointer": strings.NewReplacer("~", "~0", "/", "~1").Replace,
	"Base64":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
}

func numbered(text, characters, format string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(characters, r) {
			fmt.Fprintf(&b, format, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

func unicodeEscape(text, characters string) string {
	for _, r := range `\` + characters { // the backslash first: it is in the escapes
		if strings.ContainsRune(characters, r) {
			text = strings.ReplaceAll(text, string(r), fmt.Sprintf("\x00%04x", r))
		}
	}
	return strings.ReplaceAll(text, "\x00", `\u`)
}

// digits changes the case of the n digits behind each mark.
func digits(text, mark string, n int, change func(string) string) string {
	parts := strings.Split(text, mark)
	for i := 1; i < len(parts); i++ {
		parts[i] = change(parts[i][:n]) + parts[i][n:]
	}
	return strings.Join(parts, mark)
}

func TestEveryFormIsRedacted(t *testing.T) {
	const token = "tk+8/9=="
	for name, escape := range escapings {
		for _, secret := range []string{oddKey, token} {
			quoted := escape(secret)
			got := New("", oddKey, token).Clean("before " + quoted + " between " + quoted + ", after")
			got = strings.ReplaceAll(strings.ReplaceAll(got, mark+"=", mark), mark+"=", mark)
			if got != "before (redacted) between (redacted), after" {
				t.Errorf("%s: %s becomes %s", name, quoted, got)
			}
			if !New(secret).Contains("x" + quoted) {
				t.Errorf("%s: %s is not recognized", name, quoted)
			}
			if New(secret[:minLong-1]).Contains(quoted) {
				t.Errorf("%s: a short secret is recognized", name)
			}
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		secrets          []string
	}{
		{"nothing to redact", "HmacValidFail", "HmacValidFail", []string{"secret"}},
		{"no secrets", `100% &amp; \n`, `100% &amp; \n`, nil},
		{"prefix of another", "key key-and-more", "(redacted) (redacted)", []string{"key", "key-and-more"}},
		{"escaped prefix of another", "a%2Fb", "(redacted)", []string{"a", "a/b"}},
		{"each character in another way", `a%2fb\u002fc&#x2F;d~1e\/f/g`, "(redacted)", []string{"a/b/c/d/e/f/g"}},
		{"an escape that is no escape", `a%2fb\u00`, "(redacted)", []string{`a%2fb\u00`}},
		{"an escape that is text", "%25x", "(redacted)", []string{"%25x"}},
		{"one letter", "a b", "(redacted) b", []string{"a"}},
		{"more than is looked at", "a" + strings.Repeat(" ", maxInput) + "b", "a…", nil},
		{"within a word", "xsecretx", "x(redacted)x", []string{"secret"}},
		{"split over lines", "secret\r\nsecret", "(redacted) (redacted)", []string{"secret"}},
		{"the mark is not redacted again", "ed", "(redacted)", []string{"d", "e", "ed"}},
		{"a signature", "replay of " + otherSignature, "replay of (redacted)", nil},
		{"a signature in a URL", "replay of " + url.QueryEscape(otherSignature), "replay of (redacted)", nil},
		{"a signature in JSON", strings.NewReplacer("/", `\/`, "=", `\u003d`).Replace(otherSignature), "(redacted)", nil},
		{"a signature in HTML", strings.NewReplacer("/", "&#x2F;", "=", "&#x3D;").Replace(otherSignature), "(redacted)", nil},
		{"a signature without its end", otherSignature[:43], otherSignature[:43], nil},
		{"white space", " \t a \r\n\n b\u00a0 ", "a b", nil},
		{"not printable", "a\x1b[2Jb\u202ec", "a\ufffd[2Jb\ufffdc", nil},
		{"not printable, of each kind", "a\x1b]0;t\x07\x9bb\u2066c\u200fd\u200be\ue000f",
			"a\ufffd]0;t\ufffd\ufffdb\ufffdc\ufffdd\ufffde\ufffdf", nil},
		{"white space of each kind", "a\r\nb\u2028c\u2029d\u00a0e\v\ff", "a b c d e f", nil},
		{"other scripts", "이미지를 찾을 수 없습니다 é 😀", "이미지를 찾을 수 없습니다 é 😀", nil},
		{"at the bound", strings.Repeat("비", 500), strings.Repeat("비", 500), nil},
		{"not UTF-8", "a\xff\xfeb", "a\ufffdb", nil},
		{"long", strings.Repeat("비", 501), strings.Repeat("비", 500) + "…", nil},
	} {
		if got := New(c.secrets...).Clean(c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// A short key is a part of many words: it does not blank the client's own.
func TestCleanOwn(t *testing.T) {
	redactor := New("as", "hunter2-hunter2")
	const text = "the last response has hunter2-hunter2"
	if got, want := redactor.CleanOwn(text), "the last response has (redacted)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := redactor.Clean(text), "the l(redacted)t response h(redacted) (redacted)"; got != want {
		t.Errorf("from outside: got %q, want %q", got, want)
	}
}

// Wherever a text is cut, to be looked at or to be shown, no part of a secret is left: but for its mark.
func TestNoPartOfASecretIsLeft(t *testing.T) {
	const secret = "hunter2-hunter2"
	redactor := New(secret)
	// More than maxLength is shown only of white space, which is folded.
	for _, c := range []struct {
		fill  string
		bound int
	}{{"x", maxLength}, {" y", maxLength}, {"\n", maxInput}} {
		for before := c.bound - len(secret) - 1; before <= c.bound+1; before++ {
			text := "x" + strings.Repeat(c.fill, before/len(c.fill)-1) + secret + " and more"
			if got := redactor.Clean(text); strings.Contains(got, "hunter") {
				t.Fatalf("after %d characters: %q", before, got[max(0, len(got)-60):])
			}
		}
	}
}

// What is not shown is not looked at.
func TestALongTextIsClean(t *testing.T) {
	redactor := New(strings.Repeat("a1", 16), strings.Repeat("c=", 100))
	for _, unit := range []string{"a1", "%25", " ", "c=", "\\", "\xff"} {
		text := strings.Repeat(unit, 16<<20/len(unit))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := redactor.Clean(text)
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 1<<20 {
			t.Errorf("%q: %d bytes are allocated", unit, after.TotalAlloc-before.TotalAlloc)
		}
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxLength+30 ||
			strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q: %d characters: %.40q", unit, utf8.RuneCountInString(got), got)
		}
	}
}

// BenchmarkNew is for each Configure.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		New(strings.Repeat("0123456789abcdef", 2), strings.Repeat("Ab1/+=", 7), strings.Repeat("eyJ.a_-", 100))
	}
}
