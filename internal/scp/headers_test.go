// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"net/http"
	"strings"
	"testing"
)

// What is no JSON by its media type is none, whatever its text; a text that is JSON counts where nothing says otherwise.
func TestMediaType(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  string // the media type that is named; empty for a good answer
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{"application/json"}, ""},
		{[]string{"application/json; charset=utf-8"}, ""},
		{[]string{"Application/JSON"}, ""},
		{[]string{"application/problem+json"}, ""},
		{[]string{"application/json; charset"}, ""},
		{[]string{"application/json", "application/json"}, ""},
		{[]string{"application/json, application/json"}, ""},
		{[]string{"text/html"}, "text/html"},
		{[]string{"text/html; charset=utf-8"}, "text/html"},
		{[]string{"text/plain"}, "text/plain"},
		{[]string{"application/xml"}, "application/xml"},
		{[]string{"application/octet-stream"}, "application/octet-stream"},
		{[]string{"application/json", "text/html"}, "text/html"},
		{[]string{"text/html, application/json"}, "text/html"},
		{[]string{";;"}, ";;"},
	} {
		headers := []string{}
		for _, line := range c.lines {
			headers = append(headers, "Content-Type", line)
		}
		_, err := read(t, fakeClient(answering(200, documented, headers...)))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: the error is %v", c.lines, err)
		case c.want != "" && (err == nil || err.Class != ClassBody || !strings.Contains(err.Reason, "its media type is "+c.want+", not JSON")):
			t.Errorf("%q: the error is %+v", c.lines, err)
		}
	}
}

// A cache may say how old its answer is. A few seconds are a slow network.
func TestCaches(t *testing.T) {
	for _, c := range []struct {
		headers []string
		want    string // of the reason; empty for a good answer
	}{
		{nil, ""},
		{[]string{"Age", "0"}, ""},
		{[]string{"Age", "5"}, ""},
		{[]string{"Age", "6"}, "6 seconds old"},
		{[]string{"Age", "0", "Age", "3600"}, "3600 seconds old"},
		{[]string{"Age", "0, 3600"}, "3600 seconds old"},
		{[]string{"Age", "3600.0"}, "3600.0 seconds old"},
		{[]string{"Age", "99999999999999999999"}, "99999999999999999999 seconds old"},
		{[]string{"Age", "soon"}, ""},
		{[]string{"Age", "-1"}, ""},
		{[]string{"Warning", `110 cache "Response is stale"`}, "out of date"},
		{[]string{"Warning", `111 cache "Revalidation failed"`}, "out of date"},
		{[]string{"Warning", `199 - "Miscellaneous"`, "Warning", `110 cache "x"`}, "out of date"},
		{[]string{"Warning", `299 - "x", 110 - "stale"`}, "out of date"},
		{[]string{"Warning", `199 - "Miscellaneous"`}, ""},
		{[]string{"Warning", `199 - "see, 110 is stale"`}, ""},
	} {
		_, err := read(t, fakeClient(answering(200, documented, c.headers...)))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%v: the error is %v", c.headers, err)
		case c.want != "" && (err == nil || err.Class != ClassStale || err.StatusCode != 200 || !strings.Contains(err.Reason, c.want)):
			t.Errorf("%v: the error is %+v, want %q", c.headers, err, c.want)
		}
	}
}

// A header can say that a list goes on, or how long it is. Each row is a line that contradicts a list of two, and its opposite.
func TestListHeaders(t *testing.T) {
	for _, c := range []struct{ name, against, opposite string }{
		{"Link", `</v1/images?page=2>; rel="next"`, `</v1/images?page=1>; rel="prev"`},
		{"Link", `<x>; rel=self, <y>; title="a, b"; REL="last NEXT"`, `<next>; rel="nextone"`},
		{"Link", `<x>; rel="next", <y>; rel="last"`, `<x>; rel="prev", <y>; rel="last"`},
		{"X-Next-Page", "2", ""},
		{"X-Total-Count", "3", "2"},
		{"X-Total", "0", " 2"},
		{"Content-Range", "items 0-1/3", "items 0-1/2"},
		{"Content-Range", "items */3", "items 0-1/*"},
		{"Content-Range", "members 0-1/17", "bytes 0-1/17"},
	} {
		if err := checkListHeaders(http.Header{c.name: {c.against}}, "members", 2); err == nil || !strings.Contains(err.Error(), c.against[len(c.against)-1:]) {
			t.Errorf("%s: %s: the error is %v", c.name, c.against, err)
		}
		if err := checkListHeaders(http.Header{c.name: {c.opposite}}, "members", 2); err != nil {
			t.Errorf("%s: %s: the error is %v, want none", c.name, c.opposite, err)
		}
	}
	for name, list := range map[string]struct {
		good string
		read func(*Client) error
	}{
		"members":  {documented, func(c *Client) error { _, err := c.ImageMembers(t.Context(), "", imageID); return err }},
		"versions": {`{"versions":[{"id":"v1.3"}]}`, func(c *Client) error { _, err := c.ServiceVersions(t.Context(), ""); return err }},
		"images":   {`{"images":[]}`, func(c *Client) error { _, err := c.Images(t.Context(), "", nil); return err }},
		"pending":  {`{"images":[]}`, func(c *Client) error { _, err := c.PendingImages(t.Context(), "", nil); return err }},
	} {
		if err := list.read(fakeClient(answering(200, list.good, "X-Total-Count", "7"))); err == nil || !strings.Contains(err.Error(), "a total of 7 in its header contradicts the list") {
			t.Errorf("%s: the error is %v", name, err)
		}
		if err := list.read(fakeClient(answering(200, list.good))); err != nil {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
