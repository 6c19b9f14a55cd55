package scp

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// Each row is a key beside a list of two: one that speaks against it, and its opposite, which must not make every plan fail.
func TestBesides(t *testing.T) {
	for _, c := range []struct{ against, opposite string }{
		{`"error":"database is down"`, `"error":""`},
		{`"Errors":[{"code":"X"}]`, `"errors":[ ]`},
		{`"errors":"x"`, `"errors":{ }`},
		{`"is_error":true`, `"is_error":false`},
		{`"errorCode":17`, `"errorCode":0`},
		{`"fault":{"a":1}`, `"default_fault":null`},
		{`"faultString":"x"`, `"default":"x"`},
		{`"failed":2`, `"failed":0.0`},
		{`"hasFailures":true`, `"hasFailures":null`},
		{`"exception":"java.lang"`, `"exceptional":null`},
		{`"warnings":["late"]`, `"warnings":[]`},
		{`"partial":true`, `"partial":false`},
		{`"Partial-Result":"yes"`, `"part":"yes"`},
		{`"incomplete":true`, `"complete":true`},
		{`"is_truncated":true`, `"truncated":-0`},
		{`"degraded":1`, `"grade":1`},
		{`"meta":{"warnings":["late"]}`, `"meta":{"warnings":[],"region":"e"}`},
		{`"next":"/v1/images?marker=a"`, `"next":null`},
		{`"has_more":true`, `"has_more":false`},
		{`"next_marker":"a"`, `"nextMarker":""`},
		{`"cursor":"a"`, `"curs":"a"`},
		{`"ContinuationToken":"a"`, `"continuationToken":null`},
		{`"members_links":[{"rel":"next","href":"x"}]`, `"members_links":[{"rel":"self","href":"x"}]`},
		{`"links":[{"rel":"self"},{"rel":"NEXT"}]`, `"links":[]`},
		{`"_links":{"next":{"href":"x"}}`, `"_links":{"self":{"href":"x"}}`},
		{`"paging":{"next":"x"}`, `"paging":{"next":null}`},
		{`"count":5`, `"count":2`},
		{`"count":"5"`, `"count":"2"`},
		{`"count":[1]`, `"account":5`},
		{`"total_count":3`, `"total_count":2`},
		{`"totalElements":1`, `"totalElements":0`},
		{`"success":false`, `"success":true`},
		{`"result":"FAILURE"`, `"result":"SUCCESS"`},
		{`"status":500`, `"status":200`},
		{`"status":"UNAUTHORIZED"`, `"status":"200 OK"`},
		{`"code":"NotFound"`, `"code":"ok"`},
		{`"statusCode":404`, `"statusCode":399`},
		{`"message":"Try again later."`, `"message":"Succeeded"`},
		{`"detail":["x"]`, `"detail":[]`},
		{`"Members":[{"member_id":"c"}]`, `"Members":[]`},
		{`"errors":"   "`, `"request_id":"req-1"`},
	} {
		for _, list := range []struct {
			name   string
			decode func(body []byte) error
		}{
			{"members", func(body []byte) error { _, _, err := decodeImageMembers(body, imageID); return err }},
			{"versions", func(body []byte) error { _, _, err := decodeServiceVersions(body); return err }},
			{"images", func(body []byte) error { list := newImageList(nil); return list.addWhole(body) }},
		} {
			items := map[string]string{
				"members":  `"members":[{"member_id":"a"},{"member_id":"b"}]`,
				"versions": `"versions":[{"id":"v1.2"},{"id":"v1.3"}]`,
				"images":   `"images":[{"id":"a"},{"id":"b"}]`,
			}[list.name]
			against, opposite := c.against, c.opposite
			name := strings.ToUpper(list.name[:1]) + list.name[1:]
			against, opposite = strings.Replace(against, "Members", name, 1), strings.Replace(opposite, "Members", name, 1)
			err := list.decode([]byte("{" + against + "," + items + "}"))
			key, _, _ := strings.Cut(against, ":")
			if err == nil || !strings.Contains(err.Error(), "its key "+key) {
				t.Errorf("%s beside %s: the error is %v, want one that names the key", against, list.name, err)
			}
			if err := list.decode([]byte("{" + items + "," + opposite + "}")); err != nil {
				t.Errorf("%s beside %s: the error is %v, want none", opposite, list.name, err)
			}
		}
	}
}

// While pages are asked for, more is nothing to speak of, and a total is held against the whole list.
func TestBesidesOfAPage(t *testing.T) {
	for _, c := range []struct {
		key, value   string
		count, whole int
		refused      bool
	}{
		{"next", `"x"`, 2, -1, false}, {"next", `"x"`, 0, 7, true},
		{"total", "7", 2, -1, false}, {"total", "7", 0, 7, false}, {"total", "8", 0, 7, true},
		{"count", "2", 2, -1, false}, {"count", "3", 2, -1, true}, {"count", "7", 0, 7, false},
		{"errors", `"x"`, 2, -1, true},
	} {
		err := besides{c.key: jsontext.Value(c.value)}.check("images", c.count, c.whole)
		if (err != nil) != c.refused {
			t.Errorf("%s %s beside %d of %d: the error is %v", c.key, c.value, c.count, c.whole, err)
		}
	}
}
