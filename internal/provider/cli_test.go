// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
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
	tests := map[string]struct{ warning, date string }{
		"1.3": {},
		"1.2": {"API Version Past Its Guaranteed Date", "2026-08-31"},
		"1.1": {"API Version Past Its Guaranteed Date", "2026-05-31"},
		"1.0": {"API Version Past Its Guaranteed Date", "2025-12-31"},
	}
	for version, test := range tests {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
			c := newCLI(t, requiredProviders+"provider \"scp\" {\n  api_version = \""+version+"\"\n}\n"+reads)
			output, code := c.Run(t, env.list(), "plan", "-no-color")
			if code != 0 {
				t.Fatalf("terraform plan exits with %d:\n%s", code, output)
			}
			want := 0
			if test.warning != "" {
				want = 1
			}
			if got := strings.Count(output, "Warning: "+test.warning); test.warning != "" && got != want {
				t.Errorf("the warning is printed %d times, want once:\n%s", got, output)
			}
			if got := strings.Count(output, "API Version"); got != want {
				t.Errorf("API versions are spoken of %d times, want %d:\n%s", got, want, output)
			}
			if !strings.Contains(output, test.date) {
				t.Errorf("the date %s is not named:\n%s", test.date, output)
			}
			if got := len(e.Requests()); got != 3 {
				t.Errorf("a plan of three reads sent %d requests, want one each", got)
			}
		})
	}
}

// Ten data blocks with a wrong key send one request, and each block has its error.
func TestCLIWrongKeysAreSentOnce(t *testing.T) {
	t.Parallel()
	e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	env["SCP_TF_SECRET_KEY"] = "wrong"
	configuration := requiredProviders
	for i := range 10 {
		configuration += fmt.Sprintf("data %q \"d%d\" {\n  image_id = \"image-%d\"\n}\n", imageMembersName, i, i)
	}
	output, code := newCLI(t, configuration).Run(t, env.list(), "plan", "-no-color")
	given := strings.Count(output, "Attempts: none: the same failed ")
	if code != 1 || len(e.Requests()) != 1 || strings.Count(output, "Error: Authentication Failed") != 10 || given != 9 {
		t.Errorf("terraform plan exits with %d after %d requests:\n%s", code, len(e.Requests()), output)
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
