// SPDX-License-Identifier: MPL-2.0

// Package redact makes text from outside fit to be shown or logged. It depends only on the secrets.
package redact

import (
	"cmp"
	"encoding/base64"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// mark stands where a secret was.
const mark = "(redacted)"

const (
	// maxLength is how many characters of a string are shown.
	maxLength = 500
	// maxInput is how many bytes of a text are looked at, so that a long text takes no longer than a short one.
	maxInput = 16 << 10
	// minLong is the length in bytes from which on a secret is recognized in what is to be sent, and in the client's own words.
	minLong = 8
)

// signature matches what has the form of a request's signature, the Base64 of 32 bytes, plain or escaped for JSON, HTML or a URL. A cache
// may send that of another request.
var signature = regexp.MustCompile(`(?:[0-9A-Za-z+/_-]|%2[BbFf]|\\/|~1|&#x2[BbFf];|&#4[37];){43}(?:=|%3[Dd]|\\u003[Dd]|&#x3[Dd];|&#61;)`)

// Redactor replaces secrets in texts. It is safe for concurrent use.
type Redactor struct {
	secrets []string // plain and in Base64, longest first: no secret is replaced within a longer one
	long    []string // those of the long secrets, which are no part of other words
}

// New returns a Redactor for the secrets. Empty ones are ignored.
func New(secrets ...string) *Redactor {
	r := &Redactor{}
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		forms := []string{secret, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "=")}
		r.secrets = append(r.secrets, forms...)
		if len(secret) >= minLong {
			r.long = append(r.long, forms...)
		}
	}
	longestFirst := func(a, b string) int { return cmp.Compare(len(b), len(a)) }
	slices.SortFunc(r.secrets, longestFirst)
	slices.SortFunc(r.long, longestFirst)
	return r
}

// Clean returns text without the secrets, printable, in one line, and cut to [maxLength] characters.
func (r *Redactor) Clean(text string) string { return clean(text, r.secrets) }

// CleanOwn is Clean for a text with words of the client's own, of which a short secret may be a part: it stays.
func (r *Redactor) CleanOwn(text string) string { return clean(text, r.long) }

// Contains reports whether text contains a secret, in any escaping. Short secrets are a part of many words, and do not count.
func (r *Redactor) Contains(text string) bool { return withoutSecrets(text, len(text), r.long) != text }

func clean(text string, secrets []string) string {
	text = strings.TrimSpace(text)
	shown := signature.ReplaceAllString(withoutSecrets(text, min(len(text), maxInput), secrets), mark)
	characters := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(shown, string(unicode.ReplacementChar))), " "))
	for i, r := range characters {
		if !unicode.IsPrint(r) {
			characters[i] = unicode.ReplacementChar
		}
	}
	if len(text) > maxInput || len(characters) > maxLength {
		return string(characters[:min(len(characters), maxLength)]) + "…"
	}
	return string(characters)
}

// withoutSecrets returns the beginning of text up to end with marks in place of the secrets that begin there.
func withoutSecrets(text string, end int, secrets []string) string {
	var b strings.Builder
text:
	for i := 0; i < end; {
		for _, secret := range secrets {
			if length := lengthOf(secret, text[i:]); length > 0 {
				b.WriteString(mark)
				i += length
				continue text
			}
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// lengthOf returns how many bytes of text are the secret, in whatever way each of its characters is written; -1 if it does not begin with
// it.
func lengthOf(secret, text string) int {
	switch {
	case secret == "":
		return 0
	case text == "":
		return -1
	}
	if plain, width := unescape(text); plain != "" && strings.HasPrefix(secret, plain) {
		if rest := lengthOf(secret[len(plain):], text[width:]); rest >= 0 {
			return width + rest
		}
	}
	if text[0] == secret[0] {
		if rest := lengthOf(secret[1:], text[1:]); rest >= 0 {
			return 1 + rest
		}
	}
	return -1
}

// unescape returns the character that is escaped at the beginning of text, for a URL, for JSON, for a JSON pointer or for HTML, and the
// length of the escape; "" if there is none. These are the ways in which servers, and Go's own errors, quote a text.
func unescape(text string) (plain string, width int) {
	switch {
	case text[0] == '%' && len(text) >= 3:
		if code, err := strconv.ParseUint(text[1:3], 16, 8); err == nil {
			return string([]byte{byte(code)}), 3
		}
	case strings.HasPrefix(text, `\u`) && len(text) >= 6:
		if code, err := strconv.ParseUint(text[2:6], 16, 16); err == nil {
			return string(rune(code)), 6
		}
	case text[0] == '\\' && len(text) >= 2:
		return text[1:2], 2
	case strings.HasPrefix(text, "~0"):
		return "~", 2
	case strings.HasPrefix(text, "~1"):
		return "/", 2
	case text[0] == '&':
		if end := strings.IndexByte(text[:min(len(text), len("&#x000FF;"))], ';'); end > 0 {
			return html.UnescapeString(text[:end+1]), end + 1
		}
	}
	return "", 0
}
