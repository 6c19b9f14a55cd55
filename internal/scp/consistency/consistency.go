// SPDX-License-Identifier: MPL-2.0

// Package consistency decides whether a list can be believed, from what else its response says: other keys, header fields and trailers.
// It is pure. A wrong empty list is the worst mistake, so an empty list needs more than a list with items: see [Check].
package consistency

import (
	"encoding/hex"
	"fmt"
	"maps"
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

// What a name says. Words are looked for anywhere in the name of a key, or of a field beside no items; else a field's words count.
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
	denials   = []string{"false", "no", "0"}
	successes = []string{"ok", "success", "successful", "succeeded", "true", "200", "200 ok"}
)

// Check returns an error, to follow "the response cannot be used:", if something contradicts the list. It also returns the names of the
// keys that it ignores.
//
// The rules, of which the first that fits decides. Names of keys are compared without case, _ and -; those of fields word by word, see
// [Fields]. A value says nothing if it is null, 0, "", [] or {}; in a field also if it is empty, false, no, none or -.
//
//	key                                      next to no items     next to items
//	success that denies it                   contradicts them     also
//	any that says nothing                    does not             does not
//	another spelling of the list's key       contradicts them     also
//	a problem word, unless it is false       contradicts them     also
//	a continuation word, or a link to next   contradicts them     also, but on pages that others follow; unless it is false
//	count, total… that differs               contradicts them     also
//	status, code, result, message, detail    contradict them      also, unless they report success
//	image_id of another image                contradicts them     also
//	a harmless key                           does not             does not
//	any other                                contradicts them     is ignored
//
// A field or trailer contradicts as a key with its words does, or as a Link to next or a grpc-status; complete: false is a problem. Next to
// no items, a word counts anywhere in its name, and next to items as a word of its own. Of a value that is an object, the keys are asked
// for these words.
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
	if err := r.checkFields("header", r.Header); err != nil {
		return nil, err
	}
	return ignored, r.checkFields("trailer", r.Trailer)
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
	switch {
	case key == "success" && slices.Contains(denials, said):
		return "reports a failure"
	case slices.Contains(nothings, value):
		return believed
	case key == plain(r.List):
		return fmt.Sprintf("is another spelling of %q", r.List)
	}
	if contradiction := r.judge(r.statementOf(key, value)); contradiction != other {
		return contradiction
	}
	switch {
	case slices.Contains(errorKeys, key):
		return unless(slices.Contains(successes, said), "SCP uses only in errors")
	case key == "imageid" && r.ImageID != "" && !IsSameImage(strings.Trim(value, `"`), r.ImageID):
		return "is not the image that was asked for"
	case slices.Contains(harmlessKeys, key), key == "success" && slices.Contains(successes, said):
		return believed
	}
	return other
}

// statement is what a key or a field says of the list, by the words of its name.
type statement struct {
	problem, continues bool
	counts             bool // these items, or the whole list
	totals             bool // the whole list
	denied             bool // by the value
	value              string
}

func (r Response) statementOf(key, value string) statement {
	return statement{
		problem:   containsAny(key, problemWords) && !strings.Contains(key, "default"), // a default is no fault
		continues: containsAny(key, continuationWords) || strings.Contains(key, "link") && mentionsNext(value),
		counts:    key == "count" || r.ofList(key, "count"),
		totals:    strings.HasPrefix(key, "total") || r.ofList(key, "total"),
		denied:    value == "false",
		value:     strings.Trim(value, `"`),
	}
}

func (r Response) judge(s statement) string {
	switch {
	case s.problem:
		return unless(s.denied, "reports a problem")
	case s.continues:
		return unless(s.denied || r.Length == Unknown, "says that the list continues")
	case s.counts:
		return unless(isNumber(s.value, r.Count) || isNumber(s.value, r.Length), fmt.Sprintf("contradicts the list of length %d", r.Count))
	case s.totals:
		return unless(isNumber(s.value, r.Length) || r.Length == Unknown, fmt.Sprintf("contradicts the list of length %d", r.Length))
	}
	return other
}

func unless(fine bool, contradiction string) string {
	if fine {
		return believed
	}
	return contradiction
}

// plain returns the name of a key without what spellings of one name differ in.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

func containsAny(name string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
}

// ofList reports whether a key is a word of the list, or of one of its items: members_count, member_count.
func (r Response) ofList(key, word string) bool {
	return key == r.List+word || key == strings.TrimSuffix(r.List, "s")+word
}

// mentionsNext reports whether a link's value names next, in whatever form, unless there is none: {"next": null}.
func mentionsNext(value string) bool {
	return strings.Contains(strings.ReplaceAll(strings.ToLower(value), `"next":null`, ""), "next")
}

func isNumber(text string, n int) bool {
	number, err := strconv.ParseFloat(text, 64)
	return err == nil && number == float64(n)
}

// IsSameImage reports whether two IDs are one UUID, with or without hyphens and in either case. Other IDs are compared as they are.
func IsSameImage(a, b string) bool {
	digits := func(id string) string { return strings.ToLower(strings.ReplaceAll(id, "-", "")) }
	if digits(a) != digits(b) || len(digits(a)) != 32 {
		return a == b
	}
	_, err := hex.DecodeString(digits(a))
	return err == nil || a == b
}
