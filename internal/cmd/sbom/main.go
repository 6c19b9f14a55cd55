// SPDX-License-Identifier: MPL-2.0

// Command sbom writes down what is in a program, as Go has recorded it there: the modules and the version of Go. The form is CycloneDX.
// The same program gives the same bytes.
//
//	sbom PROGRAM VERSION TIME FILE
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

type component struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type bill struct {
	BOMFormat   string      `json:"bomFormat"`
	SpecVersion string      `json:"specVersion"`
	Version     int         `json:"version"`
	Metadata    metadata    `json:"metadata"`
	Components  []component `json:"components"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return errors.New("usage: sbom PROGRAM VERSION TIME FILE")
	}
	info, err := buildinfo.ReadFile(args[0])
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(newBill(info, args[1], args[2]), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(args[3], append(text, '\n'), 0o644)
}

// newBill returns what is in a program of the given version, whose commit is of the given time.
func newBill(info *buildinfo.BuildInfo, version, time string) bill {
	// What follows the version of Go, after a blank, are experiments that were on.
	toolchain, _, _ := strings.Cut(strings.TrimPrefix(info.GoVersion, "go"), " ")
	components := []component{module("library", "std", toolchain)}
	for _, dependency := range info.Deps {
		if dependency.Replace != nil {
			dependency = dependency.Replace
		}
		components = append(components, module("library", dependency.Path, dependency.Version))
	}
	return bill{
		BOMFormat: "CycloneDX", SpecVersion: "1.5", Version: 1,
		Metadata:   metadata{Timestamp: time, Component: module("application", info.Main.Path, version)},
		Components: components,
	}
}

func module(kind, path, version string) component {
	return component{Type: kind, Name: path, Version: version, PURL: "pkg:golang/" + path + "@" + version}
}
