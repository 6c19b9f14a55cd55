// SPDX-License-Identifier: MPL-2.0

package release

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

const host = runtime.GOOS + "_" + runtime.GOARCH

// makeMirror runs make mirror and returns what it printed.
func makeMirror(t *testing.T, folder, platform string) (output string, err error) {
	t.Helper()
	return runMake(t, nil, "mirror", "MIRROR="+folder, "PLATFORMS="+platform, "VERSION=0.0.1")
}

// runMake runs make with variables of the environment, and returns what it printed. It runs in a copy of the source whose folder a shell
// must quote.
func runMake(t *testing.T, variables []string, args ...string) (output string, err error) {
	t.Helper()
	source := folderWithBlanks(t)
	for _, folder := range []string{".ci", "internal"} {
		if err := os.CopyFS(filepath.Join(source, folder), os.DirFS("../../../"+folder)); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"GNUmakefile", "go.mod", "go.sum", "main.go"} {
		acc.Terraform{Dir: source}.Write(t, file, string(read(t, filepath.Join("../../..", file))))
	}
	command := exec.Command("make", append([]string{"-C", source}, args...)...)
	command.Env = append(os.Environ(), variables...)
	text, err := command.CombinedOutput()
	return string(text), err
}

// folderWithBlanks is a new folder whose name a shell must quote.
func folderWithBlanks(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "내 작업 폴더")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

// A clone that is older than what is installed says which version it has removed. Versions that are not ours stay.
func TestInstall(t *testing.T) {
	t.Parallel()
	const newer, older, foreign = "0.0.99991231235959", "0.0.20200101000000", "0.0.x"
	home := folderWithBlanks(t)
	versions := func(registry string) string {
		return filepath.Join(home, ".terraform.d/plugins", registry, provider.Source)
	}
	registries := []string{"registry.terraform.io", "registry.opentofu.org"}
	for _, registry := range registries {
		for _, version := range []string{newer, older, foreign, "1.0.0"} {
			if err := os.MkdirAll(filepath.Join(versions(registry), version), 0o700); err != nil {
				t.Fatal(err)
			}
		}
	}
	output, err := runMake(t, []string{"HOME=" + home}, "install")
	installed := regexp.MustCompile(`Installed version (0\.0\.\d{14})\.`).FindStringSubmatch(output)
	if err != nil || installed == nil {
		t.Fatalf("make install: %v\n%s", err, output)
	}
	has := func(when string, want ...string) {
		t.Helper()
		for _, registry := range registries {
			var got []string
			entries, _ := os.ReadDir(versions(registry))
			for _, entry := range entries {
				got = append(got, entry.Name())
			}
			if slices.Sort(want); !slices.Equal(got, want) {
				t.Errorf("%s, %s has the versions %v, want %v", when, registry, got, want)
			}
		}
	}
	has("after make install", older, installed[1], foreign, "1.0.0")
	for _, want := range []string{"Removed the newer version " + newer, "terraform init -upgrade", "~/.tofurc"} {
		if !strings.Contains(output, want) {
			t.Errorf("make install does not say %q:\n%s", want, output)
		}
	}
	binary := filepath.Join(versions(registries[0]), installed[1], host, name+"_v"+installed[1])
	if _, err := os.Stat(binary); err != nil {
		t.Error(err)
	}
	if output, err := runMake(t, []string{"HOME=" + home}, "uninstall"); err != nil {
		t.Errorf("make uninstall: %v\n%s", err, output)
	}
	has("after make uninstall", foreign, "1.0.0")
}

// mirrored returns a folder with a configuration, in which terraform installs the provider from mirror only.
func mirrored(t *testing.T, mirror string) acc.Terraform {
	t.Helper()
	return acc.NewTerraform(t, map[string]string{
		"main.tf":  fmt.Sprintf(configuration, provider.Source, "~> 0.0"),
		"cli.tfrc": fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror),
	})
}

// The guide's way: a developer locks the checksums of the mirror, and CI, with a home of its own, installs what is locked.
func TestMirror(t *testing.T) {
	t.Parallel()
	mirror := folderWithBlanks(t)
	output, err := makeMirror(t, mirror, host)
	command := regexp.MustCompile(`terraform providers lock '(-fs-mirror=.*)' (-platform=.*) ` + provider.Source).FindStringSubmatch(output)
	if err != nil || !strings.Contains(output, host+" built\n") || command == nil {
		t.Fatalf("make mirror: %v\n%s", err, output)
	}
	if output, err := makeMirror(t, mirror, host); err != nil || !strings.Contains(output, host+" kept\n") {
		t.Errorf("the second make mirror: %v\n%s", err, output)
	}

	// A file of the wrong platform, as a second platform.
	other := "linux_arm64"
	if host == other {
		other = "linux_amd64"
	}
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		version := acc.Terraform{Dir: filepath.Join(mirror, registry, provider.Source, "0.0.1")}
		program := name + "_v0.0.1"
		version.Write(t, filepath.Join(other, program), string(read(t, filepath.Join(version.Dir, host, program)))+"\n")
	}
	if output, err := makeMirror(t, mirror, other); err == nil || !strings.Contains(output, "built for "+host+", not for "+other) {
		t.Errorf("make mirror accepts a file of another platform: %v\n%s", err, output)
	}

	developer, ci := mirrored(t, mirror), mirrored(t, mirror)
	lock := []string{"providers", "lock", command[1], command[2], "-platform=" + other, "-no-color", provider.Source}
	if output, code := developer.Run(t, nil, lock...); code != 0 {
		t.Fatalf("terraform %v exits with %d:\n%s", lock, code, output)
	}
	locked := string(read(t, filepath.Join(developer.Dir, lockFile)))
	if got := strings.Count(locked, "h1:"); got != 2 {
		t.Errorf("%d checksums are locked, want one for each platform:\n%s", got, locked)
	}
	ci.Write(t, lockFile, locked)
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
	defer server.Close()
	env := append(emulator.Environment(server.URL, fixtures), "HOME="+t.TempDir())
	for _, args := range [][]string{{"init", "-lockfile=readonly"}, {"plan"}} {
		if output, code := ci.Run(t, env, append(args, "-no-color")...); code != 0 {
			t.Errorf("terraform %v exits with %d:\n%s", args, code, output)
		}
	}
}

const lockFile = ".terraform.lock.hcl"

// What terraform says before the provider speaks. TestTroubleshootingGuide has the same titles.
func TestMessagesBeforeTheProvider(t *testing.T) {
	t.Parallel()
	mirror := t.TempDir()
	if output, err := makeMirror(t, mirror, host); err != nil {
		t.Fatalf("make mirror: %v\n%s", err, output)
	}
	complete := mirrored(t, mirror)
	if output, code := complete.Run(t, nil, "init", "-no-color"); code != 0 {
		t.Fatalf("terraform init exits with %d:\n%s", code, output)
	}
	// with returns a folder with a lock file.
	with := func(lock string) acc.Terraform {
		tf := mirrored(t, mirror)
		tf.Write(t, lockFile, lock)
		return tf
	}
	locked := string(read(t, filepath.Join(complete.Dir, lockFile)))
	otherBuild := regexp.MustCompile("h1:....").ReplaceAllString(locked, "h1:AAAA")
	long := filepath.Join(t.TempDir(), strings.Repeat("d", 98))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		title     string
		tf        acc.Terraform
		variables []string
		args      []string
	}{
		{"Failed to query available provider packages", mirrored(t, t.TempDir()), nil, []string{"init"}},
		{"Could not retrieve providers for locking", mirrored(t, mirror), nil, []string{"providers", "lock", "-fs-mirror=" + t.TempDir()}},
		{"Failed to install provider", with(otherBuild), nil, []string{"init"}},
		{"Required plugins are not installed", with(locked), nil, []string{"plan"}},
		{"Inconsistent dependency lock file", mirrored(t, mirror), nil, []string{"plan"}},
		{"Invalid provider configuration", complete, nil, []string{"plan"}},
		{"Failed to load plugin schemas", complete, []string{"TMPDIR=" + long}, []string{"plan", "-lock=false"}},
		// With the remedy, terraform comes to the next error.
		{"Invalid provider configuration", complete, []string{"TMPDIR=" + long, "PLUGIN_UNIX_SOCKET_DIR=/tmp"}, []string{"plan", "-lock=false"}},
	} {
		output, code := test.tf.Run(t, test.variables, append(test.args, "-no-color")...)
		if code != 1 || !strings.Contains(output, "Error: "+test.title+"\n") {
			t.Errorf("terraform %v exits with %d, want 1 and %q:\n%s", test.args, code, test.title, output)
		}
	}
}
