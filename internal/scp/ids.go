// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"errors"
	"strings"
)

// ImageIDForm is the form of an image ID that is sent, to follow "must be": nothing in it can leave its place in the URL's path.
const ImageIDForm = "1 to 255 letters, digits, hyphens and underscores"

// CheckImageID returns an error if id does not have the form of an image ID.
func CheckImageID(id string) error {
	if len(id) < 1 || len(id) > 255 || strings.ContainsFunc(id, func(r rune) bool { return !isAlphanumeric(r) && r != '-' && r != '_' }) {
		return errors.New("it must be " + ImageIDForm)
	}
	return nil
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
