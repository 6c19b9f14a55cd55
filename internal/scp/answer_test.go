// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
	"time"
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
		"<html><title></title><h1>Bad  gateway</h1> nginx":      `an HTML page that begins with "Bad gateway nginx"`,
		"<html>": "an HTML page",
		"<title": "an HTML page",
	} {
		if got := describeHTML([]byte(body)); got != want {
			t.Errorf("%q is %s, want %s", body, got, want)
		}
	}
	// A secret that stands where the page is cut does not show its beginning.
	page := "<p>" + strings.Repeat("<br>", maxHTMLSize/4-4) + " hunter2-hunter2-hunter2"
	if got := describeHTML([]byte(page)); strings.Contains(got, "hunter2") {
		t.Errorf("the page is %s", got)
	}
	start := time.Now()
	describeHTML([]byte(strings.Repeat("<", maxBodySize)))
	if took := time.Since(start); took > time.Second {
		t.Errorf("describing 16 MiB took %s", took)
	}
}
