// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// FuzzDecodeImageMembers holds the decoder to another one, of the standard library: what it accepts says the same there,
// and an empty list is one.
func FuzzDecodeImageMembers(f *testing.F) {
	for _, body := range []string{
		documented, `{"members":[]}`, `{"members":null}`, `{"Members":[]}`, `{"members":[],"members":[]}`, `{}`, `null`, `[]`,
		`{"members":[null]}`, `{"members":[{"member_id":null}]}`, `{"members":[{"member_id":"\ud83d\ude00"}],"next":{"members":[]}}`,
		`{"members":[{"member_id":"m","image_id":"70A599E031E749B7B260868F441E862B"}]}`, `{"members":[{"member_id":"m","image_id":"x"}]}`,
		"{\"members\":[{\"member_id\":\"\xff\"}]}", `{"members":[]}{}`, `{"memb\u0065rs":[]}`, "\ufeff{}", `{"members":[`, `<html>`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		members, err := believe(membersOf(imageID), body)
		if err != nil {
			if members != nil {
				t.Errorf("there are members and the error %v", err)
			}
			return
		}
		list := decodedAgain(t, body, "members", "error", "partial", "next", "cursor")
		for _, member := range list {
			member["image_id"] = imageID // in the spelling in which it was asked for
		}
		slices.SortFunc(list, func(a, b map[string]any) int {
			return cmp.Compare(fmt.Sprint(a["member_id"]), fmt.Sprint(b["member_id"]))
		})
		sameFields(t, members, list)
		for i := 1; i < len(members); i++ { // a member that is there again is the same, word for word
			if members[i-1].MemberID == members[i].MemberID && !reflect.DeepEqual(members[i-1], members[i]) {
				t.Errorf("member %s is listed twice, and differs", members[i].MemberID)
			}
		}
	})
}

// FuzzDecodeImages is the same for a page of images: no ID is listed twice, and only a page without images ends the list.
func FuzzDecodeImages(f *testing.F) {
	for _, body := range []string{
		documentedImages, `{"images":[]}`, `{"images":null}`, `{"Images":[]}`, `{"images":[],"images":[]}`, `{}`, `null`, `[]`,
		`{"images":[null]}`, `{"images":[{"id":null}]}`, `{"images":[{"id":"a"},{"id":"a"}]}`, `{"images":[{"id":"a"},{"id":"A"}],"next":"x"}`,
		`{"images":[{"id":"70A599E031E749B7B260868F441E862B"},{"id":"70a599e0-31e7-49b7-b260-868f441e862b"}]}`,
		`{"images":[{"id":"a/b"}]}`, `{"images":[{"id":"a","protected":true,"visibility":"public"}],"total":1}`,
		`{"images":[],"total":3,"next":"x"}`,
		"{\"images\":[{\"id\":\"a\",\"name\":\"\xff\"}]}", `{"images":[]}{}`, `{"im\u0061ges":[]}`, "\ufeff{}", `{"images":[`, `<html>`,
	} {
		f.Add([]byte(body), 0)
		f.Add([]byte(body), 3)
	}
	f.Fuzz(func(t *testing.T, body []byte, before int) {
		before = max(before, 0) % 10
		pages := &imagePages{client: fakeClient(nil)}
		page, err := believe(pages.page(before, map[string]bool{}), body)
		if err != nil && len(page) > 0 {
			t.Errorf("there are %v and the error %v", page, err)
		}
		if err != nil {
			return
		}
		words := []string{"error", "partial"}
		if len(page) == 0 {
			words = append(words, "next", "cursor")
		}
		sameFields(t, page, decodedAgain(t, body, "images", words...))
		seen := map[string]bool{}
		for _, image := range page {
			if seen[image.ID] || CheckImageID(image.ID) != nil {
				t.Errorf("the id %q is listed", image.ID)
			}
			seen[image.ID] = true
		}
	})
}

// decodedAgain returns the list in body as the standard library reads it. The list has to be there once, and no other key with one of the
// words may say something.
func decodedAgain(t *testing.T, body []byte, list string, words ...string) (items []map[string]any) {
	t.Helper()
	// The order and number of the names of the top level, which a map would not show.
	decoder := json.NewDecoder(bytes.NewReader(body))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		t.Fatalf("it is not an object: %v, %v", first, err)
	}
	found := 0
	for decoder.More() {
		name, err := decoder.Token()
		var value json.RawMessage
		if err != nil || decoder.Decode(&value) != nil {
			t.Fatalf("it cannot be read behind %v: %v", name, err)
		}
		if name == list {
			found++
			if err := json.Unmarshal(value, &items); err != nil || items == nil {
				t.Fatalf("%s is no list of objects: %v", list, err)
			}
		}
		says := !slices.Contains([]string{"null", "false", "0", `""`, "[]", "{}"}, strings.Join(strings.Fields(string(value)), ""))
		for _, word := range words {
			if says && strings.Contains(strings.ToLower(fmt.Sprint(name)), word) {
				if n, err := strconv.ParseFloat(string(value), 64); err != nil || n != 0 {
					t.Errorf("%v: %s was read over", name, value)
				}
			}
		}
	}
	if found != 1 || !json.Valid(body) || !utf8.Valid(body) {
		t.Fatalf("the list is %d times in %q", found, body)
	}
	return items
}

// sameFields holds what each item has in its fields to what the standard library reads.
func sameFields[T any](t *testing.T, items []T, want []map[string]any) {
	t.Helper()
	if items == nil || len(items) != len(want) {
		t.Fatalf("there are %d items, want %d", len(items), len(want))
	}
	for i, item := range items {
		for kind, field := range reflect.ValueOf(item).Fields() {
			var got any
			if value := reflect.Indirect(field); value.IsValid() {
				got = value.Interface()
			}
			if name := kind.Tag.Get("json"); got != want[i][name] {
				t.Errorf("%s of item %d is %v, want %v", name, i+1, got, want[i][name])
			}
		}
	}
}

// FuzzParseErrorBody shows what a person sees of a response, whatever it is: printable, bounded and without the secret.
func FuzzParseErrorBody(f *testing.F) {
	const secret = "SECRET/+=key"
	for _, body := range []string{
		serviceBody(`"d"`, `{"action_name":"a","message":"m"}`), serviceBody(`["a",["b"]]`, `null`), serviceBody(`"[\"a\"]"`, `null`),
		`{"status":"UNAUTHORIZED","name":"Request was rejected by gateway","message":"HmacValidFail"}`,
		`{"status":404,"error":"Not Found","requestId":"1"}`, `{"errors":[{"code":"a\u0000"}]}`, `<html>404</html>`,
		"\x1b[2J\u202e\xff", ``, `null`,
		secret, `{"errors":[{"code":"SECRET\/+=key"}]}`, `{"unknown":"SECRET\/+=key"}`, strings.Repeat("x", 495) + secret, "SECRET%2F%2B%3Dkey",
		`["SECRET\u002f\u002b\u003dkey"]`, "SECRET%2f%2b%3dkey", "SECRET&#47;&#x2B;=key", strings.Repeat("[", 100),
	} {
		f.Add(401, "https://other.example/", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, location string, body []byte) {
		client := newClient(Config{Endpoint: Endpoint{Override: override}, Credentials: Credentials{SecretKey: secret, AccessKey: "ACCESS"}})
		header := consistency.FieldsOf(http.Header{"Location": {location}, "Retry-After": {location}, "Date": {location}})
		request := Request{URL: &url.URL{Scheme: "https", Host: "scp.example.com", Path: "/"}}
		e := client.rejection(request, response{status: status, header: header, body: body})
		texts := []string{e.Code, e.Detail, e.Action, e.RequestID, e.Location}
		for _, text := range append(texts, e.Error()) {
			for _, form := range []string{secret, "ACCESS", `SECRET\/+=key`, "SECRET%2F%2B%3Dkey", "SECRET&#47;&#43;&#61;key",
				"SECRET%2f%2b%3dkey", `SECRET\u002f\u002b\u003dkey`} {
				if strings.Contains(text, form) {
					t.Errorf("%q is in %q", form, text)
				}
			}
			if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) || !utf8.ValidString(text) {
				t.Errorf("%q is not printable", text)
			}
		}
		for _, text := range texts {
			if n := utf8.RuneCountInString(text); n > 500+len("…") {
				t.Errorf("there are %d characters", n)
			}
		}
		if e.RetryAfter < 0 || e.RetryAfter > maxRetryAfter || e.StatusCode != status {
			t.Errorf("the error is %+v", e)
		}
	})
}

// FuzzEndpoint shows that a URL that is accepted is the one that requests go to and that is signed.
func FuzzEndpoint(f *testing.F) {
	for _, override := range []string{
		"https://scp.example.com", "https://{region}.example.com:8443/a/b/", "http://localhost:8080", "http://[::1]", "https://a%20b",
		"https://h/a%2F", "https://h/%2e%2e/x", "https://h//x", "https://u:p@h", "https://h?q", "https://h#f", "https://[fe80::1%25eth0]",
		"https://bücher.example", "http://evil", "https://h/비밀", "https:opaque", "https://h\\@evil.example", "https://h/;a=b", "https://h:",
		"HTTPS://H", "https://[::ffff:1.2.3.4]",
	} {
		f.Add(override, "kr-west1")
	}
	f.Fuzz(func(t *testing.T, override, region string) {
		endpoint := Endpoint{Override: override, Environment: "e"}
		checked := CheckOverride(override)
		u, err := endpoint.URL(region)
		if err != nil {
			// What the configuration accepts is rejected later for the region alone, or for a host name that it made too long.
			if checked == nil && override != "" && CheckLabel(region) == nil && len(region) <= len("region") &&
				!strings.Contains(override, "-{region}") {
				t.Errorf("%q with %q: %v", override, region, err)
			}
			return
		}
		if override == "" {
			if want := "https://virtualserver." + region + ".e.samsungsdscloud.com"; u.String() != want {
				t.Errorf("the URL is %s, want %s", u, want)
			}
			return
		}
		full := u.JoinPath("v1", "images", imageID, "members").String()
		request, err := http.NewRequest(http.MethodGet, full, nil)
		if err != nil {
			t.Fatalf("%q: %v", override, err)
		}
		for _, text := range []string{u.String(), full} {
			again, err := url.Parse(text)
			if err != nil || again.String() != text || again.Host != u.Host || again.User != nil || again.RawQuery != "" || again.ForceQuery ||
				again.Fragment != "" {
				t.Errorf("%q: %s reads as %#v (%v)", override, text, again, err)
			}
		}
		if request.URL.Host != u.Host || request.Host != u.Host || request.URL.String() != full {
			t.Errorf("%q: the request goes to %s, %s, and was to go to %s", override, request.Host, request.URL, full)
		}
		// What is signed is what stands in the request's first line and its Host.
		if sent := request.URL.Scheme + "://" + request.Host + request.URL.RequestURI(); sent != full {
			t.Errorf("%q: %s is sent, %s is signed", override, sent, full)
		}
		if strings.HasSuffix(u.Path, "/") || !strings.HasSuffix(request.URL.Path, "/v1/images/"+imageID+"/members") {
			t.Errorf("%q: the URL is %s", override, full)
		}
		if strings.ContainsFunc(full, func(r rune) bool { return r > '~' || r <= ' ' }) {
			t.Errorf("%q: %q is not ASCII", override, full)
		}
		address, err := netip.ParseAddr(u.Hostname())
		loopback := u.Hostname() == "localhost" || err == nil && address.IsLoopback()
		if u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
			t.Errorf("%q: %s is accepted", override, u)
		}
	})
}
