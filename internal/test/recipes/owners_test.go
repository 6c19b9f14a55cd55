// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// What the guide has for several owners: each one's images are read with its own keys, and no key is in the plan.
func TestRecipesOwners(t *testing.T) {
	inParallel(t, "(guide)", "two owners", func(t *testing.T, r *row) {
		r.needs(t, "variables with ephemeral")
		guide, err := os.ReadFile("../../../templates/guides/vendors-provider.md.tmpl")
		if err != nil {
			t.Fatal(err)
		}
		_, block, _ := strings.Cut(string(guide), "```terraform\nvariable \"second_owner\"")
		block, _, found := strings.Cut(block, "```")
		if !found {
			t.Fatal("the guide has no second owner")
		}
		fixtures, err := emulator.Default()
		if err != nil {
			t.Fatal(err)
		}
		tf := acc.NewTerraform(t, map[string]string{"main.tf": `variable "second_owner"` + block + required + `
data "scp_virtualserver_image_members" "ours" {
  image_id = "` + image + `"
}

output "found" {
  value = {
    theirs = data.scp_virtualserver_image_members.theirs.members[*].member_id
    us     = data.scp_virtualserver_image_members.ours.members[*].member_id
  }
}
`})
		env := slices.Concat(newService(t, nil).env, []string{
			`TF_VAR_second_owner={access_key="` + fixtures.Accounts[0].AccessKey + `",secret_key="` + fixtures.Accounts[0].SecretKey + `"}`,
		})
		output, code := tf.Run(t, env, "plan", "-no-color", "-input=false", "-out=plan.bin")
		// Only the owner sees all of them.
		r.check(t, want{code: 0, says: []string{
			"+ theirs = [ + " + account + ", ]", "+ us = [ + " + strings.Join(everyone, ", + ") + ", ]",
		}}, output, code)
		plan, err := tf.Command(t, env, "show", "-json", "plan.bin").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{fixtures.SecretKey, fixtures.Accounts[0].SecretKey} {
			if strings.Contains(string(plan), secret) {
				t.Error("a secret key is in the plan")
			}
		}
	})
}
