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
	inParallel(t, "(guide)", "for_each over two owners", func(t *testing.T, r *row) {
		r.needs(t, "for_each over providers", "variables with ephemeral")
		guide, err := os.ReadFile("../../../templates/guides/vendors-provider.md.tmpl")
		if err != nil {
			t.Fatal(err)
		}
		_, block, _ := strings.Cut(string(guide), "```terraform\nvariable \"owners\"")
		block, _, found := strings.Cut(block, "```")
		if !found {
			t.Fatal("the guide has no for_each over owners")
		}
		fixtures, err := emulator.Default()
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]string{}
		for _, account := range fixtures.AllAccounts() {
			keys[account.ID] = `{access_key="` + account.AccessKey + `",secret_key="` + account.SecretKey + `"}`
		}
		tf := acc.NewTerraform(t, map[string]string{"main.tf": `variable "owners"` + block + `
terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

output "found" {
  value = { for owner, read in data.scp_virtualserver_image_members.fleet : owner => sort(read.members[*].member_id) }
}
`})
		env := slices.Concat(newService(t, nil).env, []string{
			`TF_VAR_owners={us=["` + image + `"],partner=["` + partners + `"]}`,
			`TF_VAR_keys={us=` + keys[account] + `,partner=` + keys[partner] + `}`,
		})
		output, code := tf.Run(t, env, "plan", "-no-color", "-input=false", "-out=plan.bin")
		// Only the owner sees all of them.
		r.check(t, want{code: 0, says: []string{
			"+ partner = [ + " + accepted1 + ", + " + account + ", ]", "+ us = [ + " + strings.Join(everyone, ", + ") + ", ]",
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
