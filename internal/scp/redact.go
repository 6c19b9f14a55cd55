package scp

import (
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
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

// redact replaces each secret, as it is and in the escapings in which a server may give it back.
func (c Credentials) redact(text, signature string) string {
	var forms []string
	for _, secret := range []string{c.SecretKey, c.AuthToken, c.AccessKey, signature} {
		if secret != "" {
			forms = append(forms, secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret),
				strings.ReplaceAll(secret, "/", `\/`))
		}
	}
	// The longest first: one secret may begin with another.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
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
