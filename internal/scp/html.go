// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"regexp"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
)

// htmlStart matches the beginning of a page for a browser, but no other XML.
var htmlStart = regexp.MustCompile(`(?s)^\s*<(?:[^?]|\?xml.*<html)`)

// isHTML reports whether body is a page for a browser, as a proxy or a login page sends it.
func isHTML(body []byte) bool { return htmlStart.Match(body[:min(len(body), maxHTMLSize)]) }

var htmlTitle = regexp.MustCompile(`(?i)<title[^>]*>\s*([^<]*[^<\s])\s*</title`)

// koreanCharset is how a Content-Type, or the meta of a page, names the charset of Korean Windows and what it extends.
var koreanCharset = regexp.MustCompile(`(?i)charset\s*=\s*["']?(?:euc-kr|ks_c_5601-1987|ksc5601|(?:x-)?windows-949|[cm]s?p?949)`)

// toUTF8 returns a text in UTF-8 if it says that it is in a Korean charset, as block pages in Korea do. Nothing is guessed.
func toUTF8(contentType string, body []byte) []byte {
	if utf8.Valid(body) || !koreanCharset.MatchString(contentType) && !koreanCharset.Match(body[:min(len(body), maxHTMLSize)]) {
		return body
	}
	decoded, _ := korean.EUCKR.NewDecoder().Bytes(body) // what is not in it becomes U+FFFD
	return decoded
}

// describeHTML names a page by its title, if it has one.
func describeHTML(body []byte) string {
	if title := htmlTitle.FindSubmatch(body[:min(len(body), maxHTMLSize)]); title != nil {
		return `an HTML page with the title "` + string(title[1]) + `"` // as it came: in quotes of Go's a secret is not recognized
	}
	return "an HTML page"
}
