// SPDX-License-Identifier: MPL-2.0

package emulator

import "slices"

const (
	pendingImagesPath = "/v1/pending-images"
	listPendingImages = "virtualserver:ListPendingImages"
)

// pendingImages plays GET /v1/pending-images, which has no pages.
func pendingImages(x exchange) answer {
	list := x.imagesThat(func(i Image) bool { return i.isPendingFor(x.account) })
	order, _ := sorting("created_at:desc")
	slices.SortFunc(list, order)
	list, refusal := x.filter(list, "scp_image_type", "scp_original_image_type")
	if refusal != nil {
		return *refusal
	}
	return x.imageList(list)
}
