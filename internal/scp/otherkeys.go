// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// otherKeys are the keys at the top of an answer other than its list. An answer is believed if none of them contradicts it.
type otherKeys map[string]jsontext.Value

// maxOtherKeys is how many of them an answer may have. SCP's document has none.
const maxOtherKeys = 1000

// What contradicts an answer, by the name of a key in any case and without _ and -. A key whose value says nothing (see saysNothing)
// contradicts nothing, except for those that report success.
var (
	// wordsOfTrouble and wordsOfMore are looked for within names, here and in what a key holds.
	wordsOfTrouble = []string{"error", "fault", "fail", "exception", "warning", "partial", "incomplete", "truncated", "degraded", "problem", "denied", "timedout"}
	wordsOfMore    = []string{"next", "more", "marker", "cursor", "continu"}
	namesOfTrouble = []string{"err", "errno", "errmsg"}
	// namesOfErrors are what the known forms of SCP's errors use. They contradict an answer unless they report success.
	namesOfErrors = []string{"status", "statuscode", "code", "result", "resultcode", "message", "resultmessage", "detail"}
	// namesOfSuccess contradict an answer if they say no.
	namesOfSuccess = []string{"success", "issuccess", "successful", "succeeded", "ok", "complete", "completed"}
	wordsOfSuccess = []string{"ok", "success", "successful", "succeeded", "true"}
	// namesOfState contradict an answer if they hold a word of trouble: "DEGRADED".
	namesOfState = []string{"state", "health"}
	// namesOfPaging hold counts of the list, not of something else.
	namesOfPaging = []string{"meta", "metadata", "page", "paging", "pagination"}
)

// check returns an error if one of the keys contradicts a list of count items called list. whole is how many the list has
// over all its pages, or -1 as long as further pages are asked for: until then more is nothing to speak of.
func (b otherKeys) check(list string, count, whole int) error {
	if len(b) > maxOtherKeys {
		return fmt.Errorf("it has %d keys other than %q", len(b), list)
	}
	facts := listFacts{list, count, whole}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if against := facts.contradicted(name, b[name]); against != "" {
			return fmt.Errorf("its key %q %s: %s", name, against, b[name])
		}
	}
	return nil
}

// totals are the keys that count the whole of a list.
func (b otherKeys) totals(list string) otherKeys {
	totals := maps.Clone(b)
	maps.DeleteFunc(totals, func(name string, _ jsontext.Value) bool { return !isTotal(list, plainName(name)) })
	return totals
}

// isTotal reports whether a plain name counts the whole of a list: total, total_count, members_total.
func isTotal(list, key string) bool {
	return strings.HasPrefix(key, "total") || isOf(list, key, "total")
}

// isOf reports whether a plain name is that of a list, or of one thing in it, and a word: members_count, member_count.
func isOf(list, key, word string) bool {
	return key == list+word || key == strings.TrimSuffix(list, "s")+word
}

// unknown are the names of the keys, for the log.
func (b otherKeys) unknown() string { return strings.Join(slices.Sorted(maps.Keys(b)), ", ") }

// listFacts are what is known of a list from the list itself.
type listFacts struct {
	list         string // its name
	count, whole int    // see otherKeys.check
}

// contradicted says in which way a key contradicts the list, to follow the key's name; empty if it does not.
func (f listFacts) contradicted(name string, value jsontext.Value) string {
	key := plainName(name)
	switch {
	case slices.Contains(namesOfSuccess, key) && saysNo(value):
		return "reports a failure"
	case saysNothing(value):
		return ""
	case key == f.list:
		return "is another spelling of " + strconv.Quote(f.list)
	case slices.Contains(namesOfErrors, key) && !tellsOfSuccess(value):
		return "is used by SCP's errors"
	case slices.Contains(namesOfState, key) && hasAny(plainName(textOf(value)), wordsOfTrouble):
		return "reports a problem"
	}
	if against := f.contradictedBy(key, value, true); against != "" {
		return against
	}
	paging := slices.Contains(namesOfPaging, key)
	within := ""
	eachKey(value, func(name string, value jsontext.Value) {
		if within == "" && !saysNothing(value) {
			within = f.contradictedBy(plainName(name), value, paging)
			if inner := plainName(name); within == "" && (inner == f.list || inner == "memberid") {
				within = fmt.Sprintf("contains another list (%q)", name)
			}
		}
	})
	return within
}

// contradictedBy says in which way a key that says something contradicts the list, at the top or within another key's value. counts says
// whether a count is one of the list.
func (f listFacts) contradictedBy(key string, value jsontext.Value, counts bool) string {
	switch {
	case slices.Contains(namesOfTrouble, key) || hasAny(key, wordsOfTrouble):
		return "reports a problem"
	case f.whole >= 0 && (hasAny(key, wordsOfMore) || key == "rel" && plainName(textOf(value)) == "next"):
		return "says that the list continues"
	case counts && (key == "count" || isOf(f.list, key, "count")) && !isNumber(value, f.count) && !isNumber(value, f.whole):
		return fmt.Sprintf("contradicts the list of %d %s", f.count, f.list)
	case counts && isTotal(f.list, key) && f.whole >= 0 && !isNumber(value, f.whole):
		return fmt.Sprintf("contradicts the list of %d %s", f.whole, f.list)
	}
	return ""
}

// hasAny reports whether one of words is in the plain name key. A default is no fault.
func hasAny(key string, words []string) bool {
	if strings.Contains(key, "default") {
		key = strings.ReplaceAll(key, "default", "")
	}
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(key, word) })
}

// plainName is a name without what spellings of one name differ in.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == '-':
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

func saysNothing(value jsontext.Value) bool {
	switch value.Kind() {
	case 'n', 'f':
		return true
	case '0':
		n, err := strconv.ParseFloat(string(value), 64)
		return err == nil && n == 0
	case '"', '[', '{':
		inner := bytes.TrimSpace(value)
		return len(bytes.TrimSpace(inner[1:len(inner)-1])) == 0 && (value.Kind() != '"' || len(inner) == 2)
	}
	return false
}

// saysNo reports whether value denies what its key names, which null and "" do not.
func saysNo(value jsontext.Value) bool {
	switch strings.ToLower(textOf(value)) {
	case "false", "0", "no":
		return true
	}
	return false
}

// tellsOfSuccess reports whether value is made of words of success and of statuses that are no errors.
func tellsOfSuccess(value jsontext.Value) bool {
	words := strings.FieldsFunc(strings.ToLower(textOf(value)), func(r rune) bool { return !isAlphanumeric(r) })
	return len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool {
		status, err := strconv.Atoi(word)
		return !slices.Contains(wordsOfSuccess, word) && (err != nil || status >= 400)
	})
}

func isNumber(value jsontext.Value, n int) bool { return textOf(value) == strconv.Itoa(n) }

// textOf is the text of a string, or of a number or boolean as it is written; empty for anything else.
func textOf(value jsontext.Value) string {
	switch value.Kind() {
	case '"':
		var text string
		_ = json.Unmarshal(value, &text)
		return text
	case '0', 't', 'f':
		return string(bytes.TrimSpace(value))
	}
	return ""
}

// eachKey calls visit for every key within value, down to the depth at which links and paging stand in the forms that are known, and a
// level to spare: {"links": [{"rel": "next"}]}.
func eachKey(value jsontext.Value, visit func(name string, value jsontext.Value)) {
	if kind := value.Kind(); kind == '{' || kind == '[' {
		walk(jsontext.NewDecoder(bytes.NewReader(value)), 3, visit)
	}
}

// walk reads one object or array, and visits the keys in it. Its errors are those of a value that was decoded before, and mean its end.
func walk(decoder *jsontext.Decoder, depth int, visit func(name string, value jsontext.Value)) {
	opening, err := decoder.ReadToken()
	for err == nil {
		kind := decoder.PeekKind()
		if kind == '}' || kind == ']' {
			_, _ = decoder.ReadToken()
			return
		}
		name := ""
		if opening.Kind() == '{' {
			var token jsontext.Token
			if token, err = decoder.ReadToken(); err != nil {
				return
			}
			name, kind = token.String(), decoder.PeekKind()
		}
		var value jsontext.Value
		if value, err = decoder.ReadValue(); err != nil {
			return
		}
		if opening.Kind() == '{' {
			visit(name, value)
		}
		if depth > 1 && (kind == '{' || kind == '[') {
			walk(jsontext.NewDecoder(bytes.NewReader(value)), depth-1, visit)
		}
	}
}
