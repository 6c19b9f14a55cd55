// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
	"net/http"
)

const listImageMembers = "virtualserver:ListImageMembers"

// imageMembers replies to GET /v1/images/{image_id}/members.
func imageMembers(c call) *reply {
	id := c.PathValue("image_id")
	image := c.fixtures.image(id)
	if image == nil || !image.isVisibleTo(c.account) {
		return serviceError(http.StatusNotFound, "NotFound", fmt.Sprintf("Image %s could not be found.", id))
	}
	if image.Visibility != shared {
		return forbidden("Only shared images have members.", listImageMembers)
	}
	members := []Member{}
	for _, member := range image.Members {
		if image.Owner != c.account && member.MemberID != c.account {
			continue // a member sees only itself
		}
		member.ImageID = id
		members = append(members, member)
	}
	switch {
	case c.kind == noMembers:
		members = []Member{}
	case c.kind == memberTwice && len(members) > 0:
		again := members[0]
		members[0].Status, again.Status = accepted, pending
		members = append(members, again)
	}
	return &reply{http.StatusOK, map[string]any{"members": members}}
}
