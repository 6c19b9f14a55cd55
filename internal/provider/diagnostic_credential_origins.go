// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
)

// credentialOrigins says where each credential in use comes from, in words and without its text.
type credentialOrigins struct {
	accessKey, secretKey, authToken string   // authToken is empty if there is none
	inQuotes                        []string // the attributes of those whose text is in quotes
}

// inQuotes reports whether text begins and ends with the same quotation mark, as a value of an env file may.
func inQuotes(text string) bool {
	return len(text) > 1 && strings.ContainsRune(`"'`, rune(text[0])) && text[0] == text[len(text)-1]
}

// describe says it in sentences, for a message that the credentials are refused.
func (o credentialOrigins) describe() string {
	text := fmt.Sprintf("%s comes from %s, %s from %s", accessKey.attribute, o.accessKey, secretKey.attribute, o.secretKey)
	if o.authToken == "" {
		text += fmt.Sprintf(". No %s is set.", authToken.attribute)
	} else {
		text += fmt.Sprintf(", %s from %s.", authToken.attribute, o.authToken)
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

// listed joins words as a sentence does.
func listed(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
