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

// besides are the keys of an answer's top level beside its list. An answer is believed if none of them speaks against it.
type besides map[string]jsontext.Value

// The words in a name, in any case and without _ and -, that speak against an answer if the value says anything at all.
var (
	wordsOfTrouble = []string{"error", "fault", "fail", "exception", "warning", "partial", "incomplete", "truncated", "degraded"}
	wordsOfMore    = []string{"next", "more", "marker", "cursor", "continu"}
	// harmlessWords hold one of the others.
	harmlessWords = strings.NewReplacer("default", "")
)

var (
	// namesOfErrors are what the known forms of SCP's errors use. They speak against an answer unless they tell of success.
	namesOfErrors  = []string{"status", "statuscode", "code", "result", "message", "detail"}
	wordsOfSuccess = []string{"ok", "success", "successful", "succeeded", "true"}
)

// check returns an error if one of the keys speaks against a list of count items called list. whole is how many the list has
// over all its pages, or -1 as long as further pages are asked for: until then more is nothing to speak of.
func (b besides) check(list string, count, whole int) error {
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if against := speaksAgainst(name, b[name], list, count, whole); against != "" {
			return fmt.Errorf("its key %q %s: %s", name, against, b[name])
		}
	}
	return nil
}

// totals are the keys that count the whole list.
func (b besides) totals() besides {
	totals := maps.Clone(b)
	maps.DeleteFunc(totals, func(name string, _ jsontext.Value) bool { return !strings.HasPrefix(plainName(name), "total") })
	return totals
}

// unknown are the names of the keys, for the log.
func (b besides) unknown() string { return strings.Join(slices.Sorted(maps.Keys(b)), ", ") }

// speaksAgainst says in which way a key speaks against a list, to follow its name; empty if it does not.
func speaksAgainst(name string, value jsontext.Value, list string, count, whole int) string {
	key := plainName(name)
	switch {
	case key == "success" && value.Kind() == 'f':
		return "tells of a failure"
	case saysNothing(value):
		return ""
	case key == list:
		return "is another spelling of " + strconv.Quote(list)
	case anyName(key, value, wordsOfTrouble):
		return "tells of trouble"
	case whole >= 0 && (anyName(key, value, wordsOfMore) || linksToNext(value)):
		return "says that there is more"
	case key == "count" && !isNumber(value, count) && !isNumber(value, whole):
		return fmt.Sprintf("contradicts the list of %d %s", count, list)
	case strings.HasPrefix(key, "total") && whole >= 0 && !isNumber(value, whole):
		return fmt.Sprintf("contradicts the list of %d %s", whole, list)
	case slices.Contains(namesOfErrors, key) && !tellsOfSuccess(value):
		return "is one that SCP's errors have"
	}
	return ""
}

// plainName is a name without what spellings of one name differ in.
func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
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

// anyName reports whether name, or that of a key within value, has one of the words in it and says anything.
func anyName(name string, value jsontext.Value, words []string) bool {
	has := func(name string) bool {
		name = harmlessWords.Replace(plainName(name))
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
	}
	found := has(name)
	eachKey(value, depthOfLinks, func(name string, value jsontext.Value) { found = found || has(name) && !saysNothing(value) })
	return found
}

// linksToNext reports whether there is a link to a next page within value.
func linksToNext(value jsontext.Value) bool {
	found := false
	eachKey(value, depthOfLinks, func(name string, value jsontext.Value) {
		found = found || plainName(name) == "rel" && plainName(textOf(value)) == "next"
	})
	return found
}

// depthOfLinks is how deep links and paging stand in the forms that are known: {"links": [{"rel": "next"}]}, and a level to spare.
const depthOfLinks = 3

// eachKey calls visit for every key within value, down to a depth.
func eachKey(value jsontext.Value, depth int, visit func(name string, value jsontext.Value)) {
	var inner []jsontext.Value
	var object map[string]jsontext.Value
	switch kind := value.Kind(); {
	case depth == 0:
		return
	case kind == '[' && json.Unmarshal(value, &inner) == nil:
	case kind == '{' && json.Unmarshal(value, &object) == nil:
		for name, value := range object {
			visit(name, value)
			inner = append(inner, value)
		}
	}
	for _, value := range inner {
		eachKey(value, depth-1, visit)
	}
}

func isNumber(value jsontext.Value, n int) bool { return textOf(value) == strconv.Itoa(n) }

// tellsOfSuccess reports whether value is made of words of success and of statuses that are no errors.
func tellsOfSuccess(value jsontext.Value) bool {
	words := strings.FieldsFunc(strings.ToLower(textOf(value)), func(r rune) bool { return !isAlphanumeric(r) })
	return len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool {
		status, err := strconv.Atoi(word)
		return !slices.Contains(wordsOfSuccess, word) && (err != nil || status >= 400)
	})
}

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
