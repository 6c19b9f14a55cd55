// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const redacted = "(redacted)"

// secret is a text that nobody may see, and its Base64, which a server may give back in its place.
type secret struct{ text, base64 string }

// secrets are those of a request, which had the given signature.
func (c Credentials) secrets(signature string) []secret {
	var secrets []secret
	for _, text := range []string{c.SecretKey, c.AuthToken, c.AccessKey, signature} {
		if text != "" {
			secrets = append(secrets, secret{text, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(text)), "=")})
		}
	}
	return secrets
}

// secretAt returns the length of the longest secret that text begins with, as it is or in an escaping, or 0. Whatever has the
// form of a signature is one: a cache may give back that of another request.
func secretAt(text string, secrets []secret) int {
	length := signatureAt(text)
	for _, secret := range secrets {
		length = max(length, spelledAt(text, secret.text))
		if rest, ok := strings.CutPrefix(text, secret.base64); ok {
			length = max(length, len(text)-len(strings.TrimLeft(rest, "=")))
		}
	}
	return length
}

// signatureAt returns the length of the Base64 of 32 bytes that text begins with, as it is or escaped for a URL or JSON, or 0.
func signatureAt(text string) int {
	rest := text
	for range 43 {
		switch {
		case rest == "":
			return 0
		case isAlphanumeric(rune(rest[0])) || strings.IndexByte("+/_-", rest[0]) >= 0:
			rest = rest[1:]
		case hasAnyPrefix(rest, "%2B", "%2b", "%2F", "%2f"):
			rest = rest[3:]
		case hasAnyPrefix(rest, `\/`, "~1"):
			rest = rest[2:]
		default:
			return 0
		}
	}
	for _, end := range []string{"=", "%3D", "%3d", `\u003D`, `\u003d`} {
		if after, ok := strings.CutPrefix(rest, end); ok {
			return len(text) - len(after)
		}
	}
	return 0
}

func hasAnyPrefix(text string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(text, prefix) })
}

// spelledAt returns the length of the longest spelling of word that text begins with, or 0. Each of its characters may be
// in either case, as it is or as JSON, a URL, HTML or a JSON pointer may write it.
func spelledAt(text, word string) int {
	ends := []int{0}
	for _, r := range word {
		var next []int
		for _, end := range ends {
			for _, length := range spellings(text[end:], r) {
				if !slices.Contains(next, end+length) {
					next = append(next, end+length)
				}
			}
		}
		if ends = next; len(ends) == 0 {
			return 0
		}
	}
	return slices.Max(ends)
}

// maxEscapes bounds how often one character may be escaped over and over.
const maxEscapes = 16

// spellings returns the lengths of the spellings of r that text begins with.
func spellings(text string, r rune) (lengths []int) {
	add := func(got rune, length int) {
		if length > 0 && unicode.ToLower(got) == unicode.ToLower(r) {
			lengths = append(lengths, length)
		}
	}
	first, size := utf8.DecodeRuneInString(text)
	add(first, size)
	switch first {
	case '\\':
		for n := 1; n <= maxEscapes && n < len(text) && text[n-1] == '\\'; n++ {
			escaped, size := utf8.DecodeRuneInString(text[n:])
			add(escaped, n+size)
			if escaped == 'u' {
				add(number(text[n+1:], 4, 16), n+5)
			}
		}
	case '%':
		for n := 1; n <= 1+2*maxEscapes; n += 2 {
			add(number(text[n:], 2, 16), n+2)
			if !strings.HasPrefix(text[n:], "25") {
				break
			}
		}
	case '&':
		end := strings.IndexByte(text[:min(len(text), maxEscapes)], ';')
		if end < 0 {
			return lengths
		}
		switch name := text[1:end]; {
		case hasAnyPrefix(name, "#x", "#X"):
			add(number(name[2:], len(name)-2, 16), end+1)
		case strings.HasPrefix(name, "#"):
			add(number(name[1:], len(name)-1, 10), end+1)
		default:
			add(htmlNames[strings.ToLower(name)], end+1)
		}
	case '~': // a JSON pointer, as in a decoder's error
		if len(text) > 1 {
			add(map[byte]rune{'0': '~', '1': '/'}[text[1]], 2)
		}
	}
	return lengths
}

// number reads the first digits of text, in base, as a character. It returns -1 if they are none.
func number(text string, digits, base int) rune {
	if digits < 1 || len(text) < digits {
		return -1
	}
	n, err := strconv.ParseUint(text[:digits], base, 31)
	if err != nil {
		return -1
	}
	return rune(n)
}

var htmlNames = map[string]rune{
	"quot": '"', "apos": '\'', "amp": '&', "lt": '<', "gt": '>', "plus": '+', "equals": '=', "sol": '/',
}
