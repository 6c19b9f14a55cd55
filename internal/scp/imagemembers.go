package scp

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ImageMember is an account that an image is shared with, as the API sent it. A nil field was null or absent;
// MemberID is always there. Times are kept as text, since their form is not guaranteed.
// Source: "List image members" on docs.e.samsungsdscloud.com, the same in versions 1.0 to 1.3.
type ImageMember struct {
	CreatedAt *string `json:"created_at"`
	ImageID   *string `json:"image_id"`
	MemberID  string  `json:"member_id"`
	Status    *string `json:"status"` // pending, accepted or rejected
	UpdatedAt *string `json:"updated_at"`
}

// ImageMembers lists the accounts that the image is shared with, in no particular order. region is empty if
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
	members, err := decodeImageMembers(answer.body, imageID)
	if err != nil {
		return nil, c.unusable(ctx, answer, err)
	}
	return members, nil
}

// decodeImageMembers accepts nothing that could make a shared image look unshared: names are matched with
// their case, none may come twice, and the text must be valid UTF-8. Fields it does not know are ignored.
func decodeImageMembers(body []byte, imageID string) ([]ImageMember, error) {
	var answer struct {
		Members []ImageMember  `json:"members"`
		Errors  jsontext.Value `json:"errors"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if errs := strings.TrimSpace(string(answer.Errors)); errs != "" && errs != "null" && errs != "[]" {
		return nil, fmt.Errorf("it speaks of errors beside the members: %s", errs)
	}
	if answer.Members == nil {
		return nil, errors.New(`it has no "members" array`)
	}
	for i, member := range answer.Members {
		if member.MemberID == "" {
			return nil, fmt.Errorf("member %d of %d has no member_id", i+1, len(answer.Members))
		}
		if member.ImageID != nil && CanonicalID(*member.ImageID) != CanonicalID(imageID) {
			return nil, fmt.Errorf("member %d of %d belongs to another image, %q", i+1, len(answer.Members), *member.ImageID)
		}
	}
	return answer.Members, nil
}
