package emulator

import (
	"fmt"
	"net/http"
)

// Image is an image as the caller's account sees it.
type Image struct {
	ID string `json:"id"`
	// Private images have never been shared: SCP answers 403.
	Private bool     `json:"private,omitempty"`
	Members []Member `json:"members"`
	// Fault is how the emulator answers for this image; left out for properly.
	Fault *Fault `json:"fault,omitempty"`
}

// Member is an account that an image is shared with. Members are answered in the order of the fixtures.
type Member struct {
	CreatedAt string `json:"created_at"`
	ImageID   string `json:"image_id"`
	MemberID  string `json:"member_id"`
	Status    string `json:"status"`
	UpdatedAt string `json:"updated_at"`
}

// imageMembers plays GET /v1/images/{image_id}/members.
func imageMembers(x exchange) answer {
	id := x.PathValue("image_id")
	image := x.fixtures.image(id)
	if image == nil {
		return serviceError(http.StatusNotFound, "NotFound", fmt.Sprintf("Image %s could not be found.", id))
	}
	if image.Private {
		return forbidden("Only shared images have members.", "virtualserver:ListImageMembers")
	}
	members := []Member{}
	for _, member := range image.Members {
		member.ImageID = id
		members = append(members, member)
	}
	return answer{http.StatusOK, map[string]any{"members": members}}
}

// image returns the image with id, or nil.
func (f Fixtures) image(id string) *Image {
	for i := range f.Images {
		if f.Images[i].ID == id {
			return &f.Images[i]
		}
	}
	return nil
}
