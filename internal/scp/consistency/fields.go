// SPDX-License-Identifier: MPL-2.0

package consistency

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// checkFields returns an error if a field of the header, or a trailer, contradicts the list.
func (r Response) checkFields(where string, fields http.Header) error {
	first, reason := "", error(nil) // by name, so that the reason is always the same
	for name, values := range fields {
		for _, value := range values {
			verdict := r.judgeField(http.CanonicalHeaderKey(name), strings.TrimSpace(value))
			if verdict != believed && (reason == nil || name < first) {
				first, reason = name, fmt.Errorf("its %s %s %s: %s", where, name, verdict, value)
			}
		}
	}
	return reason
}

func (r Response) judgeField(name, value string) string {
	if name != "X-Envoy-Degraded" && slices.ContainsFunc(harmlessFields, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
		return believed
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' })
	switch {
	case isTotalField(name, value):
		if _, total, ok := strings.Cut(value, "/"); ok {
			value = total
		}
		if r.Whole != Unknown && value != "" && value != "*" && value != strconv.Itoa(r.Whole) {
			return fmt.Sprintf("contradicts the list of %d %s", r.Whole, r.List)
		}
	case slices.Contains([]string{"", "false", "no", "none", "-", "0"}, strings.ToLower(value)):
		return believed
	case name == "Grpc-Status":
		return "reports a problem"
	case name == "Link":
		if r.Whole != Unknown && slices.ContainsFunc(Values(http.Header{name: {value}}, name), isNextLink) {
			return "says that the list continues"
		}
	case slices.ContainsFunc(words, isProblem):
		return "reports a problem"
	case r.Whole != Unknown && slices.ContainsFunc(words, isContinuation):
		return "says that the list continues"
	}
	return believed
}

// isTotalField reports whether a field counts the whole list. A Content-Range can also be of bytes.
func isTotalField(name, value string) bool {
	return slices.Contains(totalFields, name) || name == "Content-Range" && !strings.HasPrefix(value, "bytes")
}

// isProblem reports whether a word of a field's name is a problem word: error, errors, failed, failure.
func isProblem(word string) bool {
	return slices.Contains(problemWords, strings.TrimSuffix(word, "s")) || slices.Contains([]string{"failed", "failure", "failures"}, word)
}

// isContinuation reports whether a word of a field's name is a continuation word, or begins with continu: continue, continuation.
func isContinuation(word string) bool {
	return slices.Contains(continuationWords, word) || strings.HasPrefix(word, "continu")
}

// isNextLink reports whether one link of a Link field has the relation next: <URL>; rel="next".
func isNextLink(link string) bool {
	for parameter := range strings.SplitSeq(strings.ToLower(link), ";") {
		name, relations, _ := strings.Cut(parameter, "=")
		if strings.TrimSpace(name) == "rel" && slices.Contains(strings.Fields(strings.Trim(strings.TrimSpace(relations), `"`)), "next") {
			return true
		}
	}
	return false
}

// Values returns the values of a field, whether they came in lines of their own or behind commas in one. A comma in quotes is text.
func Values(fields http.Header, name string) (values []string) {
	for _, line := range fields.Values(name) {
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
