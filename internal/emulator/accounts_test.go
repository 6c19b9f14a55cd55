// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"slices"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The account of the fixtures' own keys owns the images that name no owner; without such keys the first of the list does.
func TestOwnerOfImagesWithoutOwner(t *testing.T) {
	fixtures := accountsOf("a b", emulator.Image{ID: "x"}, emulator.Image{ID: "y", Owner: "b"})
	for _, test := range []struct {
		accessKey, accountID string
		lists                map[string]string // by account
	}{
		{"", "", map[string]string{"a": "x", "b": "y"}},
		{"k-key", "", map[string]string{"k": "x", "a": "", "b": "y"}},
		{"k-key", "k", map[string]string{"k": "x", "a": "", "b": "y"}},
		{"", "k", map[string]string{"a": "x", "b": "y"}}, // an ID without keys is no account
	} {
		fixtures.AccessKey, fixtures.SecretKey, fixtures.AccountID = test.accessKey, "k-secret", test.accountID
		url := startWith(t, fixtures)
		for account, want := range test.lists {
			as(account, url+"/v1/images").lists(t, want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	for _, test := range []struct{ got, want []string }{
		{emulator.Environment("u", accountsOf("a b")),
			[]string{"SCP_TF_ENDPOINT_OVERRIDE=u", "SCP_TF_ACCESS_KEY=a-key", "SCP_TF_SECRET_KEY=a-secret"}},
		{emulator.Environment("u", emulator.Fixtures{AccessKey: "a=b", SecretKey: "s 's", AuthToken: "t"}), []string{"SCP_TF_ENDPOINT_OVERRIDE=u",
			"SCP_TF_ACCESS_KEY=a=b", "SCP_TF_SECRET_KEY=s 's", "SCP_TF_AUTH_TOKEN=t"}},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("the environment is %q, want %q", test.got, test.want)
		}
	}
}
