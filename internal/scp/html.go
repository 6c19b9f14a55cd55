// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"regexp"
	"strconv"
)

// isHTML reports whether body is a page for a browser, as a proxy or a login page sends it.
func isHTML(body []byte) bool {
	body = bytes.TrimSpace(body)
	isXML := bytes.HasPrefix(body, []byte("<?xml"))
	return bytes.HasPrefix(body, []byte("<")) && (!isXML || bytes.Contains(body[:min(len(body), maxHTMLSize)], []byte("<html")))
}

var htmlTitle = regexp.MustCompile(`(?i)<title[^>]*>\s*([^<]*[^<\s])\s*</title`)

// describeHTML names a page by its title, if it has one.
func describeHTML(body []byte) string {
	if title := htmlTitle.FindSubmatch(body[:min(len(body), maxHTMLSize)]); title != nil {
		return "an HTML page with the title " + strconv.Quote(string(title[1]))
	}
	return "an HTML page"
}
