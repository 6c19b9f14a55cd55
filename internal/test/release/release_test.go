// SPDX-License-Identifier: MPL-2.0

// Package release looks at the files of a release as a registry does, and installs one as terraform init does.
package release

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

const name = "terraform-provider-scp"

var platforms = []string{
	"darwin_amd64", "darwin_arm64",
	"freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
	"linux_386", "linux_amd64", "linux_arm", "linux_arm64",
	"windows_386", "windows_amd64", "windows_arm64",
}

func TestMain(m *testing.M) { os.Exit(acc.Main(m, provider.Source)) }

// dist returns the folder with the release's files and the release's version.
func dist(t *testing.T) (folder, version string) {
	t.Helper()
	folder = os.Getenv("RELEASE_DIST")
	if folder == "" {
		t.Skip("NOT RUN: RELEASE_DIST names no folder with a release's files; make release-check sets it")
	}
	var metadata struct{ Version string }
	if err := json.Unmarshal(read(t, filepath.Join(folder, "metadata.json")), &metadata); err != nil {
		t.Fatal(err)
	}
	return folder, metadata.Version
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// https://developer.hashicorp.com/terraform/registry/providers/publishing says what a registry expects.
func TestReleaseFiles(t *testing.T) {
	folder, version := dist(t)
	prefix := name + "_" + version + "_"
	toolchain := regexp.MustCompile(`(?m)^toolchain go(\S+)$`).FindStringSubmatch(string(read(t, "../../../go.mod")))
	var want []string
	sum := func(file, path string) {
		want = append(want, fmt.Sprintf("%x  %s", sha256.Sum256(read(t, path)), file))
	}
	for _, platform := range platforms {
		file := prefix + platform + ".zip"
		bill := prefix + platform + ".cdx.json"
		sum(file, filepath.Join(folder, file))
		sum(bill, filepath.Join(folder, bill))
		// GitHub builds with the Go of go.mod's toolchain line. Elsewhere it may be another one.
		std, listed := "pkg:golang/std@"+toolchain[1]+`"`, string(read(t, filepath.Join(folder, bill)))
		if os.Getenv("CI") == "true" && !strings.Contains(listed, std) {
			t.Errorf("%s has not %s", bill, std)
		}
		t.Run(platform, func(t *testing.T) {
			binary := name + "_v" + version
			if strings.HasPrefix(platform, "windows") {
				binary += ".exe"
			}
			archive, err := zip.OpenReader(filepath.Join(folder, file))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = archive.Close() }()
			var packed []string
			for _, entry := range archive.File {
				packed = append(packed, entry.Name)
				if entry.Name == binary && entry.Mode()&0o111 == 0 {
					t.Errorf("%s cannot be executed", binary)
				}
			}
			slices.Sort(packed)
			if want := []string{"CHANGELOG.md", "LICENSE", "README.md", binary}; !slices.Equal(packed, want) {
				t.Errorf("%v are packed, want %v", packed, want)
			}
		})
	}
	sum(prefix+"manifest.json", "../../../terraform-registry-manifest.json")
	got := strings.Split(strings.TrimSpace(string(read(t, filepath.Join(folder, prefix+"SHA256SUMS")))), "\n")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the sums are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const configuration = `
terraform {
  required_providers {
    scp = {
      source  = %q
      version = %q
    }
  }
}

data "scp_virtualserver_image_members" "golden" {
  image_id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
}

output "members" {
  value = length(data.scp_virtualserver_image_members.golden.members)
}
`

// The zip as it is, in a folder that terraform init installs from.
func TestReleaseInstalls(t *testing.T) {
	folder, version := dist(t)
	mirror := t.TempDir()
	file := fmt.Sprintf("%s_%s_%s_%s.zip", name, version, runtime.GOOS, runtime.GOARCH)
	tf := acc.NewTerraform(t, map[string]string{
		"main.tf":  fmt.Sprintf(configuration, provider.Source, version),
		"cli.tfrc": fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror),
	})
	acc.Terraform{Dir: mirror}.Write(t, filepath.Join(provider.Address, file), string(read(t, filepath.Join(folder, file))))

	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	var userAgent atomic.Value
	handler := emulator.New(emulator.Fixed(fixtures), emulator.Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		userAgent.Store(r.Header.Get("User-Agent"))
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()

	for _, step := range []struct{ command, says string }{
		{"init", "Installed " + provider.Source + " v" + version},
		{"plan", "+ members = 4"},
	} {
		output, code := tf.Run(t, emulator.Environment(server.URL, fixtures), step.command, "-input=false", "-no-color")
		t.Logf("%s\n%s", step.command, bytes.TrimSpace([]byte(output)))
		if code != 0 || !strings.Contains(output, step.says) {
			t.Fatalf("terraform %s exits with %d, or does not say %q", step.command, code, step.says)
		}
	}
	if got := fmt.Sprint(userAgent.Load()); !strings.HasPrefix(got, name+"/"+version+" ") {
		t.Errorf("the User-Agent is %q, want the version %s in it", got, version)
	}
}
