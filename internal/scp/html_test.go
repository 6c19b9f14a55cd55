// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

func TestIsHTML(t *testing.T) {
	for body, want := range map[string]bool{
		"<html>": true, " \n<!DOCTYPE html>": true, `<?xml version="1.0"?><html lang="en">`: true,
		`<?xml version="1.0"?><Error><Code>x</Code></Error>`: false, "{}": false, "": false,
	} {
		if got := isHTML([]byte(body)); got != want {
			t.Errorf("%q is HTML: %t, want %t", body, got, want)
		}
	}
}

func TestDescribeHTML(t *testing.T) {
	for body, want := range map[string]string{
		"<html><head><TITLE lang=en>\n Sign in </title></head>": `an HTML page with the title "Sign in"`,
		"<html><title></title><h1>Bad  gateway</h1> nginx":      "an HTML page",
		"<html>": "an HTML page",
		"<title": "an HTML page", "<title>Sign in</title": `an HTML page with the title "Sign in"`,
	} {
		if got := describeHTML([]byte(body)); got != want {
			t.Errorf("%q is %s, want %s", body, got, want)
		}
	}
	if bytes := allocated(func() { describeHTML([]byte(strings.Repeat("<", maxBodySize))) }); bytes > 3*maxBodySize {
		t.Errorf("describing 16 MiB allocates %d bytes", bytes)
	}
}
