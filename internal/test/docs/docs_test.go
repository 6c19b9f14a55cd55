// SPDX-License-Identifier: MPL-2.0

// Package docs tests the pages that users read: README, templates/, docs/ and examples/ agree with the code and with each other.
package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the repository's folder.
const root = "../../.."

// readFile returns the text of a file of the repository.
func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// below returns the files below a folder of the repository whose names have one of the ends: at least one for each.
func below(t *testing.T, folder string, ends ...string) (files []string) {
	t.Helper()
	found := map[string]bool{}
	err := fs.WalkDir(os.DirFS(root), folder, func(path string, entry fs.DirEntry, err error) error {
		at := slices.IndexFunc(ends, func(end string) bool { return strings.HasSuffix(path, end) })
		if err == nil && entry.Type().IsRegular() && at >= 0 {
			files, found[ends[at]] = append(files, path), true
		}
		return err
	})
	if err != nil || len(found) != len(ends) {
		t.Fatalf("below %s, of the files %q only %v were found, %v", folder, ends, found, err)
	}
	return files
}
