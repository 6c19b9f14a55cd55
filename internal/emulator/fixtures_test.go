// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
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

// refused fails t if the fixtures in text are taken, or refused without want.
func refused(t *testing.T, text, want string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "fixtures.json")
	write(t, file, text)
	if _, err := emulator.File(file)(); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), file+": ") {
		t.Errorf("%s: the error is %v, want one that names the file and %s", text, err, want)
	}
}

// What comes with the emulator shows each thing that it can play for an image, and the document's versions.
func TestDefaultFixtures(t *testing.T) {
	fixtures := defaultFixtures(t)
	file := filepath.Join(t.TempDir(), "fixtures.json")
	write(t, file, string(emulator.DefaultJSON()))
	// What -print-fixtures prints is a starting point: it has to play as the built-in ones do.
	if read, err := emulator.File(file)(); err != nil || !reflect.DeepEqual(read, fixtures) {
		t.Errorf("DefaultJSON reads as %+v, %v, want %+v", read, err, fixtures)
	}
	if fixtures.AccessKey == "" || fixtures.SecretKey == "" || fixtures.AuthToken != "" {
		t.Errorf("the keys are %q and %q, the token is %q", fixtures.AccessKey, fixtures.SecretKey, fixtures.AuthToken)
	}
	private, shared, empty := 0, 0, 0
	for _, image := range fixtures.Images {
		switch {
		case image.Private:
			private++
		case len(image.Members) == 0:
			empty++
		default:
			shared++
		}
	}
	if private == 0 || shared == 0 || empty == 0 {
		t.Errorf("%d images are private, %d shared, %d shared with no one", private, shared, empty)
	}
}

// The file is read again for each request: an edit takes effect at once, and a mistake in it does not end the rehearsal.
func TestFileIsReadAnew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fixtures.json")
	write(t, file, string(emulator.DefaultJSON()))
	url := serve(t, emulator.New(emulator.File(file), emulator.Options{Now: atNoon}))
	c := get(url + membersPath(documentImage))
	c.timestamp = milliseconds(noon)
	members := func() int {
		list, _ := c.send(t).object(t, http.StatusOK)["members"].([]any)
		return len(list)
	}
	if got := members(); got != 1 {
		t.Errorf("there are %d members at first", got)
	}
	const start = `{"access_key":"demo-access-key","secret_key":"demo-secret-key","versions":[{"id":"v1.3"}],"images":[{"id":"` + documentImage + `"`
	write(t, file, start+`,"members":[{"member_id":"a"},{"member_id":"b"}]}]}`)
	if got := members(); got != 2 {
		t.Errorf("there are %d members when two are written", got)
	}
	write(t, file, start+`,"members":[`)
	got := c.send(t)
	e := got.serviceError(t, http.StatusBadRequest, "BrokenFixtures")
	if detail, _ := e["detail"].(string); !strings.Contains(detail, file+": line 1, column 157: unexpected EOF") {
		t.Errorf("detail does not name the file and the position: %q", detail)
	}
	if date := got.header.Get("Date"); date != noon.Format(http.TimeFormat) {
		t.Errorf("Date is %q", date)
	}
	// No route can be played, the one that needs no signature neither.
	call{method: http.MethodGet, url: url + "/", edit: unsigned}.send(t).serviceError(t, http.StatusBadRequest, "BrokenFixtures")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	c.send(t).serviceError(t, http.StatusBadRequest, "BrokenFixtures")
	write(t, file, start+`,"fault":{"status":404}}]}`)
	c.send(t).serviceError(t, http.StatusNotFound, "NotFound")
	write(t, file, start+`}]}`)
	if got := members(); got != 0 {
		t.Errorf("there are %d members when none are written", got)
	}
	write(t, file, strings.Replace(start, "demo-secret-key", "new-secret-key", 1)+`}]}`)
	c.send(t).gatewayUnauthorized(t, "HmacValidFail")
}

func TestMissingFile(t *testing.T) {
	if _, err := emulator.File(filepath.Join(t.TempDir(), "none.json"))(); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("the error is %v", err)
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
	// As quick and as long as this, neither the time nor the size of the file tells.
	if other := images(`{"images":[{"id":"b"}]}`); other[0].ID != "b" {
		t.Errorf("the image is still %s", other[0].ID)
	}
	write(t, file, `{"images":`)
	if _, err := read(); err == nil {
		t.Error("broken text is not refused")
	}
	if back := images(`{"images":[{"id":"b"}]}`); back[0].ID != "b" {
		t.Errorf("the image is %s", back[0].ID)
	}
}

// A fixture that is misspelt would rehearse nothing, so it is refused by name.
func TestFixturesThatAreRefused(t *testing.T) {
	image := func(rest string) string { return `{"images":[{"id":"fine"},{"id":"x",` + rest + `}]}` }
	for name, test := range map[string]struct{ text, want string }{
		"unknown field":              {`{"acces_key":"a"}`, "line 1, column 2: unknown object member name: /acces_key"},
		"unknown field, far":         {"{\n  \"images\": [\n    { \"id\": \"é\",\n      \"member\": [] } ] }", "line 4, column 7: unknown object member name: /images/0/member"},
		"name twice":                 {image(`"name":"a","name":"b"`), "duplicate object member name"},
		"name in another case":       {image(`"Name":"a"`), "/images/1/Name"},
		"owner and none":             {image(`"owner":"a","no_owner":true`), "image x: it has both an owner and no_owner"},
		"unknown field of a version": {`{"versions":[{"id":"v1.3","state":"CURRENT"}]}`, "state"},
		"unknown field of an image":  {image(`"member":[]`), "/images/1/member"},
		"unknown field of a member":  {image(`"members":[{"member":"a"}]`), "/images/1/members/0/member"},
		"unknown field of a fault":   {image(`"fault":{"code":503}`), "code"},
		"unknown kind of fault":      {image(`"fault":{"kind":"hangs"}`), `image x: there is no kind of fault "hangs"; the kinds are gateway-404, html, `},
		"kind in another case":       {image(`"fault":{"kind":"Hang"}`), `"Hang"`},
		"duration without a unit":    {image(`"fault":{"latency":"2"}`), "missing unit"},
		"duration as a number":       {image(`"fault":{"latency":2}`), "latency"},
		"duration of no sense":       {image(`"fault":{"clock":"soon"}`), "soon"},
		"status as text":             {image(`"fault":{"status":"503"}`), "status"},
		"header with a number":       {image(`"fault":{"header":{"Retry-After":2}}`), "header"},
		"unknown visibility":         {image(`"visibility":"open"`), `image x: there is no visibility "open"`},
		"two visibilities":           {image(`"visibility":"public","private":true`), "image x: it is both private and public"},
		"members of the wrong type":  {image(`"members":{}`), "members"},
		"images of the wrong type":   {`{"images":{}}`, "images"},
		"list":                       {`[]`, "another type is needed here: the whole"},
		"cut off":                    {`{"images":[`, "EOF"},
		"empty":                      {``, "EOF"},
		"not JSON":                   {`access_key = "a"`, "invalid character"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, test.text, test.want) })
	}
}

func TestFaultsThatAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind":"explode"}`:    `there is no kind of fault "explode"`,
		`{"kind":"gateway404"}`: `"gateway404"`,
		`{"statuz":503}`:        "statuz",
		`{"latency":"2"}`:       "missing unit",
		`{"clock":3600}`:        "clock",
		`{"first":"2"}`:         "first",
		`{"every":0.5}`:         "every",
		`503`:                   "another type",
		`{"status":`:            "EOF",
		``:                      "EOF",
	} {
		if _, err := emulator.ParseFault(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want one with %s", text, err, want)
		}
	}
}

// What follows the JSON is a slip as well: a brace too many cuts off the faults behind it.
func TestTrailingTextIsRefused(t *testing.T) {
	for _, text := range []string{`{"status":503} {"kind":"hang"}`, `{"status":503}}`, `{"status":503},"first":2}`} {
		if fault, err := emulator.ParseFault(text); err == nil {
			t.Errorf("%s is taken for %+v", text, *fault)
		}
	}
	file := filepath.Join(t.TempDir(), "fixtures.json")
	write(t, file, `{"access_key":"a","secret_key":"b","versions":[]}, "images":[]}`)
	if fixtures, err := emulator.File(file)(); err == nil {
		t.Errorf("the file is taken for %+v", fixtures)
	}
}

// A status that cannot be sent would end the handler in a panic, one below 200 is no answer, and what is below zero
// is never due.
func TestNumbersOfNoUseAreRefused(t *testing.T) {
	for _, text := range []string{
		`{"status":1000}`, `{"status":600}`, `{"status":-1}`, `{"status":42}`, `{"status":99}`, `{"status":100}`, `{"status":199}`,
		`{"after":-1}`, `{"first":-1}`, `{"every":-2}`, `{"latency":"-1s"}`,
	} {
		if fault, err := emulator.ParseFault(text); err == nil {
			t.Errorf("%s is taken for %+v", text, *fault)
		}
	}
}

// Of two images with one id only the first is played, and one without an id never is.
func TestImagesThatAreNeverPlayedAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fixtures.json")
	for _, images := range []string{`{"id":"x"},{"id":"y"},{"id":"x","fault":{"status":503}}`, `{"fault":{"status":503}}`, `{"id":""}`} {
		write(t, file, `{"images":[`+images+`]}`)
		if fixtures, err := emulator.File(file)(); err == nil {
			t.Errorf("%s is taken for %+v", images, fixtures.Images)
		}
	}
}

func TestParseFault(t *testing.T) {
	body := "x"
	want := &emulator.Fault{
		Status: 429, Header: map[string]string{"Retry-After": "2"}, Body: &body, Kind: "cut-off",
		Latency: emulator.Duration(1500 * time.Millisecond), Clock: emulator.Duration(-time.Hour), First: 2, After: 1, Every: 5,
		Extra: map[string]any{"total_count": 3.0},
	}
	const text = `{"status":429,"header":{"Retry-After":"2"},"body":"x","kind":"cut-off","extra":{"total_count":3},"latency":"1.5s","clock":"-1h","after":1,"first":2,"every":5}`
	got, err := emulator.ParseFault(text)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("the fault is %+v, %v, want %+v", got, err, want)
	}
	// Written and read again it is the same, so that a test may put its own into a file.
	written, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := emulator.ParseFault(string(written)); err != nil || !reflect.DeepEqual(again, want) {
		t.Errorf("%s reads as %+v, %v", written, again, err)
	}
	for _, kind := range []string{"", "gateway-404", "html", "hang", "reset", "cut-off", "trickle", "endless",
		"marker-ignored", "repeat", "vanish", "filter-ignored", "next-on-empty", "empty-page", "member-twice", "no-members"} {
		if fault, err := emulator.ParseFault(`{"kind":"` + kind + `"}`); err != nil || fault.Kind != kind {
			t.Errorf("kind %q: %+v, %v", kind, fault, err)
		}
	}
}
