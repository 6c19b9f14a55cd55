// SPDX-License-Identifier: MPL-2.0

package config

import (
	"errors"
	"os/user"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// Without HOME, the files are in the account's home. If there is none, a message says why no file was read.
func TestFilesWithoutHome(t *testing.T) {
	t.Parallel()
	home := acc.Home(t, map[string]string{"credentials.json": `{"access-key":"access"}`})
	account := func(home string, err error) func() (*user.User, error) {
		return func() (*user.User, error) { return &user.User{HomeDir: home}, err }
	}
	tests := map[string]struct {
		home        string
		currentUser func() (*user.User, error)
		want, why   string
	}{
		"HOME":    {home: home, currentUser: account("/nowhere", nil), want: "access"},
		"account": {currentUser: account(home, nil), want: "access"},
		"no account": {
			currentUser: account("", errors.New("unknown userid 4711")),
			why: "The file ~/.scpconf/credentials.json could not be reached: " + acc.HomeVariable + " is not set, and the account's home is " +
				"not known: unknown userid 4711.",
		},
		"no home ever": {currentUser: account("", nil), why: "the account's home is not known: it has none."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file := readFiles(func(string) string { return test.home }, test.currentUser)[credentialsFile]
			got, err := file.lookup("access-key")
			if got != test.want || err != nil || file.broken != nil {
				t.Errorf("got %q (%v) of %+v, want %q", got, err, file, test.want)
			}
			if test.why != "" && !strings.Contains(file.explainMissing("access-key"), test.why) {
				t.Errorf("it says %q, want %q", file.explainMissing("access-key"), test.why)
			}
		})
	}
}
