// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// ImageMember is an account that an image is shared with, as the API sent it. A nil field was null or absent; ImageID and
// MemberID are always there. Times are kept as text, since their form is not guaranteed.
// Source: "List image members" on docs.e.samsungsdscloud.com, the same in versions 1.0 to 1.3.
type ImageMember struct {
	CreatedAt *string `json:"created_at"`
	ImageID   *string `json:"image_id"` // in the spelling in which the image was asked for
	MemberID  string  `json:"member_id"`
	Status    *string `json:"status"` // pending, accepted or rejected
	UpdatedAt *string `json:"updated_at"`
}

// ImageMembers returns the accounts that the image is shared with, each once, sorted by their IDs. The slice is empty, with a nil error,
// only if SCP responded that the image has no members.
func (c *Client) ImageMembers(ctx context.Context, region, imageID string) ([]ImageMember, error) {
	if failure := c.checkInput("the image ID", imageID, CheckImageID(imageID)); failure != nil {
		return nil, failure
	}
	o := operation{path: []string{"v1", "images", imageID, "members"}, ofImage: true}
	members, failure := readList(WithLog(ctx), c, region, o, membersOf(imageID))
	if failure != nil {
		return nil, failure
	}
	return slices.CompactFunc(members, func(a, b ImageMember) bool { return a.MemberID == b.MemberID }), nil // they are the same
}

// membersOf returns how the members of an image are believed. It sorts them.
func membersOf(imageID string) list[ImageMember] {
	return list[ImageMember]{name: "members", imageID: imageID, check: func(members []ImageMember) *Error {
		for i := range members {
			switch member := &members[i]; {
			case member.MemberID == "":
				return unusableList("member %d of %d has no member_id", i+1, len(members))
			case strings.ContainsRune(member.MemberID, unicode.ReplacementChar): // two of them could be two accounts
				return unusableList("member %d of %d has the member_id %q, which is not valid text", i+1, len(members), member.MemberID)
			case member.ImageID != nil && !consistency.IsSameImage(*member.ImageID, imageID):
				return unusableList("member %d of %d belongs to another image, %q", i+1, len(members), *member.ImageID)
			default:
				member.ImageID = &imageID
			}
		}
		slices.SortFunc(members, func(a, b ImageMember) int { return cmp.Compare(a.MemberID, b.MemberID) })
		for i := 1; i < len(members); i++ {
			a, b := members[i-1], members[i]
			switch {
			case a.MemberID != b.MemberID || reflect.DeepEqual(a, b): // word for word
			case a.Status != nil && b.Status != nil && *a.Status != *b.Status:
				return &Error{Kind: KindMemberTwice, Reason: fmt.Sprintf("member %q is listed twice: %s and %s", a.MemberID, *a.Status, *b.Status)}
			default:
				return unusableList("member %q is listed twice, and differs", a.MemberID)
			}
		}
		return nil
	}}
}
