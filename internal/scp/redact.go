package scp

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

const (
	maxTextLength = 500 // runes of a server's text that a person is shown
	redacted      = "(redacted)"
)

// clean makes a text that came from outside fit to be shown or logged: printable, in one line, without the
// credentials or signature, and cut to a bound. Every such text goes through here.
func (c Credentials) clean(text, signature string) string {
	// Cut last: a secret cut in two would no longer be recognised.
	return shorten(c.redact(printable(text), signature))
}

// redact replaces each secret, as it is and in the escapings in which a server may give it back, and whatever has the form of
// a signature: a cache may give back that of another request. It goes over the text once: a short secret may be a part of
// the replacement.
func (c Credentials) redact(text, signature string) string {
	secrets := []string{c.SecretKey, c.AuthToken, c.AccessKey, signature}
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return s == "" })
	patterns := []string{signatureForm}
	suspect := strings.ContainsAny(text, `\%&~`) || signatures().MatchString(text)
	folded := strings.ToLower(text)
	// The longest first: one secret may begin with another.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	for _, secret := range secrets {
		encoded := strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "=")
		suspect = suspect || strings.Contains(folded, strings.ToLower(secret)) || strings.Contains(text, encoded)
		patterns = append(patterns, anyEscaping(secret), regexp.QuoteMeta(encoded)+"=*")
	}
	if !suspect {
		// As nearly always. The pattern takes milliseconds to compile, and a thousand reads may fail at once.
		return text
	}
	return regexp.MustCompile(strings.Join(patterns, "|")).ReplaceAllLiteralString(text, redacted)
}

// signatureForm is the Base64 of 32 bytes, as it is or escaped for a URL or JSON.
const signatureForm = `(?:[A-Za-z0-9+/_-]|%2[BbFf]|\\/|~1){43}(?:=|%3[Dd]|\\u003[Dd])`

var signatures = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(signatureForm) })

var htmlNames = map[rune]string{
	'"': "quot", '\'': "apos", '&': "amp", '<': "lt", '>': "gt", '+': "plus", '=': "equals", '/': "sol",
}

// pointerEscapes are what a JSON pointer, as in a decoder's error, writes in place of a character.
var pointerEscapes = map[rune]string{'~': "~0", '/': "~1"}

// anyEscaping is a pattern of secret, in either case, with each of its characters as it is or as JSON, a URL or HTML may
// write it.
func anyEscaping(secret string) string {
	var pattern strings.Builder
	pattern.WriteString("(?i:")
	for _, r := range secret {
		plain := regexp.QuoteMeta(string(r))
		forms := []string{
			plain, `\\+` + plain, fmt.Sprintf(`\\+u%04x`, r), fmt.Sprintf(`%%(?:25)*%02x`, r),
			fmt.Sprintf(`&#0*%d;`, r), fmt.Sprintf(`&#x0*%x;`, r),
		}
		if name := htmlNames[r]; name != "" {
			forms = append(forms, "&"+name+";")
		}
		if escaped := pointerEscapes[r]; escaped != "" {
			forms = append(forms, escaped)
		}
		slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
		pattern.WriteString("(?:" + strings.Join(forms, "|") + ")")
	}
	return pattern.String() + ")"
}

// printable folds white space to single spaces and replaces what could move a terminal's cursor, colour its
// text or turn its direction.
func printable(text string) string {
	fields := strings.Fields(strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.Join(fields, " "))
}

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) <= maxTextLength {
		return text
	}
	return fmt.Sprintf("%s… (%d more characters)", string(runes[:maxTextLength]), len(runes)-maxTextLength)
}
