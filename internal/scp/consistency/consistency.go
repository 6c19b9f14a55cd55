// SPDX-License-Identifier: MPL-2.0

// Package consistency decides whether a list can be believed, from what else its response says: other keys, header fields and trailers.
// It is pure. A wrong empty list is the worst mistake, so an empty list needs more than a list with items: see [Check].
package consistency

import (
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// Unknown is the length of a list of which further pages follow.
const Unknown = -1

// Response is what a response with a list says.
type Response struct {
	List     string // the key of the list, such as "members"
	ImageID  string // the image that was asked for; empty for a list of something else
	Count    int    // items in this response
	Whole    int    // items in the whole list, or Unknown
	Keys     map[string]any
	Fields   http.Header
	Trailers http.Header
}

// What a name says. Words are looked for anywhere in the name of a key, and as whole words in the name of a field.
var (
	problemWords      = []string{"error", "fault", "fail", "exception", "warning", "partial", "incomplete", "truncated", "degraded"}
	continuationWords = []string{"next", "more", "marker", "cursor", "continu"}
	successKeys       = []string{"success"}
	successWords      = []string{"ok", "success", "successful", "succeeded", "true"}
	errorKeys         = []string{"status", "code", "result", "message", "detail"} // of SCP's errors, unless they report success
	harmlessKeys      = []string{"schema", "first", "self", "requestid", "globalrequestid", "imageid", "imagename"}
	// Prefixes. Warning is about caches, and judged there.
	harmlessFields = []string{"Content-Type", "Content-Length", "Date", "Server", "Via", "Vary", "Warning", "X-Apigee-", "X-Envoy-"}
	totalFields    = []string{"X-Total-Count", "X-Total"}
)

// Check returns an error, to follow "the response cannot be used:", if something contradicts the list. It also returns the names of the
// keys that it ignores.
//
// The rules, of which the first that fits a key decides. Names of keys are compared without case, _ and -. A value says nothing if it is
// null, 0, "", [] or {}; in a field also false, no, none and -.
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
// A field or trailer contradicts with a problem or continuation word, a Link to next, a total that differs, or a grpc-status.
func Check(r Response) (ignored []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(r.Keys)) {
		verdict := r.judge(plain(name), r.Keys[name])
		if verdict == other && r.Count == 0 && r.Whole == 0 {
			verdict = "and this release does not know what it means with an empty list"
		}
		switch verdict {
		case believed:
		case other:
			ignored = append(ignored, name)
		default:
			value, _ := json.Marshal(r.Keys[name], json.Deterministic(true))
			return nil, fmt.Errorf("it has the key %q, %s: %s", name, verdict, value)
		}
	}
	if err := r.checkFields("header", r.Fields); err != nil {
		return nil, err
	}
	return ignored, r.checkFields("trailer", r.Trailers)
}

// Totals returns the keys that count the whole of a list.
func Totals(list string, keys map[string]any) map[string]any {
	totals := maps.Clone(keys)
	maps.DeleteFunc(totals, func(name string, _ any) bool { return !isTotal(list, plain(name)) })
	return totals
}

// A verdict on a key is one of these, or how it contradicts the list, to follow its name.
const (
	believed = ""
	other    = "other"
)

func (r Response) judge(key string, value any) string {
	switch {
	case slices.Contains(successKeys, key) && deniesSuccess(value):
		return "which reports a failure"
	case saysNothing(value):
		return believed
	case key == plain(r.List):
		return fmt.Sprintf("which is another spelling of %q", r.List)
	case !strings.Contains(key, "default") && containsAny(key, problemWords): // a default is no fault
		return unlessFalse(value, "which reports a problem")
	case containsAny(key, continuationWords) || linksToNext(key, value):
		if r.Whole == Unknown {
			return believed
		}
		return unlessFalse(value, "which says that the list continues")
	case key == "count" || isOf(r.List, key, "count"):
		if !isNumber(value, r.Count) && !isNumber(value, r.Whole) {
			return fmt.Sprintf("which contradicts the list of %d %s", r.Count, r.List)
		}
		return believed
	case isTotal(r.List, key):
		if r.Whole != Unknown && !isNumber(value, r.Whole) {
			return fmt.Sprintf("which contradicts the list of %d %s", r.Whole, r.List)
		}
		return believed
	case slices.Contains(errorKeys, key):
		if !reportsSuccess(value) {
			return "which SCP uses only in errors"
		}
		return believed
	case key == "imageid" && r.ImageID != "" && !IsSameImage(textOf(value), r.ImageID):
		return "which is not the image that was asked for"
	case slices.Contains(harmlessKeys, key), slices.Contains(successKeys, key) && reportsSuccess(value),
		key == "links" && linksOnlyToSelf(value):
		return believed
	}
	return other
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

func unlessFalse(value any, verdict string) string {
	if value == false {
		return believed
	}
	return verdict
}

// plain returns a name without what spellings of one name differ in.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

func containsAny(name string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
}

// isTotal reports whether a plain name counts the whole of a list: total, total_count, members_total.
func isTotal(list, key string) bool {
	return strings.HasPrefix(key, "total") || isOf(list, key, "total")
}

// isOf reports whether a plain name is that of a list, or of one of its items, and a word: members_count, member_count.
func isOf(list, key, word string) bool {
	return key == list+word || key == strings.TrimSuffix(list, "s")+word
}

func saysNothing(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case float64:
		return value == 0
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}

func deniesSuccess(value any) bool {
	return value == false || value == 0.0 || slices.Contains([]string{"false", "no", "0"}, strings.ToLower(textOf(value)))
}

// reportsSuccess reports whether value is the status 200, or made of words of success: true, "ok", "200 OK".
func reportsSuccess(value any) bool {
	words := strings.Fields(strings.ToLower(textOf(value)))
	return len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool {
		return word != "200" && !slices.Contains(successWords, word)
	})
}

func isNumber(value any, n int) bool { return textOf(value) == strconv.Itoa(n) }

// textOf returns the text of a string, a number or a boolean; empty for anything else.
func textOf(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(value)
	}
	return ""
}

// relations returns the relations of links, in either form: [{"rel": "next"}] or {"next": …}. What is no link has the relation "".
func relations(value any) (found []string) {
	switch value := value.(type) {
	case []any:
		for _, link := range value {
			object, _ := link.(map[string]any)
			rel, isList := object["rel"].([]any)
			if !isList {
				rel = []any{object["rel"]}
			}
			var words []string
			for _, one := range rel {
				words = append(words, strings.Fields(strings.ToLower(textOf(one)))...)
			}
			if len(words) == 0 {
				words = []string{""}
			}
			found = append(found, words...)
		}
	case map[string]any:
		for name, link := range value {
			if !saysNothing(link) {
				found = append(found, strings.ToLower(name))
			}
		}
	}
	return found
}

func linksToNext(key string, value any) bool {
	return strings.Contains(key, "link") && slices.ContainsFunc(relations(value), func(relation string) bool {
		return strings.HasPrefix(relation, "next")
	})
}

func linksOnlyToSelf(value any) bool {
	return !slices.ContainsFunc(relations(value), func(relation string) bool { return relation != "self" }) && len(relations(value)) > 0
}
