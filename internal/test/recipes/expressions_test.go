// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// The expressions of the image members page, over images that have accounts in common.
func TestRecipesExpressions(t *testing.T) {
	page, err := os.ReadFile("../../../templates/data-sources/virtualserver_image_members.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	days := func(n int) string { return time.Now().UTC().AddDate(0, 0, -n).Format(time.RFC3339) }
	s := newService(t, func(f *emulator.Fixtures) {
		find(f, image).Members = []emulator.Member{
			{MemberID: "both", Status: "accepted", CreatedAt: days(30)}, {MemberID: "slow", Status: "pending", CreatedAt: days(8)},
		}
		find(f, other).Members = []emulator.Member{
			{MemberID: "both", Status: "accepted", CreatedAt: days(30)}, {MemberID: "new", Status: "pending", CreatedAt: days(6)},
		}
	})
	tf := acc.NewTerraform(t, folder(t, "testdata/expressions"))
	tf.Write(t, "page.tf", codeBlocks(string(page), "terraform")[0])
	prepare(t, tf, s.env, "apply", "-auto-approve", "-no-color", "-input=false")
	got, err := tf.Command(t, nil, "output", "-json", "by_image").Output()
	want := `{"` + image + `":{"both":"accepted","slow":"pending"},"` + other + `":{"both":"accepted","new":"pending"}}`
	if err != nil || strings.TrimSpace(string(got)) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}
