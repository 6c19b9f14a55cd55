// SPDX-License-Identifier: MPL-2.0

// Package redact makes text from outside fit to be shown or logged. It is pure: it knows the secrets and nothing else.
package redact

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark stands where a secret was.
const Mark = "(redacted)"

const (
	// MaxLength is how many characters of a string are shown.
	MaxLength = 500
	// maxInput is how many bytes of a text are looked at, so that a long text takes no longer than a short one.
	maxInput = 16 << 10
	// minLong is the length in bytes from which on a secret is recognized in what is to be sent.
	minLong = 8
)

// signature matches what has the form of a request's signature, the Base64 of 32 bytes, plain or escaped for JSON, HTML or a URL. A cache
// may send that of another request.
var signature = regexp.MustCompile(`(?:[0-9A-Za-z+/_-]|%2[BbFf]|\\/|~1|&#x2[BbFf];|&#4[37];){43}(?:=|%3[Dd]|\\u003[Dd]|&#x3[Dd];|&#61;)`)

// Redactor replaces secrets in texts. It is safe for concurrent use.
type Redactor struct {
	forms    []string // of the secrets, longest first
	long     []string // those of the long secrets, which are no part of other words
	replacer *strings.Replacer
}

// New returns a Redactor for the secrets. Empty ones are ignored.
func New(secrets ...string) *Redactor {
	var forms, long []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		ofSecret := formsOf(secret)
		forms = append(forms, ofSecret...)
		if len(secret) >= minLong {
			long = append(long, ofSecret...)
		}
	}
	// Longest first, so that no secret is replaced within a longer one.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	forms = slices.Compact(forms)
	replacements := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		replacements = append(replacements, form, Mark)
	}
	return &Redactor{forms, long, strings.NewReplacer(replacements...)}
}

// formsOf returns the ways in which servers, and Go's own errors, quote a text.
func formsOf(text string) []string {
	quoted := strconv.Quote(text)
	quoted = quoted[1 : len(quoted)-1]
	forms := []string{
		text,
		quoted,
		strings.ReplaceAll(text, "/", `\/`),
		strings.ReplaceAll(quoted, "/", `\/`),
		escaped(quoted, "=<>&'", `\u%04x`),   // Gson
		escaped(text, "\"&'+<>\\", `\u%04x`), // .NET
		escaped(text, "\"&'+<>\\", `\u%04X`),
		escaped(text, "\"&'+<>\\/=", `\u%04x`), // for JavaScript
		strings.NewReplacer("~", "~0", "/", "~1").Replace(text), // a JSON pointer
		html.EscapeString(text),
		escaped(text, "&<>\"'`=/+", "&#x%02X;"),
		escaped(text, "&<>\"'`=/+", "&#%d;"),
		strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace(text),
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(text)), "="),
	}
	for _, form := range []string{url.QueryEscape(text), url.PathEscape(text)} {
		forms = append(forms, form, percent.ReplaceAllStringFunc(form, strings.ToLower))
	}
	return forms
}

var percent = regexp.MustCompile(`%[0-9A-F]{2}`)

// escaped writes the given characters of text in a format of their code.
func escaped(text, characters, format string) string {
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

// Clean returns text without the secrets, printable, in one line, and cut to [MaxLength] characters.
func (r *Redactor) Clean(text string) string {
	text = strings.TrimSpace(text)
	rest := 0 // characters that are not looked at
	if len(text) > maxInput {
		rest = utf8.RuneCountInString(text[maxInput:])
		text = text[:maxInput]
	}
	text = r.replacer.Replace(text)
	if rest > 0 {
		text = r.withoutPart(text)
	}
	text = signature.ReplaceAllString(text, Mark)
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, string(unicode.ReplacementChar))), " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
	shown := 0
	for end := range text {
		if shown == MaxLength {
			return fmt.Sprintf("%s… (%d more characters)", text[:end], rest+utf8.RuneCountInString(text[end:]))
		}
		shown++
	}
	if rest > 0 {
		return fmt.Sprintf("%s… (%d more characters)", text, rest)
	}
	return text
}

// Contains reports whether text contains a secret, in any of the forms. Short secrets are a part of many words, and do not count.
func (r *Redactor) Contains(text string) bool {
	return slices.ContainsFunc(r.long, func(form string) bool { return strings.Contains(text, form) })
}

// withoutPart returns a text that was cut without the part of a secret that it may end with.
func (r *Redactor) withoutPart(text string) string {
	for _, form := range r.forms {
		for n := min(len(form)-1, len(text)); n > 0; n-- {
			if strings.HasSuffix(text, form[:n]) {
				return text[:len(text)-n]
			}
		}
	}
	return text
}
