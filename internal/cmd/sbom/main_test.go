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
	file := filepath.Join(t.TempDir(), "bill.json")
	if err := run([]string{program, "1.2.3", "2026-11-30T15:04:05Z", file}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got bill
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(runtime.Version(), "go"), " ")
	std := component{Type: "library", Name: "std", Version: version, PURL: "pkg:golang/std@" + version}
	if !slices.Contains(got.Components, std) || got.Metadata.Component.Version != "1.2.3" || got.Metadata.Timestamp != "2026-11-30T15:04:05Z" {
		t.Errorf("it says %s", text)
	}
	if err := run([]string{"main.go", "1", "2", filepath.Join(t.TempDir(), "x")}); err == nil {
		t.Error("a file that is no program has a bill")
	}
}
