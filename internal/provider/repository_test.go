// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

const root = "../.."

// The address is Source, wherever a reader or terraform meets it.
func TestAddressIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`"[a-z0-9./-]*/scp"`)
	files := []string{filepath.Join(root, "README.md"), filepath.Join(root, "README.ko.md")}
	for _, dir := range []string{"docs", "examples", "templates", "internal/provider/testdata"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range named.FindAllString(string(text), -1) {
			found++
			// A plan's JSON has the registry before it.
			if !slices.Contains([]string{`"` + Source + `"`, `"` + Address + `"`, `"registry.opentofu.org/` + Source + `"`}, address) {
				t.Errorf("%s names the address %s, want %q", file, address, Source)
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d addresses were found: this test looks in the wrong places", found)
	}
	main, err := os.ReadFile(filepath.Join(root, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(main), "provider.Address") || strings.Contains(string(main), `/scp"`) {
		t.Error("main.go does not serve provider.Address")
	}
	makefile, err := os.ReadFile(filepath.Join(root, "GNUmakefile"))
	if err != nil {
		t.Fatal(err)
	}
	registries := "REGISTRIES := " + strings.TrimSuffix(Address, "/"+Source) + " "
	if !strings.Contains(string(makefile), registries) || !strings.Contains(string(makefile), "/$$registry/"+Source+"/") {
		t.Error("make install does not install to the address")
	}
}

// The documentation's table of versions is the one in the code.
func TestDocumentationHasTheVersions(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"templates/index.md.tmpl", "templates/guides/api-versions.md.tmpl"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, version := range scp.APIVersions() {
			until := ""
			if !version.GuaranteedUntil.IsZero() {
				until = version.GuaranteedUntil.Format(time.DateOnly) + " "
			}
			if row := "| " + version.Number + " | " + version.Status + " | " + until + "|"; !strings.Contains(string(text), row) {
				t.Errorf("%s has no row %q", name, row)
			}
		}
	}
}

// Who knows whom: what the binary links, and what the client imports.
func TestDependencies(t *testing.T) {
	t.Parallel()
	list := func(packages string) []string {
		t.Helper()
		output, err := exec.Command("go", "list", "-deps", packages).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Fields(string(output))
	}
	binary := list(root)
	for _, unwanted := range []string{"/internal/emulator", "terraform-plugin-testing", "net/http/httptest", "goleak"} {
		if at := slices.IndexFunc(binary, func(p string) bool {
			return p == unwanted || strings.Contains(p, "/"+strings.TrimPrefix(unwanted, "/"))
		}); at >= 0 {
			t.Errorf("the binary links %s", binary[at])
		}
	}
	for _, imported := range list(root + "/internal/scp") {
		if strings.Contains(imported, "hashicorp/terraform") && !strings.Contains(imported, "terraform-plugin-log") ||
			strings.HasSuffix(imported, "/internal/provider") || strings.HasSuffix(imported, "/internal/emulator") {
			t.Errorf("internal/scp imports %s", imported)
		}
	}
	for _, imported := range list(root + "/internal/emulator") {
		if strings.HasSuffix(imported, "/internal/scp") || strings.HasSuffix(imported, "/internal/provider") {
			t.Errorf("internal/emulator imports %s", imported)
		}
	}
}

// Everything that a user can set or read is described, and the framework finds nothing wrong.
func TestSchemas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := New("test")()
	var providerSchema provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &providerSchema)
	if diags := providerSchema.Schema.ValidateImplementation(ctx); diags.HasError() {
		t.Error(diags)
	}
	for name, attribute := range providerSchema.Schema.Attributes {
		if attribute.GetMarkdownDescription() == "" {
			t.Errorf("the provider's attribute %s is not described", name)
		}
		secret := slices.Contains([]string{"access_key", "secret_key", "auth_token"}, name)
		if attribute.IsSensitive() != secret {
			t.Errorf("the provider's attribute %s is sensitive: %t, want %t", name, attribute.IsSensitive(), secret)
		}
	}
	for _, constructor := range p.DataSources(ctx) {
		var schema datasource.SchemaResponse
		constructor().Schema(ctx, datasource.SchemaRequest{}, &schema)
		if diags := schema.Schema.ValidateImplementation(ctx); diags.HasError() {
			t.Error(diags)
		}
		for name, attribute := range schema.Schema.Attributes {
			if attribute.GetMarkdownDescription() == "" {
				t.Errorf("the attribute %s is not described", name)
			}
		}
		if _, ok := schema.Schema.Attributes["id"]; ok {
			t.Error("a data source has an id, which the API does not")
		}
	}
}
