package scp

import (
	"fmt"
	"regexp"
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

// redact replaces each secret, as it is and in the escapings in which a server may give it back. It goes over the text
// once: a short secret may be a part of the replacement.
func (c Credentials) redact(text, signature string) string {
	secrets := []string{c.SecretKey, c.AuthToken, c.AccessKey, signature}
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return s == "" })
	if len(secrets) == 0 {
		return text
	}
	// The longest first: one secret may begin with another.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	if !strings.ContainsAny(text, `\%&`) {
		// Nothing is escaped, as nearly always. A pattern takes milliseconds to make, and a thousand reads may fail at once.
		var pairs []string
		for _, secret := range secrets {
			pairs = append(pairs, secret, redacted)
		}
		return strings.NewReplacer(pairs...).Replace(text)
	}
	for i, secret := range secrets {
		secrets[i] = anyEscaping(secret)
	}
	return regexp.MustCompile(strings.Join(secrets, "|")).ReplaceAllLiteralString(text, redacted)
}

var htmlNames = map[rune]string{'"': "quot", '\'': "apos", '&': "amp", '<': "lt", '>': "gt"}

// anyEscaping is a pattern of secret with each of its characters as it is or as JSON, a URL or HTML may write it.
func anyEscaping(secret string) string {
	var pattern strings.Builder
	for _, r := range secret {
		plain := regexp.QuoteMeta(string(r))
		forms := []string{
			plain, `\\+` + plain, fmt.Sprintf(`\\+u(?i:%04x)`, r), fmt.Sprintf(`%%(?i:%02x)`, r),
			fmt.Sprintf(`&#0*%d;`, r), fmt.Sprintf(`&#[xX]0*(?i:%x);`, r),
		}
		if name := htmlNames[r]; name != "" {
			forms = append(forms, "&"+name+";")
		}
		pattern.WriteString("(?:" + strings.Join(forms, "|") + ")")
	}
	return pattern.String()
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
