// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxTextLength = 500 // runes of a server's text that a person is shown

// clean makes a text that came from outside fit to be shown or logged: printable, in one line, without the
// credentials or signature, and cut to a bound. Every such text goes through here. What is cut off is not looked at, so that
// a long text costs no more than a short one.
func (c Credentials) clean(text, signature string) string {
	secrets := c.secrets(signature)
	var shown strings.Builder
	left := maxTextLength
	// write appends more, or as much of it as there is room for, and returns how many runes that leaves out.
	write := func(more string) (cut int) {
		for _, r := range more {
			if left == 0 {
				cut++
				continue
			}
			shown.WriteRune(r)
			left--
		}
		return cut
	}
	gap := false // white space was passed since the last character
	for cut := 0; ; {
		text = strings.TrimLeftFunc(text, func(r rune) bool {
			space := unicode.IsSpace(r)
			gap = gap || space
			return space
		})
		if cut > 0 || text != "" && left == 0 {
			if gap && text != "" {
				cut++
			}
			return fmt.Sprintf("%s… (%d more characters)", shown.String(), cut+utf8.RuneCountInString(text))
		}
		if text == "" {
			return shown.String()
		}
		if gap && shown.Len() > 0 {
			cut += write(" ")
		}
		gap = false
		if length := secretAt(text, secrets); length > 0 {
			cut += write(redacted)
			text = text[length:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && size == 1 {
			size = len(text) - len(strings.TrimLeftFunc(text, func(r rune) bool { return r == utf8.RuneError }))
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		cut += write(string(r))
		text = text[size:]
	}
}
