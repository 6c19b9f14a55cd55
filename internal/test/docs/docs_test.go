// SPDX-License-Identifier: MPL-2.0

// Package docs tests the pages that users read: README, templates/, docs/ and examples/ agree with the code and with each other.
package docs

import (
	"os"
	"testing"
)

// root is the repository's folder.
const root = "../../.."

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
