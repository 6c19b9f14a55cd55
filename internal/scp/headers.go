// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxAge is how old an answer may say that it is. Every request asks caches to stay out; a few seconds are a slow network.
const maxAge = 5 * time.Second

// checkAge returns a staleError if the header of an answer says that a cache made it, not the service.
func checkAge(header http.Header) error {
	for _, age := range fieldValues(header, "Age") {
		// What is no number is 0, and what is too large for one is infinite.
		if seconds, _ := strconv.ParseFloat(age, 64); seconds > maxAge.Seconds() {
			return staleError{fmt.Sprintf("it says that it is %s seconds old (Age)", age)}
		}
	}
	for _, warning := range fieldValues(header, "Warning") {
		if code, _, _ := strings.Cut(warning, " "); code == "110" || code == "111" {
			return staleError{"it says that it is out of date (Warning: " + warning + ")"}
		}
	}
	return nil
}

// checkMediaType returns an error if the header of an answer says that its body is something else than JSON.
func checkMediaType(header http.Header) error {
	for _, contentType := range fieldValues(header, "Content-Type") {
		mediaType, _, err := mime.ParseMediaType(contentType)
		if mediaType == "" && err != nil {
			mediaType = contentType
		}
		if mediaType != "application/json" && !strings.HasSuffix(mediaType, "+json") {
			return fmt.Errorf("its media type is %s, not JSON", mediaType)
		}
	}
	return nil
}

// checkListHeaders returns an error if the header of an answer contradicts a whole list of count items called list.
func checkListHeaders(header http.Header, list string, count int) error {
	for _, link := range fieldValues(header, "Link") {
		if isNextLink(link) {
			return fmt.Errorf("its header Link says that the list continues: %s", link)
		}
	}
	for _, name := range []string{"X-Next-Page", "X-Next-Marker", "X-Next-Cursor"} {
		if next := header.Get(name); next != "" {
			return fmt.Errorf("its header %s says that the list continues: %s", name, next)
		}
	}
	totals := append(header.Values("X-Total-Count"), header.Values("X-Total")...)
	for _, contentRange := range header.Values("Content-Range") {
		if _, total, ok := strings.Cut(contentRange, "/"); ok && total != "*" && !strings.HasPrefix(contentRange, "bytes") {
			totals = append(totals, total)
		}
	}
	for _, total := range totals {
		if strings.TrimSpace(total) != strconv.Itoa(count) {
			return fmt.Errorf("a total of %s in its header contradicts the list of %d %s", total, count, list)
		}
	}
	return nil
}

// isNextLink reports whether one link of a Link header has the relation next: <URL>; rel="next".
func isNextLink(link string) bool {
	for parameter := range strings.SplitSeq(strings.ToLower(link), ";") {
		name, relations, _ := strings.Cut(parameter, "=")
		if strings.TrimSpace(name) != "rel" {
			continue
		}
		if slices.Contains(strings.Fields(strings.Trim(strings.TrimSpace(relations), `"`)), "next") {
			return true
		}
	}
	return false
}

// fieldValues are the values of a header, whether they came in lines of their own or behind commas in one. A comma in quotes is text.
func fieldValues(header http.Header, name string) (values []string) {
	for _, line := range header.Values(name) {
		quoted := false
		for value := range strings.FieldsFuncSeq(line, func(r rune) bool {
			if r == '"' {
				quoted = !quoted
			}
			return r == ',' && !quoted
		}) {
			if value = strings.TrimSpace(value); value != "" {
				values = append(values, value)
			}
		}
	}
	return values
}
