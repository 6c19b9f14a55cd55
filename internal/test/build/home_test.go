// SPDX-License-Identifier: MPL-2.0

package build

import (
	"os/exec"
	"os/user"
	"strings"
	"testing"
)

// Without HOME, make takes the account's home, where terraform and the provider look too.
func TestHomeIsTheAccounts(t *testing.T) {
	t.Parallel()
	account, err := user.Current()
	if err != nil || account.HomeDir == "" {
		t.Skip("this account has no home:", err)
	}
	path, err := exec.LookPath("make")
	if err != nil {
		t.Skip("there is no make here:", err)
	}
	command := exec.CommandContext(t.Context(), path, "-C", root, "-pn", "help")
	command.Env = []string{"PATH=/usr/bin:/bin"}
	variables, err := command.Output()
	if err != nil || !strings.Contains(string(variables), "\nexport HOME := "+account.HomeDir+"\n") &&
		!strings.Contains(string(variables), "\nHOME := "+account.HomeDir+"\n") {
		t.Errorf("%v: make does not take the home %s", err, account.HomeDir)
	}
}
