// SPDX-License-Identifier: MPL-2.0

package config

import (
	"cmp"
	"fmt"
	"strings"
)

// CredentialOrigins are the places that the credentials come from, in words and without the credentials.
type CredentialOrigins struct {
	accessKey, secretKey, authToken string   // authToken is empty if there is none
	inQuotes                        []string // the attributes of those whose text is in quotes
}

// inQuotes reports whether text begins and ends with the same quotation mark, as a value of an env file may.
func inQuotes(text string) bool {
	return len(text) > 1 && strings.ContainsRune(`"'`, rune(text[0])) && text[0] == text[len(text)-1]
}

// Describe returns the places, a line each and indented, so that Terraform does not wrap them.
func (o CredentialOrigins) Describe() string {
	line := func(s Setting, origin string) string {
		return "  " + s.Attribute + ": " + strings.TrimPrefix(cmp.Or(origin, "not set"), "the ")
	}
	text := line(accessKey, o.accessKey) + "\n" + line(secretKey, o.secretKey) + "\n" + line(authToken, o.authToken)
	switch len(o.inQuotes) {
	case 0:
	case 1:
		text += fmt.Sprintf("\n\nThe value of %s is in quotes, which are sent as a part of it: remove them.", o.inQuotes[0])
	default:
		text += fmt.Sprintf("\n\nThe values of %s are in quotes, which are sent as a part of them: remove them.", listed(o.inQuotes))
	}
	return text
}

// listed joins words with commas and "and".
func listed(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
