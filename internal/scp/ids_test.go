// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

func TestImageIDs(t *testing.T) {
	for id, want := range map[string]bool{
		"a": true, "z": true, "A": true, "Z": true, "0": true, "9": true, "a-b_c": true, strings.Repeat("a", 255): true,
		"": false, "..": false, "a\n": false, "a?b": false, "a%2e": false, "é": false,
		"`": false, "{": false, "@": false, "[": false, "/": false, ":": false, ".": false, strings.Repeat("a", 256): false,
	} {
		if err := CheckImageID(id); (err == nil) != want {
			t.Errorf("%q: the error is %v", id, err)
		}
	}
}
