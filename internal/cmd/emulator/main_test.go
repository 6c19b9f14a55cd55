// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"
)

// All that is pasted is a line that sh and zsh run, with those for PowerShell behind it, if they are asked for. What is for the reader is
// not among it.
func TestPrintVariables(t *testing.T) {
	const sh, powerShell = `export SCP_TF_ACCESS_KEY='key'
export SCP_TF_SECRET_KEY='it'\''s'
`, `$env:SCP_TF_ACCESS_KEY = 'key'
$env:SCP_TF_SECRET_KEY = 'it''s'
`
	for asked, want := range map[bool]string{false: sh, true: sh + powerShell} {
		var paste, notes strings.Builder
		printVariables(&paste, &notes, []string{"SCP_TF_ACCESS_KEY=key", "SCP_TF_SECRET_KEY=it's"}, "http://127.0.0.1:1", asked)
		if paste.String() != want {
			t.Errorf("it is to be pasted:\n%s\nwant:\n%s", &paste, want)
		}
		if strings.Contains(notes.String(), "export") || strings.Contains(notes.String(), "\nIn PowerShell, paste this:\n") != asked {
			t.Errorf("the notes are:\n%s", &notes)
		}
	}
}
