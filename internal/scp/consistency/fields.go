// SPDX-License-Identifier: MPL-2.0

package consistency

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Fields are the fields of a header, or trailers.
type Fields http.Header

// FieldsOf returns the fields of a header as net/http has them: it keeps a blank before the colon as a part of the name.
func FieldsOf(header http.Header) Fields {
	fields := http.Header{}
	for name, values := range header {
		for _, value := range values {
			fields.Add(strings.TrimSpace(name), strings.TrimSpace(value))
		}
	}
	return Fields(fields)
}

// Get returns the value of the first field with the name; empty if there is none.
func (f Fields) Get(name string) string { return http.Header(f).Get(name) }

// Values returns the values of the fields with the name, whether they came in lines of their own or behind commas in one. A comma in quotes
// is text.
func (f Fields) Values(name string) (values []string) {
	for _, line := range http.Header(f).Values(name) {
		quoted := false
		for value := range strings.FieldsFuncSeq(line, func(r rune) bool {
			quoted = quoted != (r == '"')
			return r == ',' && !quoted
		}) {
			if value = strings.TrimSpace(value); value != "" {
				values = append(values, value)
			}
		}
	}
	return values
}

// harmlessFields are the names of fields that say nothing of a list, although a rule would take them to: in the form of [path.Match].
var harmlessFields = []string{
	"nel",           // Cloudflare's policy on reports, with a failure_fraction
	"warning",       // of caches (see Stale), or of a deprecation
	"x-default*",    // a default is no fault
	"x-failover*",   // which of two servers responded
	"*faultdomain*", // where a server of Azure's stands
	"x-nextjs-*",    // Next.js is a program
}

var (
	// fieldNothings are values that say nothing in a field, besides those of keys.
	fieldNothings = []string{"", "false", "no", "none", "-"}
	// measureWords are in names that count or measure something else than items.
	measureWords = []string{"time", "latency", "duration", "size", "byte", "rate", "attempt", "retry", "retries", "page"}
	// nextLink is a Link to the next page: <URL>; rel="next".
	nextLink = regexp.MustCompile(`;\s*rel\s*=\s*"?[^;,"]*\bnext\b`)
)

// checkFields returns an error if a field contradicts the list.
func (r Response) checkFields(where string, fields Fields) error {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		small := strings.ToLower(name)
		isOf := func(form string) bool { fits, _ := path.Match(form, small); return fits }
		for _, value := range fields[name] {
			contradiction := r.judgeField(small, value)
			if contradiction != believed && contradiction != other && !slices.ContainsFunc(harmlessFields, isOf) {
				return fmt.Errorf("its %s %s %s: %s", where, name, contradiction, value)
			}
		}
	}
	return nil
}

// judgeField judges a field by the key that says the same, or by the keys of a value that is an object: {"HasNext": true, "TotalCount": 3}.
func (r Response) judgeField(name, value string) string {
	if contradiction := r.judge(r.keyOf(name, strings.ToLower(value))); contradiction != other || !strings.HasPrefix(value, "{") {
		return contradiction
	}
	var keys map[string]jsontext.Value
	if json.Unmarshal([]byte(value), &keys, jsontext.AllowDuplicateNames(true)) != nil {
		return other
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		key := plain(name)
		if containsAny(key, measureWords) {
			key = "-" + key
		}
		if contradiction := r.judge(key, string(keys[name])); contradiction != believed && contradiction != other {
			return contradiction
		}
	}
	return other
}

// keyOf returns the key, and its value, that says what a field says: its words, each after a hyphen. It begins with total if the field
// counts the list. A Link to next is next, a grpc-status an error, complete: false is incomplete, and a Content-Range has the total. Next
// to items, two kinds of word count: a problem word, and a word that begins or ends with a continuation word or with total.
func (r Response) keyOf(name, value string) (key, said string) {
	words := strings.FieldsFunc(name, func(c rune) bool { return strings.ContainsRune("-_. ", c) })
	switch unit, total, _ := strings.Cut(value, "/"); {
	case name == "link" && nextLink.MatchString(value):
		words = []string{"next"}
	case name == "link":
		words = nil // next may be in a URL
	case name == "grpc-status":
		words = []string{"error"}
	case name == "content-range" && total != "" && !strings.HasPrefix(unit, "bytes"):
		words, value = []string{"total"}, total
	case value == "false" && (slices.Contains(words, "complete") || slices.Contains(words, "completed")):
		words, value = []string{"incomplete"}, "true"
	}
	if slices.Contains(fieldNothings, value) {
		value = "null"
	}
	if !r.isEmpty() {
		words = slices.DeleteFunc(words, func(word string) bool { return !countsBesideItems(word) })
	}
	key = "-" + strings.Join(words, "-")
	counts := strings.Contains(key, "total") || strings.HasSuffix(key, "count") && !strings.HasSuffix(key, "account")
	if counts && !containsAny(name, measureWords) && r.isNumeric(value) {
		return "total" + key, value
	}
	return key, value
}

func countsBesideItems(word string) bool {
	return slices.Contains(problemWords, strings.TrimSuffix(word, "s")) ||
		slices.ContainsFunc(slices.Concat(continuationWords, []string{"total"}), func(part string) bool {
			return strings.HasPrefix(word, part) || strings.HasSuffix(word, part)
		})
}

// isNumeric reports whether a field's value is a number, or begins with one next to no items: "3", 3, 3 or 3 items.
func (r Response) isNumeric(value string) bool {
	_, err := strconv.ParseFloat(value, 64)
	return err == nil || r.isEmpty() && strings.IndexAny(strings.TrimLeft(value, `" `), "123456789") == 0
}
