// SPDX-License-Identifier: MPL-2.0

package consistency

import (
	"cmp"
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

// Fields are the fields of a header, or trailers, sorted by their names.
type Fields []Field

// Field is one line of a header. Its name has one form, whatever was sent: net/http keeps a blank before the colon as a part of it.
type Field struct {
	Name  string   // in small letters, without white space around it
	words []string // of the name, which end at - _ . and a blank; small, since capitals do not survive net/http
	Value string
}

// FieldsOf returns the fields of a header as net/http has them.
func FieldsOf(header http.Header) Fields {
	fields := make(Fields, 0, len(header))
	for name, values := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("-_. ", r) })
		for _, value := range values {
			fields = append(fields, Field{name, words, strings.TrimSpace(value)})
		}
	}
	slices.SortStableFunc(fields, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	return fields
}

// Get returns the value of the first field with the name, which is in small letters; empty if there is none.
func (f Fields) Get(name string) string {
	for _, field := range f {
		if field.Name == name {
			return field.Value
		}
	}
	return ""
}

// Values returns the values of the fields with the name, whether they came in lines of their own or behind commas in one.
func (f Fields) Values(name string) (values []string) {
	for _, field := range f {
		if field.Name == name {
			values = append(values, field.values()...)
		}
	}
	return values
}

// values returns the parts of the value between commas. A comma in quotes is text.
func (f Field) values() (values []string) {
	quoted := false
	for value := range strings.FieldsFuncSeq(f.Value, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ',' && !quoted
	}) {
		if value = strings.TrimSpace(value); value != "" {
			values = append(values, value)
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

// nextLink is a Link to the next page: <URL>; rel="next".
var nextLink = regexp.MustCompile(`;\s*rel\s*=\s*"?[^;,"]*\bnext\b`)

// measureWords are in names that count or measure something else than items.
var measureWords = []string{"time", "latency", "duration", "size", "byte", "rate", "attempt", "retry", "retries", "page"}

// checkFields returns an error if a field contradicts the list.
func (r Response) checkFields(where string, fields Fields) error {
	for _, field := range fields {
		if contradiction := r.judgeField(field); contradiction != believed && contradiction != other && !field.isHarmless() {
			return fmt.Errorf("its %s %s %s: %s", where, http.CanonicalHeaderKey(field.Name), contradiction, field.Value)
		}
	}
	return nil
}

func (r Response) judgeField(f Field) string {
	value := strings.ToLower(f.Value)
	s := statement{denied: slices.Contains([]string{"", "false", "no", "none", "-", "0"}, value), value: value}
	if r.isEmpty() {
		s.problem, s.continues = containsAny(f.Name, problemWords), containsAny(f.Name, continuationWords)
		s.totals = strings.Contains(f.Name, "total") || strings.HasSuffix(f.Name, "count") && !strings.HasSuffix(f.Name, "account")
	} else {
		s.problem = slices.ContainsFunc(f.words, isProblem)
		s.continues = slices.ContainsFunc(f.words, func(word string) bool { return beginsOrEnds(word, continuationWords...) })
		s.totals = slices.ContainsFunc(f.words, func(word string) bool { return beginsOrEnds(word, "total") })
	}
	switch f.Name {
	case "link":
		s.continues = nextLink.MatchString(value)
	case "grpc-status":
		s.problem = true
	case "content-range":
		_, s.value, s.totals = strings.Cut(value, "/")
		s.totals = s.totals && !strings.HasPrefix(value, "bytes")
	}
	_, err := strconv.ParseFloat(s.value, 64)
	s.totals = s.totals && (err == nil || r.isEmpty() && isSome(s.value)) && !containsAny(f.Name, measureWords)
	if value == "false" && (slices.Contains(f.words, "complete") || slices.Contains(f.words, "completed")) {
		return "reports a problem"
	}
	if contradiction := r.judge(s); contradiction != other {
		return contradiction
	}
	return r.judgeObject(f.Value)
}

// isSome reports whether a text begins with a number above zero: "3", 3, 3 or 3 items.
func isSome(text string) bool {
	return strings.IndexAny(strings.TrimLeft(text, `" `), "123456789") == 0
}

// judgeObject judges the keys of a field's value that is a JSON object: {"HasNext": true, "TotalCount": 30}.
func (r Response) judgeObject(text string) string {
	var keys map[string]jsontext.Value
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &keys, jsontext.AllowDuplicateNames(true)) != nil {
		return other
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		key, value := plain(name), string(keys[name])
		s := r.statementOf(key, value)
		s.totals = s.totals && !containsAny(key, measureWords)
		if contradiction := r.judge(s); contradiction != believed && contradiction != other && !slices.Contains(nothings, value) {
			return contradiction
		}
	}
	return other
}

func (f Field) isHarmless() bool {
	return slices.ContainsFunc(harmlessFields, func(pattern string) bool {
		harmless, _ := path.Match(pattern, f.Name)
		return harmless
	})
}

// isProblem reports whether a word of a field's name is a problem word, or its plural.
func isProblem(word string) bool { return slices.Contains(problemWords, strings.TrimSuffix(word, "s")) }

func beginsOrEnds(word string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.HasPrefix(word, part) || strings.HasSuffix(word, part) })
}
