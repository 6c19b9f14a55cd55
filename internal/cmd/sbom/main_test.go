// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// This test's program has Go and, as each of its modules, at least the module of the project.
func TestBill(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, name := range []string{"one", "another"} {
		file := filepath.Join(t.TempDir(), name)
		if err := run([]string{program, "1.2.3", "2026-11-30T15:04:05Z", file}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Errorf("the same program gives\n%s\nand\n%s", texts[0], texts[1])
	}
	var got bill
	if err := json.Unmarshal([]byte(texts[0]), &got); err != nil {
		t.Fatal(err)
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(runtime.Version(), "go"), " ")
	std := component{Type: "library", Name: "std", Version: version, PURL: "pkg:golang/std@" + version}
	if !slices.Contains(got.Components, std) || got.Metadata.Component.Version != "1.2.3" || got.Metadata.Timestamp != "2026-11-30T15:04:05Z" {
		t.Errorf("it says %s", texts[0])
	}
	if err := run([]string{"main.go", "1", "2", filepath.Join(t.TempDir(), "x")}); err == nil {
		t.Error("a file that is no program has a bill")
	}
}
