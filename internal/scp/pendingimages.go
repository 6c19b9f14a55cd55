// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"fmt"
	"strings"
)

// PendingImages returns the images that other accounts offer to the caller and that it has not answered yet, each once, sorted by their
// IDs. SCP has no pages here: the one response is the whole list. The slice is empty, with a nil error, only if SCP's list was.
func (c *Client) PendingImages(ctx context.Context, region string, filters ImageFilters) ([]Image, error) {
	query, failure := c.query(filters)
	if failure != nil {
		return nil, failure
	}
	pages := &imagePages{client: c, images: []Image{}, seen: map[string]bool{}}
	offers := list[Image]{name: "images", check: func(images []Image) *flaw {
		for i, image := range images {
			if image.Visibility == nil || !strings.EqualFold(*image.Visibility, "shared") {
				return &flaw{KindFilterIgnored, fmt.Sprintf("image %d of %d, %q, is not shared, so it is no offer", i+1, len(images), image.ID)}
			}
		}
		return pages.add(images)
	}}
	pending := operation{path: []string{"v1", "pending-images"}, query: query}
	if _, failure := readList(WithLog(ctx), c, region, pending, offers); failure != nil {
		return nil, failure
	}
	return sortedByID(pages.images), nil
}
