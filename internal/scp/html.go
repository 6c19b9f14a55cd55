// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"strconv"
	"strings"
)

// isHTML reports whether body is a page for a browser, as a proxy or a login page sends it.
func isHTML(body []byte) bool {
	body = bytes.TrimSpace(body)
	isXML := bytes.HasPrefix(body, []byte("<?xml"))
	return bytes.HasPrefix(body, []byte("<")) && (!isXML || bytes.Contains(body[:min(len(body), maxHTMLSize)], []byte("<html")))
}

// describeHTML names a page by its title, if it has one.
func describeHTML(body []byte) string {
	text := string(body[:min(len(body), maxHTMLSize)])
	if _, title, ok := cutFold(text, "<title"); ok {
		_, title, _ = strings.Cut(title, ">")
		if title, _, ok = cutFold(title, "</title"); ok && strings.TrimSpace(title) != "" {
			return "an HTML page with the title " + strconv.Quote(strings.TrimSpace(title))
		}
	}
	return "an HTML page"
}

// cutFold is [strings.Cut] in any case. The separator is in lower case and ASCII.
func cutFold(text, separator string) (before, after string, found bool) {
	for i := 0; i+len(separator) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(separator)], separator) {
			return text[:i], text[i+len(separator):], true
		}
	}
	return text, "", false
}
