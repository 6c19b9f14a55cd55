// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// defaultAccount is the ID of the account of the fixtures' own keys if they give none.
const defaultAccount = "5c1e8a7f0b9d4e26a1f3c5d7e9b0a2c4"

// Account is an account of SCP. What a request sees depends on the account that signs it.
type Account struct {
	ID        string `json:"id"`
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	AuthToken string `json:"auth_token,omitempty"` // empty: no session token is asked for
}

// AllAccounts returns the account of the fixtures' own keys, if they have any, and then the others. The first of
// them owns the images that name no owner.
func (f Fixtures) AllAccounts() []Account {
	if f.AccessKey == "" && len(f.Accounts) > 0 {
		return f.Accounts
	}
	return append([]Account{{cmp.Or(f.AccountID, defaultAccount), f.AccessKey, f.SecretKey, f.AuthToken}}, f.Accounts...)
}

// Environment returns the variables that point the provider at an emulator at url as the first account of the
// fixtures, each as NAME=value.
func Environment(url string, fixtures Fixtures) []string {
	first := fixtures.AllAccounts()[0]
	variables := []string{
		"SCP_TF_ENDPOINT_OVERRIDE=" + url,
		"SCP_TF_ACCESS_KEY=" + first.AccessKey,
		"SCP_TF_SECRET_KEY=" + first.SecretKey,
	}
	if first.AuthToken != "" {
		variables = append(variables, "SCP_TF_AUTH_TOKEN="+first.AuthToken)
	}
	return variables
}

// checkAccounts rejects accounts that are incomplete, and two with the same ID or access key.
func (f Fixtures) checkAccounts() error {
	for i, account := range f.Accounts {
		if account.ID == "" || account.AccessKey == "" || account.SecretKey == "" {
			return fmt.Errorf("account %d of the list needs an id, an access_key and a secret_key", i+1)
		}
	}
	accounts := f.AllAccounts()
	for i, account := range accounts {
		if slices.ContainsFunc(accounts[:i], func(a Account) bool { return a.ID == account.ID }) {
			return fmt.Errorf("account %s is listed twice", account.ID)
		}
		if slices.ContainsFunc(accounts[:i], func(a Account) bool { return a.AccessKey == account.AccessKey }) {
			return errors.New("two accounts have the same access_key")
		}
	}
	return nil
}
