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
		var block string
		for _, code := range codeBlocks(string(guide), "terraform") {
			if strings.Contains(code, `variable "second_owner"`) {
				block = code
			}
		}
		fixtures, err := emulator.Default()
		if err != nil {
			t.Fatal(err)
		}
		tf := acc.NewTerraform(t, folder(t, "testdata/owners"))
		tf.Write(t, "guide.tf", block)
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
