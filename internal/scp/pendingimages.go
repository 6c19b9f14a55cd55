// SPDX-License-Identifier: MPL-2.0

package scp

import "context"

// PendingImages lists the images that other accounts offer to the caller and that it has not answered yet, each once, in no
// particular order. SCP has no pages here: the one answer is the whole list. region is empty if the client's endpoint takes
// none. The slice is empty, with a nil error, only if SCP's list was. An error that came of a request is an [*Error].
func (c *Client) PendingImages(ctx context.Context, region string, filters ImageFilters) ([]Image, error) {
	query, err := filters.query()
	if err != nil {
		return nil, err
	}
	ctx = withLog(ctx)
	answer, err := c.read(ctx, region, operation{path: []string{"v1", "pending-images"}, query: query})
	if err != nil {
		return nil, err
	}
	list := newImageList(filters)
	err = list.addWhole(answer.body)
	if err == nil {
		err = checkListHeaders(answer.header, "images", len(list.images))
	}
	if err != nil {
		return nil, c.unusable(ctx, answer, err)
	}
	c.logUnknown(ctx, answer, list.otherKeys)
	return list.images, nil
}

// addWhole adds a page that is the whole list, so that nothing in it may say that there is more.
func (l *imageList) addWhole(body []byte) error {
	if _, err := l.add(body); err != nil {
		return err
	}
	return l.otherKeys.check("images", len(l.images), len(l.images))
}
