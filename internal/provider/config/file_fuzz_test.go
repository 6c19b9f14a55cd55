// SPDX-License-Identifier: MPL-2.0

package config

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzParse compares with the standard library's parser. An error quotes nothing of the file.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`{"access-key":"QZXJW"}`, "{\n  \"secret-key\": QZXJW\n}", `{"secret-key":"QZXJW",}`, `["QZXJW"]`, `null`, ``, " \n", "{\"a\":\"\xff\"}",
		"{\"\xc3\xc3\xa9\":\"QZXJW\"}", `{"access-key":null}`, `{"ACCESS-KEY":"a","Access-Key":"b"}`, `{"access-key":1}`,
		`{"access-key":"QZXJW"}QZXJW`,
		"\ufeff{}", "\ufeff", "\ufeffnull", "\xff\xfe{\x00}\x00",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		values, err := parse(text)
		text = bytes.TrimPrefix(text, []byte(byteOrderMark))
		core := string(bytes.TrimSpace(text))
		valid := json.Valid(text) && (core[0] == '{' || core == "null")
		if blank := core == ""; (err == nil) != (valid || blank) {
			t.Errorf("%q: the error is %v", text, err)
		}
		if err != nil {
			unprintable := strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsPrint(r) })
			if values != nil || !strings.HasPrefix(err.Error(), "line ") || unprintable {
				t.Errorf("%q: got %v and the error %q", text, values, err)
			}
			// It quotes nothing of the file. The longest such message has 75 characters.
			if strings.Contains(err.Error(), "QZXJW") || len(err.Error()) > 100 {
				t.Errorf("%q: the error is %q", text, err)
			}
			return
		}
		file := settingsFile{values: values}
		got, err := file.lookup("access-key")
		if again, errAgain := file.lookup("access-key"); again != got || (err == nil) != (errAgain == nil) {
			t.Errorf("%q: got %q, and then %q", text, got, again)
		}
		var want map[string]any
		_ = json.Unmarshal(text, &want)
		if exact, there := want["access-key"]; there {
			word, isText := exact.(string)
			if utf8.Valid(text) && (got != word || (err == nil) != (isText || exact == nil)) {
				t.Errorf("%q: got %q, %v", text, got, err)
			}
		}
	})
}
