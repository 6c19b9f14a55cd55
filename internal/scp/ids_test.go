// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

func TestImageIDs(t *testing.T) {
	for id, want := range map[string]bool{
		"a": true, "z": true, "A": true, "Z": true, "0": true, "9": true, "a-b_c": true, strings.Repeat("a", 255): true,
		"": false, "`": false, "{": false, "@": false, "[": false, "/": false, ":": false, ".": false, strings.Repeat("a", 256): false,
	} {
		if err := CheckImageID(id); (err == nil) != want {
			t.Errorf("%q: the error is %v", id, err)
		}
	}
}

func TestSameImage(t *testing.T) {
	plain := strings.ReplaceAll(imageID, "-", "")
	word := strings.Repeat("z", 32)
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{imageID, imageID, true}, {imageID, plain, true}, {imageID, strings.ToUpper(plain), true}, {imageID, plain[1:], false},
		{word, word, true}, {word, strings.ToUpper(word), false}, {"a", "A", false}, {plain[1:], strings.ToUpper(plain[1:]), false},
	} {
		if isSameImage(c.a, c.b) != c.want {
			t.Errorf("%s and %s are one image: want %t", c.a, c.b, c.want)
		}
	}
}
