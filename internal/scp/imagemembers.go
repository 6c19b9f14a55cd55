// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/go-json-experiment/json"
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

// ImageMembers lists the accounts that the image is shared with, each once, sorted by their ids. region is empty if
// the client's endpoint takes none. The slice is empty, with a nil error, only if SCP answered that the
// image has no members. An error that came of a request is an [*Error].
func (c *Client) ImageMembers(ctx context.Context, region, imageID string) ([]ImageMember, error) {
	if err := CheckImageID(imageID); err != nil {
		return nil, fmt.Errorf("the image id %q cannot be used: %w", imageID, err)
	}
	ctx = withLog(ctx)
	answer, err := c.read(ctx, region, operation{path: []string{"v1", "images", imageID, "members"}})
	if err != nil {
		return nil, err
	}
	members, unknown, err := decodeImageMembers(answer.body, imageID)
	if err == nil {
		err = checkListHeaders(answer.header, "members", len(members))
	}
	if err != nil {
		return nil, c.unusable(ctx, answer, err)
	}
	c.logUnknown(ctx, answer, unknown)
	return members, nil
}

// decodeImageMembers accepts nothing that could make a shared image look unshared: names are matched with
// their case, none may come twice, and the text must be valid UTF-8. It also returns the keys that it does not know.
func decodeImageMembers(body []byte, imageID string) ([]ImageMember, otherKeys, error) {
	var answer struct {
		Members   []ImageMember `json:"members"`
		OtherKeys otherKeys     `json:",embed"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, nil, err
	}
	members := answer.Members
	if err := answer.OtherKeys.check("members", len(members), len(members)); err != nil {
		return nil, nil, err
	}
	if members == nil {
		return nil, nil, errors.New(`it has no "members" array`)
	}
	for i := range members {
		switch member := &members[i]; {
		case member.MemberID == "":
			return nil, nil, fmt.Errorf("member %d of %d has no member_id", i+1, len(members))
		case member.ImageID != nil && *member.ImageID != imageID && CanonicalID(*member.ImageID) != CanonicalID(imageID):
			return nil, nil, fmt.Errorf("member %d of %d belongs to another image, %q", i+1, len(members), *member.ImageID)
		default:
			member.ImageID = &imageID
		}
	}
	slices.SortFunc(members, func(a, b ImageMember) int { return cmp.Compare(a.MemberID, b.MemberID) })
	distinct := slices.CompactFunc(members, func(a, b ImageMember) bool { return a.MemberID == b.MemberID && reflect.DeepEqual(a, b) })
	for i := 1; i < len(distinct); i++ {
		if id := distinct[i].MemberID; id == distinct[i-1].MemberID {
			return nil, nil, fmt.Errorf("member %q is listed twice, and differs", id)
		}
	}
	return distinct, answer.OtherKeys, nil
}
