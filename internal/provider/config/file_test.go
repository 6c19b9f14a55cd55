// SPDX-License-Identifier: MPL-2.0

package config

import (
	"os"
	"path/filepath"
	"testing"
)

// writeFile writes text to a file and returns its path.
func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "credentials.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFileLookup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"plain", `{"access-key":"AK"}`, "AK"},
		{"lines", "{\r\n\t\"access-key\": \"AK\"\r\n}\r\n", "AK"},
		{"other keys of any type", `{"account-id":1,"max-remain-days":[2],"x":{"access-key":"no"},"access-key":"AK"}`, "AK"},
		{"other case", `{"Access-KEY":"AK"}`, "AK"},
		{"exact before other case", `{"ACCESS-KEY":"no","access-key":"AK","Access-Key":"no"}`, "AK"},
		{"last of two", `{"access-key":"no","access-key":"AK"}`, "AK"},
		{"escapes", `{"access-key":"\u0041\u004b\/+="}`, "AK/+="},
		{"a replacement character that is there", "{\"\ufffd\":1,\"access-key\":\"A\ufffdK\"}", "A\ufffdK"},
		{"absent", `{"accesskey":"no"}`, ""},
		{"null", `{"access-key":null}`, ""},
		{"exact null before other case", `{"access-key":null,"ACCESS-KEY":"no"}`, ""},
		{"empty string", `{"access-key":""}`, ""},
		{"empty object", `{}`, ""},
		{"empty file", ``, ""},
		{"white space", " \t\r\n", ""},
		{"null in place of an object", " null\n", ""},
		{"byte order mark", "\xef\xbb\xbf{\"access-key\":\"AK\"}", "AK"},
		{"byte order mark alone", "\xef\xbb\xbf", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeFile(t, c.text)
			file := readFile(path)
			if file.broken != nil {
				t.Fatal(file.broken)
			}
			if file.path != path {
				t.Errorf("the path is %q, want %q", file.path, path)
			}
			if got, err := file.lookup("access-key"); err != nil || got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// Maps have no order: the same file must give the same key each time.
func TestFileLookupIsStable(t *testing.T) {
	t.Parallel()
	file := readFile(writeFile(t, `{"ACCESS-KEY":"a","Access-Key":"b","access-KEY":"c","aCCESS-KEY":"d"}`))
	if file.broken != nil {
		t.Fatal(file.broken)
	}
	first, _ := file.lookup("access-key")
	for range 200 {
		if again, _ := file.lookup("access-key"); again != first {
			t.Fatalf("the key is %q and %q by turns", first, again)
		}
	}
}

func TestFileWrongType(t *testing.T) {
	t.Parallel()
	for _, value := range []string{`12345`, `true`, `["hunter2"]`, `{"hunter2":"hunter2"}`} {
		file := readFile(writeFile(t, `{"secret-key":`+value+`}`))
		if file.broken != nil {
			t.Fatal(file.broken)
		}
		got, err := file.lookup("secret-key")
		if got != "" || err == nil || err.Error() != `the value of the key "secret-key" must be a string, in double quotes` {
			t.Errorf("%s: got %q with the error %v", value, got, err)
		}
	}
}

// Each text holds a secret, hunter2, which no error may repeat.
func TestFileBroken(t *testing.T) {
	t.Parallel()
	const (
		invalid    = "this is not valid JSON"
		incomplete = "the JSON is not complete"
		object     = "line 1: the file must contain a JSON object, { … }"
	)
	for _, c := range []struct{ name, text, want string }{
		{"no quotes", `{"secret-key": hunter2}`, "line 1, column 16: " + invalid},
		{"single quotes", `{'secret-key': 'hunter2'}`, "line 1, column 2: " + invalid},
		{"no comma", "{\n  \"access-key\": \"hunter2\"\n  \"secret-key\": \"hunter2\"\n}\n", "line 3, column 3: " + invalid},
		{"comment", "{\n  // hunter2\n}", "line 2, column 3: " + invalid},
		{"comma at the end", "{\n  \"secret-key\": \"hunter2\",\n}\n", "line 3, column 1: " + invalid},
		{"comma before the last byte", `{"secret-key":"hunter2",}`, "line 1, column 25: " + invalid},
		{"trailing text", "{\"secret-key\":\"hunter2\"}\nhunter2", "line 2, column 1: " + invalid},
		{"a byte too many", `{"secret-key":"hunter2"}}`, "line 1, column 25: " + invalid},
		{"columns are characters", `{"비밀": hunter2}`, "line 1, column 8: " + invalid},
		{"line break in a string", "{\"secret-key\":\"hunter2\n\"}", "line 1, column 23: " + invalid},
		{"not JSON at all", "access-key = hunter2\n", "line 1, column 1: " + invalid},
		{"cut off in a string", `{"secret-key": "hunter2`, "line 1, column 24: " + incomplete},
		{"cut off after a value", "{\"secret-key\": \"hunter2\"\n", "line 2, column 1: " + incomplete},
		{"only a brace", `{`, "line 1, column 2: " + incomplete},
		{"UTF-16", "\xff\xfe{\x00}\x00", "line 1, column 1: the text is UTF-16; save it as UTF-8"},
		{"UTF-16, big end first", "\xfe\xff\x00{\x00}", "line 1, column 1: the text is UTF-16; save it as UTF-8"},
		{"two byte order marks", "\xef\xbb\xbf\xef\xbb\xbf{}", "line 1, column 1: " + invalid},
		{"after a byte order mark", "\xef\xbb\xbf{hunter2}", "line 1, column 2: " + invalid},
		{"cut-off character at the end", "{\"secret-key\":\"hunter2\xe2\x82", "line 1, column 25: " + incomplete},
		{"array", `["hunter2"]`, object},
		{"string", `"hunter2"`, object},
		{"number", `5`, object},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeFile(t, c.text)
			file := readFile(path)
			if file.broken == nil || file.broken.Error() != c.want {
				t.Fatalf("the error is %v, want %s", file.broken, c.want)
			}
			if got, _ := file.lookup("secret-key"); got != "" || file.path != path {
				t.Errorf("a broken file gives %q of %q", got, file.path)
			}
		})
	}
}
