// SPDX-License-Identifier: MPL-2.0

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

func TestChoose(t *testing.T) {
	a, b := emulator.Account{ID: "a"}, emulator.Account{ID: "b"}
	for name, test := range map[string]struct {
		accounts []emulator.Account
		id       string
		want     string // empty: an error
		others   []string
	}{
		"only one":    {[]emulator.Account{a}, "", "a", nil},
		"first":       {[]emulator.Account{b, a}, "", "b", []string{"a"}},
		"by its id":   {[]emulator.Account{a, b}, "b", "b", []string{"a"}},
		"unknown one": {[]emulator.Account{a, b}, "c", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, others, err := choose(test.accounts, test.id)
			if got.ID != test.want || !slices.Equal(others, test.others) || (err == nil) != (test.want != "") {
				t.Errorf("it is %s next to %q, %v", got.ID, others, err)
			}
		})
	}
}

// All that is pasted is a line that sh and zsh run; what is for the reader is not among it.
func TestPrintVariables(t *testing.T) {
	var paste, notes strings.Builder
	printVariables(&paste, &notes, emulator.Account{AccessKey: "key", SecretKey: "it's"}, "http://127.0.0.1:1", false)
	const want = `export SCP_TF_ENDPOINT_OVERRIDE='http://127.0.0.1:1/{region}'
export SCP_TF_ACCESS_KEY='key'
export SCP_TF_SECRET_KEY='it'\''s'
`
	if paste.String() != want {
		t.Errorf("it is to be pasted:\n%s\nwant:\n%s", paste.String(), want)
	}
	if strings.Contains(notes.String(), "export") {
		t.Errorf("the notes are:\n%s", notes.String())
	}
}

// Asked for, or on Windows, there are lines for PowerShell behind those for sh.
func TestPrintVariablesForPowerShell(t *testing.T) {
	var paste, notes strings.Builder
	printVariables(&paste, &notes, emulator.Account{AccessKey: "key", SecretKey: "it's"}, "http://127.0.0.1:1", true)
	const want = `$env:SCP_TF_ENDPOINT_OVERRIDE = 'http://127.0.0.1:1/{region}'
$env:SCP_TF_ACCESS_KEY = 'key'
$env:SCP_TF_SECRET_KEY = 'it''s'
`
	if !strings.HasSuffix(paste.String(), want) || !strings.HasPrefix(paste.String(), "export ") {
		t.Errorf("it is to be pasted:\n%s\nwant at its end:\n%s", paste.String(), want)
	}
	if !strings.HasSuffix(notes.String(), "\nIn PowerShell, paste this:\n") {
		t.Errorf("the notes are:\n%s", notes.String())
	}
}
