// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

func TestPendingImages(t *testing.T) {
	const items = `"images":[{"id":"b","visibility":"shared"},{"id":"a","visibility":"Shared"}]`
	for _, c := range []struct {
		name, body string
		kind       Kind
		want       string // the ids, or a part of the reason
	}{
		{"none", `{"images":[]}`, "", ""},
		{"two", "{" + items + `,"count":2,"total":2}`, "", "a b"},
		{"a next page", "{" + items + `,"next":"x"}`, KindUnusable, `it has the key "next", which says that the list continues`},
		{"another total", "{" + items + `,"total":3}`, KindUnusable, "contradicts the list of length 2"},
		{"no id", `{"images":[{"visibility":"shared"}]}`, KindUnusable, "image 1 of 1 has no id"},
		{"one twice", strings.ReplaceAll("{"+items+"}", `"b"`, `"a"`), KindListChanged, `image "a" is in the list twice`},
		{"a public image", `{"images":[{"id":"a","visibility":"public"}]}`, KindFilterIgnored, `"a", has another visibility than shared`},
		{"no visibility", `{"images":[{"id":"a"}]}`, KindFilterIgnored, `"a", has another visibility than shared`},
	} {
		s := script(answering(200, c.body))
		images, err := fakeClient(s).PendingImages(t.Context(), "", ImageFilters{"scp_image_type": "custom"})
		if want := override + "/v1/pending-images?scp_image_type=custom"; len(s.sent) != 1 || s.sent[0].URL.String() != want {
			t.Errorf("%s: the first of %d requests is for %s, want one for %s", c.name, len(s.sent), s.sent[0].URL, want)
		}
		images, e := checked(t, images, err)
		if c.kind == "" && (e != nil || ids(images) != c.want) ||
			c.kind != "" && (e == nil || e.Kind != c.kind || !strings.Contains(e.Reason, c.want)) {
			t.Errorf("%s: got %v, %v, want kind %q with %q", c.name, images, err, c.kind, c.want)
		}
	}
}
