// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

func TestCLIVersionWarningsOncePerRun(t *testing.T) {
	t.Parallel()
	reads := readConfiguration(documentImage)
	for _, name := range []string{"second", "third"} {
		reads += "\n" + strings.Replace(readConfiguration(fourImage), `"test"`, `"`+name+`"`, 1)
	}
	for version, date := range map[string]string{"1.3": "", "1.0": "2025-12-31"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
			c := newCLI(t, requiredProviders+"provider \"scp\" {\n  api_version = \""+version+"\"\n}\n"+reads)
			output, code := c.Run(t, env.list(), "plan", "-no-color")
			warnings, said := strings.Count(output, "Warning: API Version Past Its Guaranteed Date"), strings.Count(output, "API Version")
			want := min(len(date), 1)
			if code != 0 || warnings != want || said != want || !strings.Contains(output, date) || len(e.Requests()) != 3 {
				t.Errorf("terraform plan exits with %d after %d requests, want 3, and warns %d times, want %d, of %s:\n%s",
					code, len(e.Requests()), warnings, want, date, output)
			}
		})
	}
}

func TestCLIForEachAccepted(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	configuration, err := os.ReadFile("testdata/for_each.tf")
	if err != nil {
		t.Fatal(err)
	}
	output, code := newCLI(t, string(configuration)).Run(t, env.list(), "apply", "-auto-approve", "-no-color")
	want := `accounts = "0c6e1d5a9b3f4827b1a2c3d4e5f60718 5d2f8e1c7a604b39a8b7c6d5e4f30291"`
	if code != 0 || !strings.Contains(output, want) {
		t.Errorf("terraform apply exits with %d, want 0 and %s:\n%s", code, want, output)
	}
}
