// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// The pages, examples and build files name the same address.
func TestAddressIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`"[a-z0-9./-]*/scp"`)
	files := []string{"README.md", "README.ko.md"}
	for _, folder := range []string{"docs", "examples", "templates", "internal/provider/testdata"} {
		files = append(files, below(t, folder, "")...)
	}
	found := 0
	for _, file := range files {
		for _, address := range named.FindAllString(readFile(t, file), -1) {
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
	if main := readFile(t, "main.go"); !strings.Contains(main, "provider.Address") || strings.Contains(main, `/scp"`) {
		t.Error("main.go does not serve provider.Address")
	}
	registries := "REGISTRIES := " + strings.TrimSuffix(provider.Address, "/"+provider.Source) + " "
	if !strings.Contains(readFile(t, "GNUmakefile"), registries) ||
		!strings.Contains(readFile(t, ".ci/install"), "/$registry/"+provider.Source+`"`) {
		t.Error("make install does not install to the address")
	}
}

// The table of API versions has the versions in the code.
func TestDocumentationHasTheVersions(t *testing.T) {
	t.Parallel()
	const name = "templates/guides/api-versions.md.tmpl"
	text := readFile(t, name)
	for _, version := range scp.APIVersions() {
		until := ""
		if version.GuaranteedUntil != "" {
			until = version.GuaranteedUntil + " "
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

// The lists of data sources, and the folders of examples and pages, have every data source. Its page begins with its example, and links
// to SCP's own page.
func TestEveryDataSourceIsListed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, constructor := range provider.New("test").DataSources(ctx) {
		var metadata datasource.MetadataResponse
		constructor().Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "scp"}, &metadata)
		name := strings.TrimPrefix(metadata.TypeName, "scp_")
		for _, page := range []string{"README.md", "README.ko.md"} {
			if !strings.Contains(readFile(t, page), "\n- [`"+metadata.TypeName+"`](docs/data-sources/"+name+".md): ") {
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
		before, _, found := strings.Cut(readFile(t, "docs/data-sources/"+name+".md"), "\n## Example Usage\n")
		if lines := strings.Count(before, "\n") + 2; !found || lines > 15 {
			t.Errorf("the page of %s has its example in line %d", metadata.TypeName, lines)
		}
		if !strings.Contains(before, "](https://docs.e.samsungsdscloud.com/apireference/") {
			t.Errorf("the page of %s does not link to SCP's page before its example", metadata.TypeName)
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
		text := readFile(t, page)
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
