// SPDX-License-Identifier: MPL-2.0

//go:build unix

package config

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// Reading a pipe would block until something writes to it.
func TestFileIsNoPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "credentials.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("there are no pipes here:", err)
	}
	if file := readFile(path); file.broken == nil || !strings.Contains(file.broken.Error(), "not a regular file") {
		t.Errorf("got %v, want that it is not a regular file", file.broken)
	}
}

// Nobody but root can tell whether a file exists in a folder without permissions. Windows does not know these.
func TestFilesInForbiddenHome(t *testing.T) {
	t.Parallel()
	home := acc.Home(t, nil)
	if err := os.Chmod(filepath.Join(home, ".scpconf"), 0); err != nil {
		t.Fatal(err)
	}
	file := readFiles(func(string) string { return home }, user.Current)[credentialsFile]
	if file.broken != nil || (file.unknown == nil) != (os.Geteuid() == 0) {
		t.Errorf("got %+v", file)
	}
}
