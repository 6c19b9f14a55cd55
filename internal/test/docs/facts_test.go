// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// The pages, examples and build files name the same address.
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
			// A plan's JSON includes the registry.
			right := []string{`"` + provider.Source + `"`, `"` + provider.Address + `"`, `"registry.opentofu.org/` + provider.Source + `"`}
			if !slices.Contains(right, address) {
				t.Errorf("%s names the address %s, want %q", file, address, provider.Source)
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
	registries := "REGISTRIES := " + strings.TrimSuffix(provider.Address, "/"+provider.Source) + " "
	if !strings.Contains(readFile(t, root+"/GNUmakefile"), registries) ||
		!strings.Contains(readFile(t, root+"/.ci/install"), "/$registry/"+provider.Source+`"`) {
		t.Error("make install does not install to the address")
	}
}

// The table of API versions has the versions in the code.
func TestDocumentationHasTheVersions(t *testing.T) {
	t.Parallel()
	const name = "templates/guides/api-versions.md.tmpl"
	text := readFile(t, filepath.Join(root, name))
	for _, version := range scp.APIVersions() {
		until := ""
		if !version.GuaranteedUntil.IsZero() {
			until = version.GuaranteedUntil.Format(time.DateOnly) + " "
		}
		if row := "| " + version.Number + " | " + version.Status + " | " + until + "|"; !strings.Contains(text, row) {
			t.Errorf("%s has no row %q", name, row)
		}
	}
	for _, want := range []string{
		"\nScp-Api-Version: virtualserver " + scp.DefaultAPIVersion + "\n", "\n  api_version = \"" + scp.DefaultAPIVersion + "\"\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not name the default %q", name, want)
		}
	}
}

// A page of a data source begins with its example, and links to SCP's own page.
func TestDataSourcePages(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join(root, "docs/data-sources/*.md"))
	if err != nil || len(pages) < 4 {
		t.Fatalf("found %v, %v", pages, err)
	}
	for _, page := range pages {
		before, _, found := strings.Cut(readFile(t, page), "\n## Example Usage\n")
		if lines := strings.Count(before, "\n") + 2; !found || lines > 15 {
			t.Errorf("%s has its example in line %d", page, lines)
		}
		if !strings.Contains(before, "](https://docs.e.samsungsdscloud.com/apireference/") {
			t.Errorf("%s does not link to SCP's page before its example", page)
		}
	}
}

// The lists of data sources, and the folders of examples and pages, have every data source.
func TestEveryDataSourceIsListed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, constructor := range provider.New("test").DataSources(ctx) {
		var metadata datasource.MetadataResponse
		constructor().Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "scp"}, &metadata)
		name := strings.TrimPrefix(metadata.TypeName, "scp_")
		for _, page := range []string{"README.md", "README.ko.md"} {
			if !strings.Contains(readFile(t, filepath.Join(root, page)), "\n- [`"+metadata.TypeName+"`](docs/data-sources/"+name+".md): ") {
				t.Errorf("the list of data sources in %s has no line for %s", page, metadata.TypeName)
			}
		}
		for _, file := range []string{
			"templates/data-sources/" + name + ".md.tmpl", "docs/data-sources/" + name + ".md",
			"examples/data-sources/" + metadata.TypeName + "/data-source.tf",
		} {
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s has no %s", metadata.TypeName, file)
			}
		}
	}
}

// What the README says that its example prints is what the emulator's fixtures have.
func TestReadmeOutput(t *testing.T) {
	t.Parallel()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"README.md", "README.ko.md"} {
		text := readFile(t, filepath.Join(root, page))
		var lines []string
		for _, image := range fixtures.Images {
			if strings.Contains(text, `image_id = "`+image.ID+`"`) {
				for _, member := range image.Members {
					lines = append(lines, fmt.Sprintf("  %q = %q\n", member.MemberID, member.Status))
				}
			}
		}
		slices.Sort(lines)
		if want := "members = {\n" + strings.Join(lines, "") + "}\n"; len(lines) == 0 || !strings.Contains(text, want) {
			t.Errorf("%s does not have the output\n%s", page, want)
		}
	}
}
