// SPDX-License-Identifier: MPL-2.0

package config

import (
	"cmp"
	"strings"
)

// CredentialOrigins are the places that the credentials come from, in words and without the credentials.
type CredentialOrigins struct {
	accessKey, secretKey, authToken string // authToken is empty if there is none
}

// Describe returns the places, a line each and indented, so that Terraform does not wrap them.
func (o CredentialOrigins) Describe() string {
	line := func(s Setting, origin string) string {
		return "  " + s.Attribute + ": " + strings.TrimPrefix(cmp.Or(origin, "not set"), "the ")
	}
	return line(accessKey, o.accessKey) + "\n" + line(secretKey, o.secretKey) + "\n" + line(authToken, o.authToken)
}
