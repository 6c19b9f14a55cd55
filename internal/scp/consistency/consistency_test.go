// SPDX-License-Identifier: MPL-2.0

package consistency

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Each row is a key of a response. Beside no items, beside two, and on a page that others follow it is believed (""), ignored, or
// contradicts the list: a part of the error.
func TestKeys(t *testing.T) {
	const (
		unknown   = "does not know what it means"
		problem   = "reports a problem"
		failure   = "reports a failure"
		continues = "says that the list continues"
		inErrors  = "uses only in errors"

		image, otherImage = "70a599e0-31e7-49b7-b260-868f441e862b", "not the image that was asked for"
	)
	for _, c := range []struct{ key, none, two, page string }{
		// A value says nothing.
		{`"next":null`, "", "", ""}, {`"error":""`, "", "", ""}, {`"errors":[]`, "", "", ""}, {`"fault":{}`, "", "", ""},
		{`"total":0`, "", "", ""},
		{`"zone":null`, "", "", ""}, {`"status":null`, "", "", ""}, {`"Members":null`, "", "", ""},
		// Harmless.
		{`"schema":"/v2/schemas/members"`, "", "", ""}, {`"first":"/v2/images"`, "", "", ""}, {`"self":"x"`, "", "", ""},
		{`"request_id":"r"`, "", "", ""}, {`"requestId":"r"`, "", "", ""}, {`"global_request_id":"r"`, "", "", ""},
		{`"image_id":"70A599E031E749B7B260868F441E862B"`, "", "", ""}, {`"image-name":"n"`, "", "", ""},
		{`"success":true`, "", "", ""}, {`"code":200`, "", "", ""}, {`"status":"ok"`, "", "", ""}, {`"status":"200 OK"`, "", "", ""},
		{`"message":"Succeeded"`, "", "", ""}, {`"result":"Success"`, "", "", ""}, {`"status":"successful"`, "", "", ""},
		// False.
		{`"error":false`, "", "", ""}, {`"has_more":false`, "", "", ""}, {`"truncated":false`, "", "", ""},
		{`"done":false`, unknown, "ignored", "ignored"}, {`"isLast":false`, unknown, "ignored", "ignored"},
		{`"complete":false`, unknown, "ignored", "ignored"},
		// Any other.
		{`"LastEvaluatedKey":{"id":"x"}`, unknown, "ignored", "ignored"}, {`"num_members":3`, unknown, "ignored", "ignored"},
		{`"remaining":3`, unknown, "ignored", "ignored"}, {`"stale":true`, unknown, "ignored", "ignored"},
		{`"state":"DEGRADED"`, unknown, "ignored", "ignored"},
		{`"default":"x"`, unknown, "ignored", "ignored"}, {`"data":{"members":[{"member_id":"c"}]}`, unknown, "ignored", "ignored"},
		{`"meta":{"warnings":["late"]}`, unknown, "ignored", "ignored"}, {`"links":[{"rel":"prev"}]`, unknown, "ignored", "ignored"},
		{`"links":[{"rel":"self","href":"x"}]`, unknown, "ignored", "ignored"},
		{`"links":{"self":"x","next": null}`, unknown, "ignored", "ignored"},
		{`"note":"next"`, unknown, "ignored", "ignored"}, {`"success":"maybe"`, unknown, "ignored", "ignored"},
		{`"big":1e999`, unknown, "ignored", "ignored"}, {`"half":"\ud83d"`, unknown, "ignored", "ignored"},
		{`"links":"x"`, unknown, "ignored", "ignored"}, {`"items":[1]`, unknown, "ignored", "ignored"},
		{`"retry_count":3`, unknown, "ignored", "ignored"},
		// Problem words.
		{`"error":"database is down"`, problem, problem, problem}, {`"Errors":[{"code":"X"}]`, problem, problem, problem},
		{`"is_error":true`, problem, problem, problem},
		{`"errorCode":17`, problem, problem, problem}, {`"faultString":"x"`, problem, problem, problem},
		{`"hasFailures":true`, problem, problem, problem},
		{`"exception":"java.lang"`, problem, problem, problem}, {`"warnings":["late"]`, problem, problem, problem},
		{`"Partial-Result":"yes"`, problem, problem, problem},
		{`"incomplete":true`, problem, problem, problem}, {`"is_truncated":true`, problem, problem, problem},
		{`"degraded":1`, problem, problem, problem}, {`"default_fault":"x"`, problem, problem, problem},
		// Continuation words.
		{`"next":"/v1/images?marker=a"`, continues, continues, ""}, {`"has_more":true`, continues, continues, ""},
		{`"nextMarker":"a"`, continues, continues, ""},
		{`"cursor":"a"`, continues, continues, ""}, {`"ContinuationToken":"a"`, continues, continues, ""},
		{`"marker":"a"`, continues, continues, ""},
		{`"members_links":[{"rel":"next","href":"x"}]`, continues, continues, ""},
		{`"links":[{"rel":"self"},{"rel":"NEXT"}]`, continues, continues, ""}, {`"links":[{"rel":["self","next"]}]`, continues, continues, ""},
		{`"links":[{"rel":"self next page"}]`, continues, continues, ""}, {`"links":{"nextPage":"x"}`, continues, continues, ""},
		{`"links":[{"rel":"self"},"/v1/next"]`, continues, continues, ""},
		{`"_links":{"next":{"href":"x"}}`, continues, continues, ""},
		// Counts.
		{`"count":5`, "list of length 0", "list of length 2", "list of length 2"}, {`"count":2`, "list of length 0", "", ""},
		{`"count":"2"`, "list of length 0", "", ""},
		{`"count":[1]`, "list of length 0", "list of length 2", "list of length 2"},
		{`"members_count":3`, "list of length 0", "list of length 2", "list of length 2"},
		{`"memberCount":2`, "list of length 0", "", ""}, {`"members_total_count":3`, "list of length 0", "list of length 2", ""},
		{`"total_count":3`, "list of length 0", "list of length 2", ""},
		{`"totalElements":2`, "list of length 0", "", ""},
		{`"members_total":3`, "list of length 0", "list of length 2", ""}, {`"total":"all"`, "list of length 0", "list of length 2", ""},
		// What SCP's errors use.
		{`"success":false`, failure, failure, failure}, {`"success":0`, failure, failure, failure}, {`"Success":"no"`, failure, failure, failure},
		{`"code":206`, inErrors, inErrors, inErrors}, {`"status":"207 OK"`, inErrors, inErrors, inErrors},
		{`"status":500`, inErrors, inErrors, inErrors}, {`"code":"NotFound"`, inErrors, inErrors, inErrors},
		{`"result":"FAILURE"`, inErrors, inErrors, inErrors},
		{`"message":"hello"`, inErrors, inErrors, inErrors}, {`"detail":["x"]`, inErrors, inErrors, inErrors},
		{`"status":304`, inErrors, inErrors, inErrors},
		{`"Members":[{"member_id":"c"}]`, "another spelling", "another spelling", "another spelling"},
		{`"image_id":"another"`, otherImage, otherImage, otherImage}, {`"imageId":7`, otherImage, otherImage, otherImage},
	} {
		var keys map[string]jsontext.Value
		if err := json.Unmarshal([]byte("{"+c.key+"}"), &keys, jsontext.AllowInvalidUTF8(true)); err != nil {
			t.Fatal(err)
		}
		for _, list := range []struct {
			what          string
			count, length int
			want          string
		}{{"no items", 0, 0, c.none}, {"two", 2, 2, c.two}, {"two of a page", 2, Unknown, c.page}} {
			ignored, err := Check(Response{List: "members", ImageID: image, Count: list.count, Length: list.length, Keys: keys})
			switch want := list.want; {
			case want == "" || want == "ignored":
				if err != nil || (len(ignored) == 1) != (want == "ignored") {
					t.Errorf("%s beside %s: %v, %v are ignored", c.key, list.what, err, ignored)
				}
			case err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), strings.Split(c.key, `"`)[1]):
				t.Errorf("%s beside %s: the error is %v, want %q", c.key, list.what, err, want)
			}
		}
	}
}

// A value is shown as it was sent: an escaping of JSON's would hide a secret from those who look for it.
func TestValuesAreShownPlainly(t *testing.T) {
	_, err := Check(Response{List: "members", Keys: map[string]jsontext.Value{"error": jsontext.Value(`"a\u0026b<c\u003e=d\ud83d"`)}})
	if err == nil || !strings.Contains(err.Error(), "a&b<c>=d") {
		t.Errorf("the error is %v", err)
	}
}

// The empty page behind images is judged as a list with items, and a total is held against the whole list.
func TestKeysOfTheLastPage(t *testing.T) {
	for key, want := range map[string]string{
		"zone": "", "next": "continues", "total": "list of length 7", "error": "problem", "image_id": "",
	} {
		_, err := Check(Response{List: "images", Length: 7, Keys: map[string]jsontext.Value{key: jsontext.Value(`"x"`)}})
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v", key, err)
		}
	}
	for _, count := range []string{"0", "7"} {
		keys := map[string]jsontext.Value{"total": jsontext.Value("7.0"), "count": jsontext.Value(count)}
		if _, err := Check(Response{List: "images", Length: 7, Keys: keys}); err != nil {
			t.Errorf("a count of %s: %v", count, err)
		}
	}
}

func TestSameImage(t *testing.T) {
	const imageID = "70a599e0-31e7-49b7-b260-868f441e862b"
	plain := strings.ReplaceAll(imageID, "-", "")
	word := strings.Repeat("z", 32)
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{imageID, imageID, true}, {imageID, plain, true}, {imageID, strings.ToUpper(plain), true}, {imageID, plain[1:], false},
		{imageID, strings.ReplaceAll(imageID, "-", "_"), false},
		{word, word, true}, {word, strings.ToUpper(word), false}, {"a", "A", false}, {plain[1:], strings.ToUpper(plain[1:]), false},
	} {
		if IsSameImage(c.a, c.b) != c.want {
			t.Errorf("%s and %s are one image: want %t", c.a, c.b, c.want)
		}
	}
}
