// SPDX-License-Identifier: MPL-2.0

package config

import "testing"

func TestSchemeAndHost(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://gw":                              "https://gw",
		"ftp://gw.example.com:21":                 "ftp://gw.example.com:21",
		"https://[2001:db8::1]:8443/x":            "https://[2001:db8::1]:8443",
		"https://gw/scp?subscription-key=hunter2": "https://gw",
		"https://gw?hunter2":                      "https://gw",
		"https://gw#access_token=hunter2":         "https://gw",
		"https://gw/hunter2":                      "https://gw",

		"https://svc:hunter2@gw:8443/x": "", // it is not certain where the host begins
		"https://hunter2@gw":            "",
		"https://svc:hunter2%40gw":      "",
		"https://svc:hunter2":           "",
		"https://svc:1/hunter2@gw":      "",
		"https://hunter2/hunter2@gw":    "",
		"https://svc:hunter2\\@gw/":     "",
		"https://hunter2\\.gw":          "",
		"https://hunter2 gw":            "",
		"https://gw/\nhunter2":          "",
		"https://":                      "",
		"https:hunter2":                 "",
		"svc:hunter2@gw":                "",
		"//hunter2":                     "",
		"#access_token=hunter2":         "",
		"hunter2":                       "",
		"":                              "",
	} {
		if got := schemeAndHost(text); got != want {
			t.Errorf("schemeAndHost(%q) is %q, want %q", text, got, want)
		}
	}
}
