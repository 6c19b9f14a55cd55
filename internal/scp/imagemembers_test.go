// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestImageMembersAccepted(t *testing.T) {
	const of = "image_id=" + imageID + " member_id="
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"documented", documented,
			[]string{"created_at=2025-07-22T09:00:00Z " + of + "a8f10467abfc4b87b64614ab36eb9ae4 status=pending updated_at=2025-07-26T12:00:00Z"}},
		{"none", `{"members":[]}`, []string{}},
		{"white space", " \r\n{ \"members\" :\t[ ] }\n", []string{}},
		{"sorted", `{"members":[{"member_id":"b"},{"member_id":"a"}]}`, []string{of + "a", of + "b"}},
		{"the same twice", `{"members":[{"member_id":"b","status":"x"},{"member_id":"a"},{"status":"x","member_id":"b"}]}`,
			[]string{of + "a", of + "b status=x"}},
		{"null fields", `{"members":[{"created_at":null,"image_id":null,"member_id":"m","status":null,"updated_at":null}]}`, []string{of + "m"}},
		{"empty fields", `{"members":[{"created_at":"","member_id":"m","status":"","updated_at":""}]}`,
			[]string{"created_at= " + of + "m status= updated_at="}},
		{"unknown fields", `{"a":1,"members":[{"b":{"member_id":"no"},"member_id":"m","c":[null]}],"next":null}`, []string{of + "m"}},
		{"unknown status", `{"members":[{"member_id":"m","status":"승인 대기중"}]}`, []string{of + "m status=승인 대기중"}},
		{"odd times", `{"members":[{"member_id":"m","created_at":"yesterday","updated_at":"2025-07-26T12:00:00"}]}`,
			[]string{"created_at=yesterday " + of + "m updated_at=2025-07-26T12:00:00"}},
		{"same id in upper case", `{"members":[{"member_id":"m","image_id":"` + strings.ToUpper(imageID) + `"}]}`, []string{of + "m"}},
		{"same id without hyphens", `{"members":[{"member_id":"m","image_id":"70a599e031e749b7b260868f441e862b"}]}`, []string{of + "m"}},
		{"half a surrogate pair in a text", `{"members":[{"member_id":"m","status":"\ud83d"}]}`, []string{of + "m status=\ufffd"}},
		{"an unknown name in another case", `{"Members":null,"members":[]}`, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			members, err := read(t, fakeClient(answering(200, c.body)))
			if err != nil {
				t.Fatal(err)
			}
			if len(members) != len(c.want) {
				t.Fatalf("there are %d members, want %d", len(members), len(c.want))
			}
			for i, member := range members {
				if got := spell(member); got != c.want[i] {
					t.Errorf("member %d is %s, want %s", i, got, c.want[i])
				}
			}
		})
	}
}

// None of these may be taken for "shared with no one".
func TestImageMembersRejected(t *testing.T) {
	const noMembers = `it has no "members" array`
	for _, c := range []struct{ name, body, want string }{
		{"no members", `{}`, noMembers}, {"members deeper", `{"data":{"members":[]}}`, noMembers},
		{"null", `null`, noMembers},
		{"null members", `{"members":null}`, noMembers},
		{"members in another case", `{"Members":[]}`, noMembers},
		{"members in another case, with one", `{"Members":[{"member_id":"m"}],"members":[]}`, `another spelling of "members"`},
		{"twice, and not the same", `{"members":[{"member_id":"m","status":"x"},{"member_id":"m"}]}`, `member "m" is listed twice`},
		{"twice, once without status", `{"members":[{"member_id":"m"},{"member_id":"m","status":"x"}]}`, `member "m" is listed twice`},
		{"error with 200", `{"errors":[{"code":"NotFound"}]}`, `it has the key "errors", which reports a problem: [{"code":"NotFound"}]`},
		{"members twice", `{"members":[{"member_id":"m"}],"members":[]}`, `duplicate object member name "members"`},
		{"field twice", `{"members":[{"member_id":"m","member_id":"n"}]}`, `duplicate object member name "member_id" within "/members/0"`},
		{"members a string", `{"members":"[]"}`, `the value at "/members" has the wrong type`},
		{"array", `[]`, `the value at "/" has the wrong type`},
		{"null as a member", `{"members":[null]}`, "member 1 of 1 has no member_id"},
		{"string as a member", `{"members":["m"]}`, `the value at "/members/0" has the wrong type`},
		{"no member_id", `{"members":[{"member_id":"m"},{"status":"accepted"}]}`, "member 2 of 2 has no member_id"},
		{"empty member_id", `{"members":[{"member_id":""}]}`, "member 1 of 1 has no member_id"},
		{"member_id in another case", `{"members":[{"Member_ID":"m"}]}`, "member 1 of 1 has no member_id"},
		{"status a number", `{"members":[{"member_id":"m","status":1}]}`, `the value at "/members/0/status" has the wrong type`},
		{"other image", `{"members":[{"member_id":"m","image_id":"` + imageID + `0"}]}`,
			`member 1 of 1 belongs to another image, "` + imageID + `0"`},
		{"another image's list", `{"image_id":"another","members":[]}`, `it has the key "image_id", which is not the image`},
		{"invalid UTF-8", "{\"members\":[{\"member_id\":\"m\xff\"}]}", `not valid UTF-8`},
		{"half a surrogate pair as an account", `{"members":[{"member_id":"\ud800"}]}`, `member 1 of 1 has the member_id`},
		{"trailing data", `{"members":[]}{}`, `not valid JSON: invalid character '{' after top-level value`},
		{"trailing comma", `{"members":[],}`, `not valid JSON: invalid character ','`},
		{"HTML", `<!DOCTYPE html><html></html>`, `it is an HTML page`},
		{"byte order mark", "\ufeff" + `{"members":[]}`, `not valid JSON: invalid character`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := script(answering(200, c.body))
			_, err := read(t, retryingClient(s, 2))
			if err == nil || err.Kind != KindUnusable || err.StatusCode != 200 || err.Attempts != 1 || len(s.sent) != 1 {
				t.Fatalf("the error is %+v after %d requests, want kind %q after one", err, len(s.sent), KindUnusable)
			}
			if !strings.HasPrefix(err.Reason, "unusable body: ") || !strings.Contains(err.Reason, c.want) || strings.Contains(err.Reason, "json:") {
				t.Errorf("the reason is %q, want %q in it", err.Reason, c.want)
			}
		})
	}
}

// A text that ends too early was cut off on its way only where nothing said where its end is. Otherwise the server wrote it so.
func TestImageMembersCutOff(t *testing.T) {
	for _, framed := range []struct {
		length   int64
		chunks   []string
		major    int
		unzipped bool // gzip says where its end is
	}{{-1, nil, 1, false}, {1000, nil, 1, false}, {-1, []string{"chunked"}, 1, false}, {-1, nil, 2, false}, {-1, nil, 1, true}} {
		hasEnd := framed.length >= 0 || framed.chunks != nil || framed.major == 2 || framed.unzipped
		for end := 1; end < len(documented); end++ {
			_, err := read(t, fakeClient(roundTripper(func(*http.Request) (*http.Response, error) {
				response := respond(200, documented[:end])
				response.ContentLength, response.TransferEncoding = framed.length, framed.chunks
				response.ProtoMajor, response.Uncompressed = framed.major, framed.unzipped
				return response, nil
			})))
			kind, reason := KindConnection, "the connection ended before the response was complete"
			if hasEnd {
				kind, reason = KindUnusable, "unexpected EOF"
			}
			if err == nil || err.Kind != kind || err.StatusCode != 200 || !strings.Contains(err.Reason, reason) {
				t.Errorf("%q: the error is %+v, want kind %q", documented[:end], err, kind)
			}
		}
	}
}

// One account with two statuses is an error of its own: people can mend it.
func TestDuplicateMember(t *testing.T) {
	_, err := read(t, fakeClient(answering(200, `{"members":[{"member_id":"m","status":"accepted"},{"member_id":"m","status":"pending"}]}`)))
	if err == nil || err.Kind != KindMemberTwice || !strings.Contains(err.Reason, `"m" is listed twice: accepted and pending`) {
		t.Errorf("the error is %v", err)
	}
}

var blanks = strings.Repeat(" ", 1<<16)

// spaces is a long text of which only what is read is made.
type spaces struct{ left int64 }

func (s *spaces) Read(p []byte) (int, error) {
	n := int(min(int64(len(p)), s.left))
	if n == 0 {
		return 0, io.EOF
	}
	// In blocks: byte by byte it takes seconds under the race detector.
	for rest := p[:n]; len(rest) > 0; {
		rest = rest[copy(rest, blanks):]
	}
	s.left -= int64(n)
	return n, nil
}

func TestBodyBound(t *testing.T) {
	t.Parallel()
	const bound = 16 << 20
	// A body of gigabytes is not read to its end.
	for status, want := range map[int]int64{200: bound + 1, 500: 64 << 10} {
		response, body := respond(status, ""), &spaces{left: 4 * bound}
		response.Body = io.NopCloser(body)
		_, err := read(t, fakeClient(roundTripper(func(*http.Request) (*http.Response, error) { return response, nil })))
		if got := 4*bound - body.left; err == nil || got != want {
			t.Fatalf("%d: %d bytes are read, want %d; the error is %v", status, got, want, err)
		}
	}
	padded := func(size int) string {
		const end = `{"members":[]}`
		return strings.Repeat(" ", size-len(end)) + end
	}
	members, err := read(t, fakeClient(answering(200, padded(bound))))
	if err != nil || len(members) != 0 {
		t.Errorf("16 MiB: got %v, %v", members, err)
	}
	_, err = read(t, fakeClient(answering(200, padded(bound+1))))
	if err == nil || err.Kind != KindUnusable || err.Reason != "unusable body: it is larger than 16 MiB" {
		t.Errorf("a byte more than 16 MiB: the error is %+v", err)
	}
	// What comes after the bound must not make a good list of its beginning.
	_, err = read(t, fakeClient(answering(200, `{"members":[]}`+strings.Repeat(" ", bound)+"garbage")))
	if err == nil || err.Kind != KindUnusable {
		t.Errorf("a list with much behind it: the error is %+v", err)
	}
}

func TestGzip(t *testing.T) {
	for name, c := range map[string]struct {
		before int64 // spaces before the list
		plain  bool
		want   string
	}{
		"compressed":    {},
		"a bomb":        {before: maxBodySize, want: "unusable body: it is larger than 16 MiB"},
		"what is plain": {plain: true, want: "gzip: invalid header"},
	} {
		synctest.Test(t, func(t *testing.T) {
			server, listener := serverInMemory(t, false, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				w.Header().Set("Content-Type", "application/json")
				if c.plain {
					_, _ = io.WriteString(w, documented)
					return
				}
				compressed, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
				_, _ = io.Copy(compressed, &spaces{left: c.before})
				_, _ = io.WriteString(compressed, documented)
				_ = compressed.Close()
			})
			members, err := read(t, clientInMemory(t, server.URL, listener))
			if c.want == "" && (err != nil || len(members) != 1) || c.want != "" && (err == nil || !strings.Contains(err.Reason, c.want)) {
				t.Errorf("%s: got %v, %v", name, members, err)
			}
		})
	}
}
