// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"regexp"
	"strings"
)

// shown is what a message may show of a value that was refused, to follow "the value", and whether that is all of it.
func (s setting) shown(text string) (shown string, whole bool) {
	switch {
	case s.sensitive:
		return ", which is not shown here,", false
	case s.url:
		origin := schemeAndHost(text)
		if origin == "" {
			return ", which is not shown because it may hold a secret,", false
		}
		if origin != text {
			return fmt.Sprintf(" that begins with %q, the rest of which is not shown,", origin), false
		}
	case strings.Contains(text, "@"):
		return ", which is not shown because it may hold a password,", false
	}
	return fmt.Sprintf(" %q", text), true
}

// schemeAndHost is the part of a URL that holds no secret, or "" if it is not certain what that part is.
func schemeAndHost(text string) string {
	// One @ at most, since a password may hold another, or a / that would end the host.
	parts := regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*://)(?:[^/?#@]*@)?((?:[A-Za-z0-9.{}-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?)(?:[/?#][^@]*)?$`).FindStringSubmatch(text)
	if parts == nil {
		return ""
	}
	return parts[1] + parts[2]
}
