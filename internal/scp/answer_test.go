package scp

import (
	"strings"
	"testing"
	"time"
)

// What is no JSON by its media type is none, whatever its text; a text that is JSON counts where nothing says otherwise.
func TestMediaType(t *testing.T) {
	for mediaType, accepted := range map[string]bool{
		"": true, "application/json": true, "application/json; charset=utf-8": true, "Application/JSON": true, "application/problem+json": true,
		"application/json; charset": true,
		"text/html":                 false, "text/html; charset=utf-8": false, "text/plain": false, "application/xml": false, "application/octet-stream": false,
	} {
		members, err := read(t, fakeClient(answering(200, `{"members":[]}`, "Content-Type", mediaType)))
		if (err == nil) != accepted {
			t.Errorf("%q: got %v, %v", mediaType, members, err)
		}
		if err != nil && (err.Class != ClassBody || !strings.Contains(err.Reason, "HTML") && !strings.Contains(err.Reason, mediaType)) {
			t.Errorf("%q: the error is %+v", mediaType, err)
		}
	}
}

// A cache may say how old its answer is. A few seconds are a slow network.
func TestCaches(t *testing.T) {
	for _, c := range []struct {
		headers []string
		want    string // of the reason; empty for a good answer
	}{
		{nil, ""},
		{[]string{"Age", "0"}, ""},
		{[]string{"Age", "5"}, ""},
		{[]string{"Age", "6"}, "6 seconds old"},
		{[]string{"Age", "0", "Age", "3600"}, "3600 seconds old"},
		{[]string{"Age", "99999999999999999999"}, "99999999999999999999 seconds old"},
		{[]string{"Age", "soon"}, ""},
		{[]string{"Warning", `110 cache "Response is stale"`}, "out of date"},
		{[]string{"Warning", `111 cache "Revalidation failed"`}, "out of date"},
		{[]string{"Warning", `199 - "Miscellaneous"`, "Warning", `110 cache "x"`}, "out of date"},
		{[]string{"Warning", `199 - "Miscellaneous"`}, ""},
	} {
		_, err := read(t, fakeClient(answering(200, documented, c.headers...)))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%v: the error is %v", c.headers, err)
		case c.want != "" && (err == nil || err.Class != ClassStale || err.StatusCode != 200 || !strings.Contains(err.Reason, c.want)):
			t.Errorf("%v: the error is %+v, want %q", c.headers, err, c.want)
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
