// SPDX-License-Identifier: MPL-2.0

package config

import (
	"fmt"
	"net/url"
	"strings"
)

// display returns a sentence with what a message may show of a rejected value, and whether that is all of it. A URL may contain a secret,
// also in another setting by mistake.
func (s Setting) display(text string) (shown string, whole bool) {
	switch origin := schemeAndHost(text); {
	case s.sensitive:
		return "The value is not shown.", false
	case s.url && origin == "" || strings.Contains(text, "@"):
		return "The value is not shown, because it may contain a secret.", false
	case s.url && origin != text:
		return fmt.Sprintf("Its value begins with %q; the rest is not shown.", origin), false
	}
	return fmt.Sprintf("Its value is %q.", text), true
}

// schemeAndHost returns the part of a URL that contains no secret, or "" if the URL does not parse. It returns "" for a URL with an @
// too: a password may contain an @ or a /, so it is not certain where the host begins.
func schemeAndHost(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" || strings.Contains(text, "@") {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
