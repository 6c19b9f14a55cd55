// SPDX-License-Identifier: MPL-2.0

//go:build unix

package config

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
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
