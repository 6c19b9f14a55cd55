// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
)

// Without HOME, the files are in the account's home; without that either, a message can say why none was read.
func TestConfFilesWithoutHome(t *testing.T) {
	t.Parallel()
	home := writeConf(t, map[string]string{"credentials.json": `{"access-key":"access"}`})
	account := func(home string, err error) func() (*user.User, error) {
		return func() (*user.User, error) { return &user.User{HomeDir: home}, err }
	}
	tests := map[string]struct {
		home        string
		currentUser func() (*user.User, error)
		want, why   string
	}{
		"HOME":         {home: home, currentUser: account("/nowhere", nil), want: "access"},
		"account":      {currentUser: account(home, nil), want: "access"},
		"no account":   {currentUser: account("", errors.New("unknown userid 4711")), why: "The file ~/.scpconf/credentials.json could not be reached: " + homeVariable + " is not set, and the account's home is not known: unknown userid 4711."},
		"no home ever": {currentUser: account("", nil), why: "the account's home is not known: it has none."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file := readConfFiles(variables{homeVariable: test.home}.getenv, test.currentUser)[credentialsFile]
			got, err := file.lookup("access-key")
			if got != test.want || err != nil || file.broken != nil {
				t.Errorf("got %q (%v) of %+v, want %q", got, err, file, test.want)
			}
			if test.why != "" && !strings.Contains(file.withoutKey("access-key"), test.why) {
				t.Errorf("it says %q, want %q", file.withoutKey("access-key"), test.why)
			}
		})
	}
}

// A folder that may not be entered does not say whether the file is there. Root may enter every folder.
func TestConfFilesInForbiddenHome(t *testing.T) {
	t.Parallel()
	home := writeConf(t, nil)
	if err := os.Chmod(filepath.Join(home, ".scpconf"), 0); err != nil {
		t.Fatal(err)
	}
	file := readConfFiles(variables{homeVariable: home}.getenv, user.Current)[credentialsFile]
	if file.broken != nil || (file.unreached == nil) != (os.Geteuid() == 0) {
		t.Errorf("got %+v", file)
	}
}
