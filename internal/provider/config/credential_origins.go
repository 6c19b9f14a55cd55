// SPDX-License-Identifier: MPL-2.0

package config

import (
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

// Describe returns the places in sentences, for the message that SCP rejects the credentials.
func (o CredentialOrigins) Describe() string {
	text := fmt.Sprintf("%s comes from %s, %s from %s", accessKey.Attribute, o.accessKey, secretKey.Attribute, o.secretKey)
	if o.authToken == "" {
		text += fmt.Sprintf(". No %s is set.", authToken.Attribute)
	} else {
		text += fmt.Sprintf(", %s from %s.", authToken.Attribute, o.authToken)
	}
	switch len(o.inQuotes) {
	case 0:
	case 1:
		text += fmt.Sprintf(" The value of %s is in quotes, which are sent as a part of it: remove them.", o.inQuotes[0])
	default:
		text += fmt.Sprintf(" The values of %s are in quotes, which are sent as a part of them: remove them.", listed(o.inQuotes))
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
