// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
	"net/http"
)

const listImageMembers = "virtualserver:ListImageMembers"

// imageMembers plays GET /v1/images/{image_id}/members.
func imageMembers(x exchange) answer {
	id := x.PathValue("image_id")
	image := x.fixtures.image(id)
	if image == nil || !image.isVisibleTo(x.account) {
		return serviceError(http.StatusNotFound, "NotFound", fmt.Sprintf("Image %s could not be found.", id))
	}
	if image.Visibility != shared {
		return forbidden("Only shared images have members.", listImageMembers)
	}
	members := []Member{}
	for _, member := range image.Members {
		if image.Owner != x.account && member.MemberID != x.account {
			continue // a member sees only itself
		}
		member.ImageID = id
		members = append(members, member)
	}
	switch {
	case x.kind == noMembers:
		members = []Member{}
	case x.kind == memberTwice && len(members) > 0:
		again := members[0]
		again.Status = map[bool]string{true: "pending", false: "accepted"}[again.Status == "accepted"]
		members = append(members, again)
	}
	return answer{http.StatusOK, map[string]any{"members": members}}
}
