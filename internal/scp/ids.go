// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"encoding/hex"
	"errors"
	"strings"
)

// ImageIDForm is the form of an image id that is sent at all, to follow "must be": nothing in it can leave its place in the
// URL's path.
const ImageIDForm = "1 to 255 letters, digits, hyphens and underscores"

// CheckImageID returns an error if id does not have the form of an image id.
func CheckImageID(id string) error {
	if len(id) < 1 || len(id) > 255 || strings.ContainsFunc(id, func(r rune) bool { return !isAlphanumeric(r) && r != '-' && r != '_' }) {
		return errors.New("it must be " + ImageIDForm)
	}
	return nil
}

// CanonicalID is the same for two spellings of one UUID, with or without hyphens and in either case. Other ids are not the
// same for being alike.
func CanonicalID(id string) string {
	key := strings.ToLower(strings.ReplaceAll(id, "-", ""))
	if _, err := hex.DecodeString(key); err != nil || len(key) != 32 {
		return id
	}
	return key
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
