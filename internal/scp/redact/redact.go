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

const (
	mark      = "(redacted)" // stands where a secret was
	maxLength = 500          // characters of a string that are shown
	maxInput  = 16 << 10     // bytes of a text that are looked at, so that a long text takes no longer than a short one
	minLong   = 8            // bytes from which on a secret is recognized in what is to be sent, and in the client's own words
)

// signature matches what has the form of a request's signature, the Base64 of 32 bytes, plain or escaped for JSON, HTML or a URL. A cache
// may send that of another request.
var signature = regexp.MustCompile(`(?:[0-9A-Za-z+/_-]|%2[BbFf]|\\/|~1|&#x2[BbFf];|&#4[37];){43}(?:=|%3[Dd]|\\u003[Dd]|&#x3[Dd];|&#61;)`)

// Redactor replaces secrets in texts. It is safe for concurrent use.
type Redactor struct {
	secrets []string // plain and in Base64, longest first: no secret is replaced within a longer one
}

// New returns a Redactor for the secrets. Empty ones are ignored.
func New(secrets ...string) *Redactor {
	r := &Redactor{}
	for _, secret := range secrets {
		r.secrets = append(r.secrets, secret, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "="))
	}
	slices.SortFunc(r.secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return r
}

// Clean returns text without the secrets, printable, in one line, and cut to [maxLength] characters.
func (r *Redactor) Clean(text string) string { return r.clean(text, 1) }

// CleanOwn is Clean for a text with words of the client's own, of which a short secret may be a part: it stays.
func (r *Redactor) CleanOwn(text string) string { return r.clean(text, minLong) }

// Contains reports whether text contains a secret, in any escaping. Short secrets are a part of many words, and do not count.
func (r *Redactor) Contains(text string) bool { return r.without(text, len(text), minLong) != text }

func (r *Redactor) clean(text string, shortest int) string {
	text = strings.TrimSpace(text)
	shown := signature.ReplaceAllString(r.without(text, min(len(text), maxInput), shortest), mark)
	shown = strings.Map(func(character rune) rune {
		if !unicode.IsPrint(character) {
			return unicode.ReplacementChar
		}
		return character
	}, strings.Join(strings.Fields(strings.ToValidUTF8(shown, string(unicode.ReplacementChar))), " "))
	if characters := []rune(shown); len(text) > maxInput || len(characters) > maxLength {
		return string(characters[:min(len(characters), maxLength)]) + "…"
	}
	return shown
}

// without returns the beginning of text up to end, with marks in place of the secrets that begin there and have at least shortest bytes.
func (r *Redactor) without(text string, end, shortest int) string {
	var b strings.Builder
	for i := 0; i < end; {
		shown, width := text[i:i+1], 1
		for _, secret := range r.secrets {
			if length, ok := lengthOf(secret, text[i:]); ok && len(secret) >= shortest {
				shown, width = mark, length
				break
			}
		}
		b.WriteString(shown)
		i += width
	}
	return b.String()
}

// lengthOf returns how many bytes of text are the secret, in whatever way each of its characters is written, if text begins with it.
func lengthOf(secret, text string) (length int, ok bool) {
	if secret == "" || text == "" {
		return 0, secret == ""
	}
	if plain, width := unescape(text); plain != "" && strings.HasPrefix(secret, plain) {
		if rest, ok := lengthOf(secret[len(plain):], text[width:]); ok {
			return width + rest, true
		}
	}
	if text[0] != secret[0] {
		return 0, false
	}
	rest, ok := lengthOf(secret[1:], text[1:])
	return 1 + rest, ok
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
