// SPDX-License-Identifier: MPL-2.0

package emulator

import "slices"

const (
	pendingImagesPath = "/v1/pending-images"
	listPendingImages = "virtualserver:ListPendingImages"
)

// pendingImages replies to GET /v1/pending-images, which has no pages.
func pendingImages(c call) *reply {
	list := c.imagesThat(func(i Image) bool { return i.isPendingFor(c.account) })
	order, _ := sorting("created_at:desc")
	slices.SortFunc(list, order)
	list, _ = c.filter(list, "scp_image_type", "scp_original_image_type") // any value is good for these two
	return c.imageList(list)
}
