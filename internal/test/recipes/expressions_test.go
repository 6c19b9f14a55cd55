// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"encoding/json"
	"os"
	"reflect"
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
	_, block, _ := strings.Cut(string(page), "```terraform\n")
	block, _, found := strings.Cut(block, "```")
	if !found {
		t.Fatal("the page has no expressions")
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
	tf := acc.NewTerraform(t, map[string]string{"main.tf": block + required + `
data "scp_virtualserver_image_members" "fleet" {
  image_ids = ["` + image + `", "` + other + `", "` + unshared + `"]
}

output "found" {
  value = {
    by_image = { for image, members in local.by_image : image => { for account, m in members : account => m.status } }
  }
}
`})
	prepare(t, tf, s.env, "apply", "-auto-approve", "-no-color", "-input=false")
	text, err := tf.Command(t, nil, "output", "-json", "found").Output()
	if err != nil {
		t.Fatal(err)
	}
	wanted := `{
		"by_image": {"` + image + `": {"both": "accepted", "slow": "pending"}, "` + other + `": {"both": "accepted", "new": "pending"}}
	}`
	var got, want any
	for text, value := range map[string]*any{string(text): &got, wanted: &want} {
		if err := json.Unmarshal([]byte(text), value); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
