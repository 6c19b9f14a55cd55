// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// written returns the name of a file with text.
func written(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "fixtures.json")
	write(t, file, text)
	return file
}

// The file is reread for each request: an edit takes effect at once, and a mistake in it is an error that a client does not repeat
// and that names the place.
func TestFileIsReread(t *testing.T) {
	file := written(t, string(emulator.DefaultJSON()))
	url := serve(t, emulator.New(emulator.File(file), emulator.Options{Now: atNoon}))
	c := get(url + membersPath(documentImage))
	c.timestamp = milliseconds(noon)
	const begin = `{"access_key":"demo-access-key","secret_key":"demo-secret-key","versions":[{"id":"v1.3"}],` +
		`"images":[{"id":"` + documentImage + `"`
	for _, step := range []struct{ text, outcome, members string }{
		{string(emulator.DefaultJSON()), "200", "a8f10467abfc4b87b64614ab36eb9ae4"},
		{begin + `,"members":[{"member_id":"a"},{"member_id":"b"}]}]}`, "200", "a b"},
		{begin + `,"members":[`, "422 BrokenFixtures", ""},
		{"", "422 BrokenFixtures", ""}, // the file is removed
		{begin + `,"fault":{"status":404}}]}`, "404 NotFound", ""},
		{begin + `}]}`, "200", ""},
		{strings.Replace(begin, "demo-secret-key", "new-secret-key", 1) + `}]}`, "401 HmacValidFail", ""},
	} {
		if write(t, file, step.text); step.text == "" {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
		got := c.gets(t, step.outcome)
		if step.outcome == "200" && got.ids(t, "members", "member_id") != step.members {
			t.Errorf("the members are %s, want %s", got.body, step.members)
		}
		if step.outcome != "422 BrokenFixtures" {
			continue
		}
		detail, _ := got.serviceError(t)["detail"].(string)
		if !strings.Contains(detail, file) || step.text != "" && !strings.Contains(detail, file+": line 1, column 157: unexpected EOF") {
			t.Errorf("the detail does not name the place: %s", detail)
		}
		bare(url+"/").gets(t, step.outcome) // nor is there another operation
	}
}

// What has not changed is not parsed again. A list of many pages would cost its decoding for each of them.
func TestFileIsParsedWhenItChanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fixtures.json")
	read := emulator.File(file)
	images := func(text string) []emulator.Image {
		write(t, file, text)
		fixtures, err := read()
		if err != nil {
			t.Fatal(err)
		}
		return fixtures.Images
	}
	first := images(`{"images":[{"id":"a"}]}`)
	if again := images(`{"images":[{"id":"a"}]}`); &again[0] != &first[0] {
		t.Error("the same bytes are parsed twice")
	}
	// As quick and as long as this, neither the time nor the size of the file shows the change.
	if other := images(`{"images":[{"id":"b"}]}`); other[0].ID != "b" {
		t.Errorf("the image is still %s", other[0].ID)
	}
}

// Fixtures that would not do what they say are rejected: misspelt, broken, of the wrong type, twice the same, or without an effect.
func TestFixturesThatAreRejected(t *testing.T) {
	image := func(rest string) string { return `{"images":[{"id":"fine"},{"id":"x",` + rest + `}]}` }
	const a, b = `{"id":"a","access_key":"ka","secret_key":"s"}`, `{"id":"b","access_key":"kb","secret_key":"s"}`
	for text, want := range map[string]string{
		`{"acces_key":"a"}`: "line 1, column 2: unknown object member name: /acces_key",
		"{\n  \"images\": [\n    { \"id\": \"é\",\n      \"member\": [] } ] }": "line 4, column 7: unknown object member name: /images/0/member",
		"{\n  \"images\": [\n    { \"id\": \"é\", \"status\": 2 } ] }":         "line 3, column 28: a value of another type is needed here",
		`{"versions":[{"id":"v1.3","state":"CURRENT"}]}`:                       "/versions/0/state",
		image(`"member":[]`):                            "/images/1/member",
		image(`"Members":[]`):                           "/images/1/Members",
		image(`"members":[{"member":"a"}]`):             "/images/1/members/0/member",
		image(`"members":{}`):                           "/images/1/members",
		image(`"name":"a","name":"b"`):                  "column 47: duplicate object member name",
		image(`"fault":{"code":503}`):                   "/images/1/fault/code",
		image(`"fault":{"kind":"hangs"}`):               `image x: there is no kind of fault "hangs"; the kinds are gateway-404, html, hang, `,
		image(`"visibility":"open"`):                    `image x: there is no visibility "open"`,
		image(`"private":true`):                         "/images/1/private",
		image(`"owner":"a","no_owner":true`):            "image x: it has both an owner and no_owner",
		`{"images":{}}`:                                 "/images",
		`{"images":[{"id":"x"},{"id":"y"},{"id":"x"}]}`: "image x is listed twice",
		`{"images":[{"id":""}]}`:                        "image 1 of the list has no id",
		`[]`:                                            "another type is needed here: the whole",
		`{"images":[`:                                   "column 12: unexpected EOF",
		``:                                              "EOF",
		`access_key = "a"`:                              "invalid character",
		`{"access_key":"a","versions":[]}, "images":[]}`: "column 33: invalid character",

		`{"accounts":[` + a + `,{"access_key":"kb","secret_key":"s"}]}`:          "account 2 of the list",
		`{"accounts":[{"id":"a","secret_key":"s"}]}`:                             "account 1 of the list",
		`{"accounts":[{"id":"a","access_key":"s"}]}`:                             "account 1 of the list",
		`{"accounts":[` + a + `,` + b + `,` + a + `]}`:                           "account a is listed twice",
		`{"accounts":[` + a + `,{"id":"b","access_key":"ka","secret_key":"t"}]}`: "the same access_key",
		`{"access_key":"ka","accounts":[` + a + `]}`:                             "the same access_key",
		`{"access_key":"k","account_id":"b","accounts":[` + b + `]}`:             "account b is listed twice",

		`{"regions":{"v1":{"images":[]}}}`:                            `"v1" cannot be a region`,
		`{"regions":{"KR":{"images":[]}}}`:                            `"KR" cannot be a region`,
		`{"regions":{"kr-east1":{"images":[{"id":"x"},{"id":"x"}]}}}`: "region kr-east1: image x is listed twice",
		`{"faults":{"/v1/image":{"status":503}}}`:                     `"/v1/image"`,
		`{"faults":{"/v1/images":{"kind":"vanishes"}}}`:               `/v1/images: there is no kind of fault "vanishes"`,
	} {
		file := written(t, text)
		if _, err := emulator.File(file)(); err == nil || !strings.HasPrefix(err.Error(), file+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want one that names the file and %s", text, err, want)
		}
	}
}

// A status that cannot be sent would end the handler in a panic, and a number below zero is never reached.
func TestFaultsThatAreRejected(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind":"explode"}`: `there is no kind of fault "explode"; the kinds are gateway-404, `, `{"kind":"gateway404"}`: `"gateway404"`,
		`{"kind":"Hang"}`: `"Hang"`,
		`{"statuz":503}`:  "column 2: unknown object member name: /statuz", `{"status":"503"}`: "/status",
		`{"header":{"Retry-After":2}}`: "/header/Retry-After",
		`{"latency":"2"}`:              "missing unit", `{"latency":2}`: "/latency",
		`{"clock":3600}`: "/clock", `{"clock":"soon"}`: "soon", `{"first":"2"}`: "/first", `{"every":0.5}`: "/every",
		`503`: "another type", `{"status":`: "EOF", ``: "EOF",
		`{"status":503} {"kind":"hang"}`: "column 16", `{"status":503}}`: "column 15", `{"status":503},"first":2}`: "invalid character",
		`{"status":1000}`: "no status 1000", `{"status":600}`: "600", `{"status":-1}`: "-1", `{"status":42}`: "42",
		`{"status":100}`: "100", `{"status":199}`: "199",
		`{"after":-1}`: "negative", `{"first":-1}`: "negative", `{"every":-2}`: "negative", `{"latency":"-1s"}`: "negative",
	} {
		if _, err := emulator.ParseFault(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want one with %s", text, err, want)
		}
	}
}

// Written and read again a fault is the same, so that a test may put its own into a file.
func TestParseFault(t *testing.T) {
	want := &emulator.Fault{
		Status: 429, Header: map[string]string{"Retry-After": "2"}, Body: new("x"), Kind: "cut-off",
		Latency: emulator.Duration(1500 * time.Millisecond), Clock: emulator.Duration(-time.Hour), First: 2, After: 1, Every: 5,
		Extra: map[string]any{"total_count": 3.0},
	}
	text := `{"status":429,"header":{"Retry-After":"2"},"body":"x","kind":"cut-off","extra":{"total_count":3},"latency":"1.5s",` +
		`"clock":"-1h","after":1,"first":2,"every":5}`
	for range 2 {
		got, err := emulator.ParseFault(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s reads as %+v, %v, want %+v", text, got, err, want)
		}
		written, _ := json.Marshal(got)
		text = string(written)
	}
	for _, kind := range []string{"", "gateway-404", "html", "hang", "reset", "cut-off", "trickle", "endless", "marker-ignored",
		"repeat", "vanish",
		"filter-ignored", "next-on-empty", "empty-page", "member-twice", "no-members"} {
		if fault, err := emulator.ParseFault(`{"kind":"` + kind + `"}`); err != nil || fault.Kind != kind {
			t.Errorf("kind %q: %+v, %v", kind, fault, err)
		}
	}
}
