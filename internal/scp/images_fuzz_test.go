// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzDecodeImages holds a page of images to another decoder, of the standard library: what is accepted says the same there, no id
// is listed twice, and only a page without images ends the list.
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
		pages := &imagePages{client: fakeClient(nil), seen: map[string]bool{}}
		pages.images = append(pages.images, make([]Image, before)...)
		page, err := believe(pages.page(), body)
		added := pages.images[before:]
		if err != nil {
			if len(page) != 0 || len(added) != 0 {
				t.Errorf("there are %v and %v and the error %v", page, added, err)
			}
			return
		}
		var answer map[string]json.RawMessage
		var want []map[string]any
		if !utf8.Valid(body) || json.Unmarshal(body, &answer) != nil || json.Unmarshal(answer["images"], &want) != nil || want == nil {
			t.Fatalf("%q was read as a list", body)
		}
		if len(added) != len(want) || len(page) != len(want) {
			t.Fatalf("there are %d images, want %d", len(added), len(want))
		}
		for name, value := range answer {
			text := strings.Join(strings.Fields(string(value)), "")
			if strings.Contains(strings.ToLower(name), "next") && len(want) == 0 && strings.HasPrefix(text, `"x`) {
				t.Errorf("%s: %s was read over", name, value)
			}
		}
		seen := map[string]bool{}
		for i, image := range added {
			if seen[image.ID] || CheckImageID(image.ID) != nil || want[i]["id"] != image.ID {
				t.Errorf("image %d has the id %q, want %v", i, image.ID, want[i]["id"])
			}
			seen[image.ID] = true
			for name, got := range map[string]*string{
				"created_at": image.CreatedAt, "name": image.Name, "os_distro": image.OSDistro, "owner": image.Owner,
				"owner_account_name": image.OwnerAccountName,
				"scp_image_type":     image.SCPImageType, "scp_original_image_type": image.SCPOriginalImageType, "status": image.Status,
				"updated_at": image.UpdatedAt, "visibility": image.Visibility,
			} {
				if text, there := want[i][name].(string); there != (got != nil) || there && text != *got {
					t.Errorf("%s of image %d is %v, want %v", name, i, got, want[i][name])
				}
			}
			if protected, there := want[i]["protected"].(bool); there != (image.Protected != nil) || there && protected != *image.Protected {
				t.Errorf("protected of image %d is %v, want %v", i, image.Protected, want[i]["protected"])
			}
		}
	})
}
