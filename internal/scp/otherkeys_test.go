// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Each row is a key next to a list of two: one that contradicts it, and its opposite, which must not make every plan fail.
func TestOtherKeys(t *testing.T) {
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
		{`"state":"DEGRADED"`, `"state":"ACTIVE"`},
		{`"code":"NotFound"`, `"code":"ok"`},
		{`"statusCode":404`, `"statusCode":399`},
		{`"message":"Try again later."`, `"message":"Succeeded"`},
		{`"detail":["x"]`, `"detail":[]`},
		{`"Members":[{"member_id":"c"}]`, `"Members":[]`},
		{`"errors":"   "`, `"request_id":"req-1"`},
		{`"err":"x"`, `"interrupted":"x"`},
		{`"errno":5`, `"errno":0`},
		{`"problems":["x"]`, `"problems":[]`},
		{`"timed_out":true`, `"timed_out":false`},
		{`"success":"false"`, `"success":""`},
		{`"success":0`, `"success":1`},
		{`"isSuccess":false`, `"isSuccess":null`},
		{`"ok":"no"`, `"ok":"yes"`},
		{`"complete":false`, `"complete":true`},
		{`"resultCode":"E500"`, `"resultCode":"OK"`},
		{`"members_count":3`, `"members_count":2`},
		{`"memberCount":3`, `"retry_count":3`},
		{`"members_total":3`, `"members_total":2`},
		{`"memberTotal":3`, `"retry_total":3`},
		{`"meta":{"total":3}`, `"meta":{"total":2}`},
		{`"pagination":{"total_items":3}`, `"quota":{"total_items":3}`},
		{`"page":{"totalElements":3}`, `"page":{"number":3}`},
		{`"data":{"members":[{"member_id":"c"}]}`, `"data":{"members":[]}`},
		{`"items":[{"member_id":"c"}]`, `"items":[{"id":"c"}]`},
		{`"link":{"a":{"b":{"next":"x"}}}`, `"link":{"a":{"b":{"c":{"d":"x"}}}}`},
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
			renamed := strings.NewReplacer("Members", name, `"members`, `"`+list.name, `"memberCount`, `"`+strings.TrimSuffix(list.name, "s")+"Count", `"memberTotal`, `"`+strings.TrimSuffix(list.name, "s")+"Total")
			against, opposite = renamed.Replace(against), renamed.Replace(opposite)
			err := list.decode([]byte("{" + against + "," + items + "}"))
			key, _, _ := strings.Cut(against, ":")
			if err == nil || !strings.Contains(err.Error(), "its key "+key) {
				t.Errorf("%s next to %s: the error is %v, want one that names the key", against, list.name, err)
			}
			if err := list.decode([]byte("{" + items + "," + opposite + "}")); err != nil {
				t.Errorf("%s next to %s: the error is %v, want none", opposite, list.name, err)
			}
		}
	}
}

// While pages are asked for, more is nothing to speak of, and a total is held against the whole list.
func TestOtherKeysOfAPage(t *testing.T) {
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
		err := otherKeys{c.key: jsontext.Value(c.value)}.check("images", c.count, c.whole)
		if (err != nil) != c.refused {
			t.Errorf("%s %s next to %d of %d: the error is %v", c.key, c.value, c.count, c.whole, err)
		}
	}
}

// However many keys there are, and however long their names and values, they cost no more than reading them.
func TestOtherKeysCostLittle(t *testing.T) {
	many := func(open, shut string) string {
		var body strings.Builder
		body.WriteString(`{"members":[],"x":` + open)
		for i := 0; body.Len() < maxBodySize/16; i++ {
			fmt.Fprintf(&body, `"%d":1,`, i)
		}
		return body.String() + `"z":1` + shut + "}"
	}
	for name, c := range map[string]struct {
		body    string
		refused bool
	}{
		"many keys within":        {many("{", "}"), false},
		"many other keys":         {strings.Replace(many("", ""), `"x":"0":1,`, "", 1), true},
		"a hundred thousand deep": {`{"members":[],"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}", false},
	} {
		start := time.Now()
		_, _, err := decodeImageMembers([]byte(c.body), imageID)
		if (err != nil) != c.refused {
			t.Errorf("%s: the error is %v", name, err)
		}
		if took := time.Since(start); took > 10*time.Second { // under the race detector; sixteen times as much took 42 s without it
			t.Errorf("%s: it took %s", name, took)
		} else {
			t.Logf("%s: %s", name, took)
		}
	}
}
