// SPDX-License-Identifier: MPL-2.0

package main

import (
	"slices"
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
