// SPDX-License-Identifier: MPL-2.0

package config

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Each credential has the place that it really comes from. The text names the places, and does not show the credentials.
func TestCredentialOrigins(t *testing.T) {
	t.Parallel()
	const inBlock, inVariable, inFile = "the provider's attribute ", "the environment variable ", "the key "
	tests := map[string]struct {
		block     map[string]string
		variables map[string]string
		file      string
		want      CredentialOrigins
		says      string
	}{
		"one place each": {
			block:     map[string]string{"access_key": "hunter2"},
			variables: map[string]string{"SCP_TF_SECRET_KEY": "hunter2"},
			file:      `{"auth-token":"hunter2"}`,
			want: CredentialOrigins{
				accessKey: inBlock + "access_key", secretKey: inVariable + "SCP_TF_SECRET_KEY", authToken: inFile + `"auth-token" in FILE`,
			},
			says: "\n  auth_token: key \"auth-token\" in FILE",
		},
		"no token": {
			variables: map[string]string{"SCP_TF_ACCESS_KEY": "hunter2", "SCP_TF_SECRET_KEY": "hunter2"},
			file:      `{"access-key":"hunter2"}`,
			want:      CredentialOrigins{accessKey: inVariable + "SCP_TF_ACCESS_KEY", secretKey: inVariable + "SCP_TF_SECRET_KEY"},
			says:      "\n  auth_token: not set",
		},
		"a token next to the keys of the block": {
			block:     map[string]string{"access_key": "hunter2", "secret_key": "hunter2", "auth_token": ""},
			variables: map[string]string{"SCP_TF_AUTH_TOKEN": "hunter2"},
			want: CredentialOrigins{
				accessKey: inBlock + "access_key", secretKey: inBlock + "secret_key", authToken: inVariable + "SCP_TF_AUTH_TOKEN",
			},
		},
		"quotes that are no pair": {
			block: map[string]string{"access_key": `"hunter2`, "secret_key": `'hunter2"`, "auth_token": `"`},
			want: CredentialOrigins{
				accessKey: inBlock + "access_key", secretKey: inBlock + "secret_key", authToken: inBlock + "auth_token",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			block := map[string]attr.Value{"environment": types.StringValue("e")}
			for attribute, text := range test.block {
				block[attribute] = types.StringValue(text)
			}
			path := writeFile(t, test.file)
			got := evaluate(sources{
				block: block, getenv: getenv(test.variables), files: map[string]settingsFile{credentialsFile: readFile(path)},
			})
			if got.Errors.HasError() {
				t.Fatal(got.Errors)
			}
			test.want.authToken = strings.ReplaceAll(test.want.authToken, "FILE", path)
			if !reflect.DeepEqual(got.Credentials, test.want) {
				t.Errorf("got %+v, want %+v", got.Credentials, test.want)
			}
			described, says := got.Credentials.Describe(), strings.ReplaceAll(test.says, "FILE", path)
			if !strings.Contains(described, says) || strings.Contains(described, "hunter2") {
				t.Errorf("it says %q, want %q and no credential", described, says)
			}
		})
	}
}
