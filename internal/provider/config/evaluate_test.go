// SPDX-License-Identifier: MPL-2.0

package config

import (
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// The vendor's auth_url gives the environment, unless the environment itself is set.
func TestEndpoint(t *testing.T) {
	t.Parallel()
	iam := "https://iam.g.samsungsdscloud.com/v1"
	tests := map[string]struct {
		hcl, env map[string]string
		want     scp.Endpoint
	}{
		"auth_url":               {hcl: map[string]string{"auth_url": iam}, want: scp.Endpoint{Environment: "g"}},
		"auth_url in a variable": {env: map[string]string{"SCP_TF_AUTH_URL": iam}, want: scp.Endpoint{Environment: "g"}},
		"environment before auth_url": {
			hcl: map[string]string{"auth_url": iam}, env: map[string]string{"SCP_TF_ENVIRONMENT": "s"}, want: scp.Endpoint{Environment: "s"},
		},
		"endpoint_override before auth_url": {
			hcl:  map[string]string{"auth_url": "anything", "endpoint_override": "https://example.com"},
			want: scp.Endpoint{Override: "https://example.com"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			block := map[string]attr.Value{"access_key": types.StringValue("a"), "secret_key": types.StringValue("s")}
			for attribute, value := range test.hcl {
				block[attribute] = types.StringValue(value)
			}
			got := evaluate(sources{block: block, getenv: getenv(test.env)})
			if got.Errors.HasError() {
				t.Fatal(got.Errors)
			}
			if got.Client.Endpoint != test.want {
				t.Errorf("got %+v, want %+v", got.Client.Endpoint, test.want)
			}
		})
	}
}

// A whole number in the block wins over the variable, 0 included.
func TestWholeNumbers(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"SCP_TF_MAX_RETRIES": "7", "SCP_TF_MAX_CONCURRENCY": "64"}
	tests := map[string]struct {
		block                map[string]attr.Value
		variables            map[string]string
		retries, concurrency int
	}{
		"block":        {map[string]attr.Value{"max_retries": types.Int64Value(0), "max_concurrency": types.Int64Value(2)}, variables, 0, 2},
		"null":         {map[string]attr.Value{"max_retries": types.Int64Null(), "max_concurrency": types.Int64Null()}, variables, 7, 64},
		"variables":    {nil, variables, 7, 64},
		"defaults":     {nil, nil, scp.DefaultMaxRetries, scp.DefaultMaxConcurrency},
		"lower limits": {nil, map[string]string{"SCP_TF_MAX_RETRIES": "0", "SCP_TF_MAX_CONCURRENCY": "1"}, 0, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := evaluate(sources{block: test.block, getenv: getenv(test.variables)}).Client
			if got.MaxRetries != test.retries || got.MaxConcurrency != test.concurrency {
				t.Errorf("got %d and %d, want %d and %d", got.MaxRetries, got.MaxConcurrency, test.retries, test.concurrency)
			}
		})
	}
	for name, text := range map[string]string{"SCP_TF_MAX_RETRIES": "11 -1 1.5 x 99999999999999999999", "SCP_TF_MAX_CONCURRENCY": "0 65 1e1"} {
		for value := range strings.FieldsSeq(text) {
			got := evaluate(sources{getenv: func(asked string) string {
				if asked == name {
					return value
				}
				return keysInVariables[asked]
			}}).Errors
			if len(got) != 1 || !strings.Contains(got[0].Detail(), name+" is not valid") ||
				!strings.Contains(got[0].Detail(), strconv.Quote(value)) {
				t.Errorf("%s=%s: got %v, want one error", name, value, got)
			}
		}
	}
}
