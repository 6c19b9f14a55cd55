// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The binary links nothing of the tests. The client, the emulator and the configuration do not import what they must not know.
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
	const root = "../.."
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
	for _, imported := range list("./config") {
		if strings.HasSuffix(imported, "/internal/provider") {
			t.Errorf("internal/provider/config imports %s", imported)
		}
	}
	for _, imported := range list(root + "/internal/emulator") {
		if strings.HasSuffix(imported, "/internal/scp") || strings.HasSuffix(imported, "/internal/provider") {
			t.Errorf("internal/emulator imports %s", imported)
		}
	}
}
