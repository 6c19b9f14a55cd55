// SPDX-License-Identifier: MPL-2.0

package config

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The text names the place that each credential comes from, and does not show the credential.
func TestCredentialOrigins(t *testing.T) {
	t.Parallel()
	const keysFromBlock = `access_key comes from the provider's attribute access_key, secret_key from the provider's attribute secret_key`
	tests := map[string]struct {
		block     map[string]string
		variables map[string]string
		file      string
		want      string
	}{
		"one place each": {
			block:     map[string]string{"access_key": "hunter2"},
			variables: map[string]string{"SCP_TF_SECRET_KEY": "hunter2"},
			file:      `{"auth-token":"hunter2"}`,
			want: `access_key comes from the provider's attribute access_key, secret_key from the environment variable SCP_TF_SECRET_KEY, ` +
				`auth_token from the key "auth-token" in FILE.`,
		},
		"no token": {
			variables: map[string]string{"SCP_TF_ACCESS_KEY": "hunter2", "SCP_TF_SECRET_KEY": "hunter2"},
			file:      `{"access-key":"hunter2"}`,
			want: `access_key comes from the environment variable SCP_TF_ACCESS_KEY, ` +
				`secret_key from the environment variable SCP_TF_SECRET_KEY. No auth_token is set.`,
		},
		"a token next to the keys of the block": {
			block:     map[string]string{"access_key": "hunter2", "secret_key": "hunter2", "auth_token": ""},
			variables: map[string]string{"SCP_TF_AUTH_TOKEN": "hunter2"},
			want:      keysFromBlock + `, auth_token from the environment variable SCP_TF_AUTH_TOKEN.`,
		},
		"one in quotes": {
			block: map[string]string{"access_key": "hunter2", "secret_key": `"hunter2"`},
			want: keysFromBlock + `. No auth_token is set. The value of secret_key is in quotes, ` +
				`which are sent as a part of it: remove them.`,
		},
		"all in quotes": {
			block: map[string]string{"access_key": `'hunter2'`, "secret_key": `'"hunter2"'`, "auth_token": `""`},
			want: keysFromBlock + `, auth_token from the provider's attribute auth_token. ` +
				`The values of access_key, secret_key and auth_token are in quotes, which are sent as a part of them: remove them.`,
		},
		"quotes that are no pair": {
			block: map[string]string{"access_key": `"hunter2`, "secret_key": `'hunter2"`, "auth_token": `"`},
			want:  keysFromBlock + `, auth_token from the provider's attribute auth_token.`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			block := map[string]attr.Value{"environment": types.StringValue("e")}
			for attribute, text := range test.block {
				block[attribute] = types.StringValue(text)
			}
			path := writeFile(t, test.file)
			got := evaluate(sources{block: block, getenv: getenv(test.variables),
				files: map[string]settingsFile{credentialsFile: readFile(path)}})
			if got.Errors.HasError() {
				t.Fatal(got.Errors)
			}
			if described, want := got.Credentials.Describe(), strings.ReplaceAll(test.want, "FILE", path); described != want {
				t.Errorf("got  %s\nwant %s", described, want)
			}
		})
	}
}
