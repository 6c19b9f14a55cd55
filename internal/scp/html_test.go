// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

func TestHTML(t *testing.T) {
	const page = "an HTML page"
	for body, want := range map[string]string{
		"<html>": page, " \n<!DOCTYPE html>": page, "<?xml version=\"1.0\"?>\n<html lang=\"en\">": page, "<title": page,
		`<?xml version="1.0"?><Error><Code>x</Code></Error>`: "", "{}": "", "": "",
		"<html><head><TITLE lang=en>\n Sign in </title></head>": page + ` with the title "Sign in"`,
		"<title>Sign in</title":                                 page + ` with the title "Sign in"`,
		"<html><title></title><h1>Bad  gateway</h1> nginx":      page,
	} {
		if got := describeHTML([]byte(body)); isHTML([]byte(body)) != (want != "") || want != "" && got != want {
			t.Errorf("%q is HTML: %t, and %s; want %q", body, isHTML([]byte(body)), got, want)
		}
	}
	if bytes := allocated(func() { describeHTML([]byte(strings.Repeat("<", maxBodySize))) }); bytes > 3*maxBodySize {
		t.Errorf("describing 16 MiB allocates %d bytes", bytes)
	}
}

// Block pages in Korea are often in EUC-KR. A page that does not name it is not decoded.
func TestKoreanPages(t *testing.T) {
	const page, title = "<html><title>\xc1\xa2\xb1\xd9 \xc2\xf7\xb4\xdc</title>", "접근 차단"
	for name, c := range map[string]struct {
		contentType, body string
		decoded           bool
	}{
		"field":         {"text/html; charset=EUC-KR", page, true},
		"field, quoted": {`text/html; charset="ks_c_5601-1987"`, page, true},
		"meta":          {"text/html", `<meta charset="euc-kr">` + page, true},
		"old meta":      {"", `<meta http-equiv="Content-Type" content="text/html; charset=cp949">` + page, true},
		"nothing":       {"text/html", page, false},
		"another":       {"text/html; charset=shift_jis", page, false},
		"not in it":     {"text/html; charset=euc-kr", "<html><title>" + title + "</title>", true},
	} {
		for _, status := range []int{200, 403} {
			_, err := read(t, fakeClient(answering(status, c.body, "Content-Type", c.contentType)))
			if err == nil || strings.Contains(err.Summary(), title) != c.decoded {
				t.Errorf("%s, %d: the error is %v", name, status, err)
			}
		}
	}
}
