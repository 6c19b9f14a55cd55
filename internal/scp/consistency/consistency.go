// SPDX-License-Identifier: MPL-2.0

// Package consistency decides whether a list can be believed, from what else its response says: other keys, header fields and trailers.
// It is pure. A wrong empty list is the worst mistake, so an empty list needs more than a list with items: see [Check].
package consistency

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Unknown is the length of a list of which further pages follow.
const Unknown = -1

// Response is what a response with a list says.
type Response struct {
	List            string // the key of the list, such as "members"
	ImageID         string // the image that was asked for; empty for a list of something else
	Count           int    // items in this response
	Length          int    // items in the list, with those of earlier pages, or Unknown
	Keys            map[string]jsontext.Value
	Header, Trailer Fields
}

// What a name says.
var (
	problemWords = []string{
		"error", "fault", "fail", "failed", "failure", "exception", "warning", "partial", "incomplete", "truncated", "degraded",
	}
	continuationWords = []string{"next", "more", "marker", "cursor", "continu"}
	errorKeys         = []string{"status", "code", "result", "message", "detail"} // of SCP's errors, unless they report success
	harmlessKeys      = []string{"schema", "first", "self", "requestid", "globalrequestid", "imageid", "imagename"}
)

// What a value says: JSON, and text that is small and without quotes.
var (
	nothings  = []string{"null", "0", `""`, "[]", "{}"}
	successes = []string{"ok", "success", "successful", "succeeded", "true", "200", "200 ok"}
)

// Check returns an error, to follow "the response cannot be used:", if something contradicts the list. It also returns the names of the
// keys that it ignores.
//
// The rules, of which the first that fits decides. Names of keys are compared without case, _ and -. A value says nothing if it is null, 0,
// "", [] or {}.
//
//	key                                      next to no items     next to items
//	success that denies it                   contradicts them     also
//	any that says nothing                    does not             does not
//	a problem word, unless it is false       contradicts them     also
//	a continuation word, or a link to next   contradicts them     also, but on pages that others follow; unless it is false
//	count, total… that differs               contradicts them     also
//	another spelling of the list's key       contradicts them     also
//	status, code, result, message, detail    contradict them      also, unless they report success
//	image_id of another image                contradicts them     also
//	a harmless key                           does not             does not
//	any other                                contradicts them     is ignored
//
// A field or trailer contradicts as the key that says the same does (see [Response.keyOf]), unless its name is harmless.
func Check(r Response) (ignored []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(r.Keys)) {
		value := r.Keys[name]
		_ = value.Canonicalize(jsontext.AllowInvalidUTF8(true)) // with each character as it is: an escaping could hide a secret
		switch contradiction := r.judgeKey(plain(name), string(value)); {
		case contradiction == other && r.isEmpty():
			return nil, fmt.Errorf("it has the key %q, and this release does not know what it means with an empty list: %s", name, value)
		case contradiction == other:
			ignored = append(ignored, name)
		case contradiction != believed:
			return nil, fmt.Errorf("it has the key %q, which %s: %s", name, contradiction, value)
		}
	}
	return ignored, cmp.Or(r.checkFields("header", r.Header), r.checkFields("trailer", r.Trailer))
}

// How a name with its value contradicts the list is a text that follows the name, or one of these.
const (
	believed = ""
	other    = "other"
)

// isEmpty reports whether the list has no items, here or on earlier pages.
func (r Response) isEmpty() bool { return r.Count == 0 && r.Length == 0 }

func (r Response) judgeKey(key, value string) string {
	said := strings.Trim(strings.ToLower(value), `"`)
	if key == "success" && slices.Contains([]string{"false", "no", "0"}, said) {
		return "reports a failure"
	}
	if contradiction := r.judge(key, value); contradiction != other {
		return contradiction
	}
	switch {
	case key == plain(r.List):
		return fmt.Sprintf("is another spelling of %q", r.List)
	case slices.Contains(errorKeys, key) && !slices.Contains(successes, said):
		return "SCP uses only in errors"
	case key == "imageid" && r.ImageID != "" && !IsSameImage(strings.Trim(value, `"`), r.ImageID):
		return "is not the image that was asked for"
	case slices.Contains(errorKeys, key), slices.Contains(harmlessKeys, key), key == "success" && slices.Contains(successes, said):
		return believed
	}
	return other
}

// judge judges a key by its words alone. That of a field begins with a hyphen, or with total: see [Response.keyOf].
func (r Response) judge(key, value string) string {
	problem := containsAny(key, problemWords)
	isLink := strings.Contains(key, "link") && !strings.HasPrefix(key, "-") // of the fields, only Link is one
	continues := containsAny(key, continuationWords) ||
		isLink && strings.Contains(strings.ReplaceAll(strings.ToLower(value), `"next":null`, ""), "next")
	ofList := strings.TrimPrefix(strings.TrimPrefix(key, r.List), strings.TrimSuffix(r.List, "s")) // members_count, member_count
	counts, totals := ofList == "count", strings.HasPrefix(ofList, "total")
	switch {
	case slices.Contains(nothings, value), value == "false" && (problem || continues):
		return believed
	case problem:
		return "reports a problem"
	case (continues || totals) && r.Length == Unknown:
		return believed
	case continues:
		return "says that the list continues"
	case counts || totals:
		if isNumber(value, r.Count) || isNumber(value, r.Length) {
			return believed
		}
		return fmt.Sprintf("contradicts the list of length %d", max(r.Count, r.Length))
	}
	return other
}

// plain returns the name of a key without what spellings of one name differ in, and without default, which is no fault.
func plain(name string) string {
	return strings.NewReplacer("_", "", "-", "", "default", "-").Replace(strings.ToLower(name))
}

func containsAny(name string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
}

func isNumber(text string, n int) bool {
	number, err := strconv.ParseFloat(strings.Trim(text, `"`), 64)
	return err == nil && number == float64(n)
}

var uuid = regexp.MustCompile("^[0-9a-f]{32}$")

// IsSameImage reports whether two IDs are one UUID, with or without hyphens and in either case. Other IDs are compared as they are.
func IsSameImage(a, b string) bool {
	digits := func(id string) string { return strings.ToLower(strings.ReplaceAll(id, "-", "")) }
	return a == b || digits(a) == digits(b) && uuid.MatchString(digits(a))
}
