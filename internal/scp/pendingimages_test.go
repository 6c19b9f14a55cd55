// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

func TestPendingImages(t *testing.T) {
	const items = `"images":[{"id":"b","visibility":"shared"},{"id":"a","visibility":"shared"}]`
	for name, c := range map[string]struct {
		status int
		body   string
		kind   Kind
		want   string // the ids, or a part of the reason
	}{
		"none":          {200, `{"images":[]}`, "", ""},
		"two":           {200, "{" + items + `,"count":2,"total":2}`, "", "a b"},
		"a next page":   {200, "{" + items + `,"next":"x"}`, KindUnusable, `it has the key "next", which says that the list continues`},
		"another total": {200, "{" + items + `,"total":3}`, KindUnusable, "contradicts the list of length 2"},
		"an error too":  {200, "{" + items + `,"error":"x"}`, KindUnusable, "reports a problem"},
		"no id":         {200, `{"images":[{"id":"a","visibility":"shared"},{"visibility":"shared"}]}`, KindUnusable, "image 2 of 2 has no id"},
		"one twice": {
			200, `{"images":[{"id":"a","visibility":"shared"},{"id":"a","visibility":"shared"}]}`, KindListChanged, `image "a" is in the list twice`,
		},
		"a public image":      {200, `{"images":[{"id":"a","visibility":"public"}]}`, KindFilterIgnored, `"a", has another visibility`},
		"no visibility":       {200, `{"images":[{"id":"a"}]}`, KindFilterIgnored, `"a", has another visibility`},
		"404 of the service":  {404, serviceBody(`"x"`, "null"), KindUnexpectedStatus, ""},
		"400, without marker": {400, serviceBody(`"x"`, "null"), KindMalformed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := script(answering(c.status, c.body))
			images, err := fakeClient(s).PendingImages(t.Context(), "", ImageFilters{"scp_image_type": "custom"})
			if want := override + "/v1/pending-images?scp_image_type=custom"; len(s.sent) != 1 || s.sent[0].URL.String() != want {
				t.Errorf("the first of %d requests is for %s, want one for %s", len(s.sent), s.sent[0].URL, want)
			}
			if c.kind == "" {
				if err != nil || images == nil || ids(images) != c.want {
					t.Errorf("got %v, %v, want %s", images, err, c.want)
				}
				return
			}
			e, ok := err.(*Error)
			if !ok || images != nil || e.Kind != c.kind || !strings.Contains(e.Reason, c.want) {
				t.Errorf("got %v, %v, want kind %q with %q", images, err, c.kind, c.want)
			}
		})
	}
	if _, err := fakeClient(script(page())).PendingImages(t.Context(), "", ImageFilters{"scp_image_type": ""}); err == nil {
		t.Error("an empty filter is sent")
	}
}
