// SPDX-License-Identifier: MPL-2.0

package scp

import "context"

// PendingImages returns the images that other accounts offer to the caller and that it has not answered yet, each once, in the order of
// the API. SCP has no pages here: the one response is the whole list. region is empty if the client's endpoint takes
// none. The slice is empty, with a nil error, only if SCP's list was. An error is an [*Error].
func (c *Client) PendingImages(ctx context.Context, region string, filters ImageFilters) ([]Image, error) {
	query, failure := c.query(filters)
	if failure != nil {
		return nil, failure
	}
	pages := c.newImagePages(filters)
	whole := list[Image]{name: "images", whole: wholeList, check: pages.add}
	if _, failure := readList(withLog(ctx), c, region, operation{path: []string{"v1", "pending-images"}, query: query}, whole); failure != nil {
		return nil, failure
	}
	return pages.images, nil
}
