// SPDX-License-Identifier: MPL-2.0

package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// The first place that has a setting wins, also with a whole number that is 0. Each credential has the place that it really comes from, and
// is not shown with it.
func TestEvaluate(t *testing.T) {
	t.Parallel()
	const iam = "https://iam.g.samsungsdscloud.com/v1"
	whole := func(retries, concurrency int64) map[string]any {
		return map[string]any{"max_retries": retries, "max_concurrency": concurrency}
	}
	for name, test := range map[string]struct {
		places
		want string // a part of the result
	}{
		"auth_url":                    {places{block: map[string]any{"auth_url": iam}, variables: "SCP_TF_ENVIRONMENT="}, "{ g}"},
		"auth_url in a variable":      {places{variables: "SCP_TF_ENVIRONMENT= SCP_TF_AUTH_URL=" + iam}, "{ g}"},
		"environment before auth_url": {places{block: map[string]any{"auth_url": iam}, variables: "SCP_TF_ENVIRONMENT=s"}, "{ s}"},
		"endpoint_override before auth_url": {
			places{block: map[string]any{"auth_url": "anything", "endpoint_override": "https://example.com"}}, "{https://example.com }",
		},

		"numbers in the block": {
			places{block: whole(0, 2), variables: "SCP_TF_MAX_RETRIES=7 SCP_TF_MAX_CONCURRENCY=64"}, "0 retries, 2 at once, 30s each",
		},
		"numbers in variables": {places{variables: "SCP_TF_MAX_RETRIES=7 SCP_TF_MAX_CONCURRENCY=64"}, "7 retries, 64 at once"},
		"default numbers":      {places{}, "4 retries, 16 at once, 30s each"},
		"the lower limits":     {places{variables: "SCP_TF_MAX_RETRIES=0 SCP_TF_MAX_CONCURRENCY=1"}, "0 retries, 1 at once"},
		"a time-out":           {places{variables: "SCP_TF_REQUEST_TIMEOUT=1m1s"}, "1m1s each"},

		"keys from one place each": {
			places{
				block: map[string]any{"access_key": "hunter2"}, variables: "SCP_TF_SECRET_KEY=hunter2",
				files: map[string]string{"credentials.json": `{"auth-token":"hunter2"}`},
			},
			"  access_key: provider's attribute access_key\n  secret_key: environment variable SCP_TF_SECRET_KEY\n" +
				`  auth_token: key "auth-token" in {home}/.scpconf/credentials.json`,
		},
		"a key in a variable and a file": {
			places{variables: "SCP_TF_ACCESS_KEY=hunter2", files: map[string]string{"credentials.json": `{"access-key":"hunter2"}`}},
			"  access_key: environment variable SCP_TF_ACCESS_KEY\n  secret_key: environment variable SCP_TF_SECRET_KEY\n  auth_token: not set",
		},
		"an empty token in the block": {
			places{block: map[string]any{"access_key": "hunter2", "auth_token": ""}, variables: "SCP_TF_AUTH_TOKEN=hunter2"},
			"auth_token: environment variable SCP_TF_AUTH_TOKEN",
		},
		"quotes that are no pair": {
			places{block: map[string]any{"access_key": `"hunter2`, "secret_key": `'hunter2"`, "auth_token": `"`}},
			"auth_token: provider's attribute auth_token",
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := acc.Home(t, test.files)
			c := test.evaluate(t, home)
			if len(c.Errors)+len(c.Warnings) > 0 {
				t.Fatal(c.Errors, c.Warnings)
			}
			client := c.ClientConfig
			got := fmt.Sprintf("%v, %d retries, %d at once, %s each\n%s", client.Endpoint, client.MaxRetries, client.MaxConcurrency,
				client.RequestTimeout, strings.Join(c.Credentials, "\n"))
			if want := strings.ReplaceAll(test.want, "{home}", home); !strings.Contains(got, want) || strings.Contains(got, "hunter2") {
				t.Errorf("got %s, want %s and no credential", got, want)
			}
		})
	}
}

// A proxy variable that would be used and is not the address of a proxy is an error. The value, which may contain a password, is not shown.
func TestProxy(t *testing.T) {
	t.Parallel()
	const broken = "http://svc:pass%hunter2@proxy:3128" // % must be %25
	for variables, want := range map[string]string{
		"HTTPS_PROXY=" + broken:                                                "HTTPS_PROXY",
		"https_proxy=" + broken:                                                "https_proxy",
		"HTTPS_PROXY=http://user:hunter2/x@host:1":                             "HTTPS_PROXY",
		"HTTPS_PROXY=socks4://host:1":                                          "HTTPS_PROXY",
		`HTTPS_PROXY="host:1"`:                                                 "HTTPS_PROXY",
		"HTTPS_PROXY=http://":                                                  "HTTPS_PROXY", // net/http takes it for a proxy named http
		"HTTPS_PROXY=host:1":                                                   "",
		"HTTPS_PROXY=socks5://host:1/":                                         "",
		"HTTPS_PROXY=http://svc:pass%25hunter2@host:1":                         "",
		"HTTPS_PROXY=http://proxy:3128 https_proxy=" + broken:                  "",
		"HTTPS_PROXY=" + broken + " NO_PROXY=example.com,.samsungsdscloud.com": "",
		"HTTPS_PROXY=" + broken + " no_proxy=*":                                "",
		"HTTPS_PROXY=" + broken + " SCP_TF_DEFAULT_REGION=kr-west1 NO_PROXY=virtualserver.kr-east1.e.samsungsdscloud.com": "HTTPS_PROXY",
		"HTTPS_PROXY=" + broken + " SCP_TF_DEFAULT_REGION=kr-west1 NO_PROXY=virtualserver.kr-west1.e.samsungsdscloud.com": "",
		"HTTPS_PROXY=" + broken + " SCP_TF_ENDPOINT_OVERRIDE=https://127.0.0.1":                                           "",
		"HTTP_PROXY=" + broken: "", // it is not for https
		"HTTP_PROXY=" + broken + " SCP_TF_ENDPOINT_OVERRIDE=http://127.0.0.1": "",
	} {
		c := places{variables: variables}.evaluate(t, acc.Home(t, nil))
		got := describe(c.Errors)
		reported := strings.HasPrefix(got, "Error: Invalid Proxy Variable: The environment variable "+want+" is not")
		if (want != "") != reported || want == "" && got != "" || strings.Contains(got, "hunter2") {
			t.Errorf("%s: got %q, want an error about %q", variables, got, want)
		}
		if reported && !strings.Contains(got, "write % as %25, @ as %40 and / as %2F") {
			t.Errorf("%s: it does not say how to write it: %s", variables, got)
		}
	}
}
