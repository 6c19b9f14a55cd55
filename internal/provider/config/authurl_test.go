// SPDX-License-Identifier: MPL-2.0

package config

import "testing"

func TestConfigurationAuthURL(t *testing.T) {
	t.Parallel()
	for authURL, want := range map[string]string{
		"https://iam.e.samsungsdscloud.com/v1": "e", "https://iam.s.samsungsdscloud.com/v1/": "s",
		"https://iam.g.samsungsdscloud.com": "g", "https://iam.dev-2.samsungsdscloud.com/v1": "dev-2",
	} {
		if got, err := environmentFromAuthURL(authURL); err != nil || got != want {
			t.Errorf("%s names %q (%v), want %q", authURL, got, err, want)
		}
	}
	const form = "it does not have the form https://iam.{environment}.samsungsdscloud.com/v1, so it names no environment; " +
		`set environment = "e" (or "s", "g") instead`
	for _, authURL := range []string{
		"", "e", "http://iam.e.samsungsdscloud.com/v1", "https://iam.samsungsdscloud.com/v1",
		"https://iam..samsungsdscloud.com/v1", "https://iam.a.b.samsungsdscloud.com/v1", "https://e.samsungsdscloud.com/v1",
		"https://iam.e.samsungsdscloud.com.evil.example/v1", "https://iam.e.evil.example/v1", "https://iam.E.samsungsdscloud.com/v1",
		"https://iam.e.xsamsungsdscloud.com/v1", "https://iam.e.samsungsdscloud.com:443/v1", "https://[::1", "https://iam.-.samsungsdscloud.com",
	} {
		if got, err := environmentFromAuthURL(authURL); got != "" || err == nil || err.Error() != form {
			t.Errorf("%s names %q, with the error %v", authURL, got, err)
		}
	}
}
