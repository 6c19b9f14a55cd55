// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// as is a call that account signs.
func as(account, url string) call {
	c := get(url)
	c.accessKey, c.secretKey = account+"-key", account+"-secret"
	return c
}

// accounts are those with the ids, whose keys are made of them.
func accounts(ids ...string) []emulator.Account {
	var list []emulator.Account
	for _, id := range ids {
		list = append(list, emulator.Account{ID: id, AccessKey: id + "-key", SecretKey: id + "-secret"})
	}
	return list
}

// two are two accounts.
func two() emulator.Fixtures {
	return emulator.Fixtures{Versions: []emulator.Version{{ID: "v1.3"}}, Accounts: accounts("a", "b")}
}

// The account of the fixtures' own keys owns what names no owner; without such keys the first of the list does.
func TestOwnerOfImagesWithoutOwner(t *testing.T) {
	fixtures := two()
	fixtures.Images = []emulator.Image{{ID: "x"}, {ID: "y", Owner: "b"}}
	for name, test := range map[string]struct {
		accessKey, accountID string
		want                 map[string]string // what each account's list holds
	}{
		"the first":                {"", "", map[string]string{"a": "x", "b": "y"}},
		"that of the keys":         {"k-key", "", map[string]string{"k": "x", "a": "", "b": "y"}},
		"that of the keys, by id":  {"k-key", "k", map[string]string{"k": "x", "a": "", "b": "y"}},
		"an id without keys is no": {"", "k", map[string]string{"a": "x", "b": "y"}},
	} {
		t.Run(name, func(t *testing.T) {
			fixtures.AccessKey, fixtures.SecretKey, fixtures.AccountID = test.accessKey, "k-secret", test.accountID
			url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
			for account, want := range test.want {
				if got := strings.Join(as(account, url+"/v1/images").send(t).ids(t, "images", "id"), " "); got != want {
					t.Errorf("%s sees %q, want %q", account, got, want)
				}
			}
		})
	}
}

// One account's key with another's secret, or token, opens nothing.
func TestKeysOfTwoAccounts(t *testing.T) {
	fixtures := two()
	fixtures.Accounts[1].AuthToken = "b-token"
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{})) + "/v1/images"
	c := as("a", url)
	c.secretKey = "b-secret"
	c.send(t).gatewayUnauthorized(t, "HmacValidFail")
	as("b", url).send(t).gatewayUnauthorized(t, "TokenValidFail")
	as("e", url).send(t).gatewayUnauthorized(t, "AccessKeyNotFound")
	c = as("b", url)
	c.token = "b-token"
	c.send(t).object(t, http.StatusOK)
	as("a", url).send(t).object(t, http.StatusOK)
}

func TestAccountsThatAreRefused(t *testing.T) {
	const a, b = `{"id":"a","access_key":"ka","secret_key":"s"}`, `{"id":"b","access_key":"kb","secret_key":"s"}`
	for text, want := range map[string]string{
		`"accounts":[` + a + `,{"access_key":"kb","secret_key":"s"}]`:          "account 2 of the list",
		`"accounts":[{"id":"a","secret_key":"s"}]`:                             "account 1 of the list",
		`"accounts":[{"id":"a","access_key":"s"}]`:                             "account 1 of the list",
		`"accounts":[` + a + `,` + b + `,` + a + `]`:                           "account a is listed twice",
		`"accounts":[` + a + `,{"id":"b","access_key":"ka","secret_key":"t"}]`: "the same access_key",
		`"access_key":"ka","accounts":[` + a + `]`:                             "the same access_key",
		`"access_key":"k","account_id":"b","accounts":[` + b + `]`:             "account b is listed twice",
	} {
		t.Run(text, func(t *testing.T) { refused(t, `{`+text+`}`, want) })
	}
}

func TestEnvironmentOfAnAccount(t *testing.T) {
	fixtures := two()
	fixtures.Accounts[1].AuthToken = "b-token"
	want := []string{"SCP_TF_ENDPOINT_OVERRIDE=u", "SCP_TF_ACCESS_KEY=b-key", "SCP_TF_SECRET_KEY=b-secret", "SCP_TF_AUTH_TOKEN=b-token"}
	if got := fixtures.AllAccounts()[1].Environment("u"); !slices.Equal(got, want) {
		t.Errorf("the environment is %q, want %q", got, want)
	}
	if got := emulator.Environment("u", fixtures); len(got) != 3 || got[1] != "SCP_TF_ACCESS_KEY=a-key" {
		t.Errorf("the environment of the first account is %q", got)
	}
}
