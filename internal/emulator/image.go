// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Image is an image of an account.
type Image struct {
	ID string `json:"id"`
	// Owner is the ID of an account, of the fixtures or not; default: the first account.
	Owner string `json:"owner,omitempty"`
	// NoOwner is an image that belongs to no account: its owner is null.
	NoOwner bool `json:"no_owner,omitempty"`
	// Name is the image's name; default: its ID.
	Name string `json:"name,omitempty"`
	// Visibility is public, community, shared or private; default: shared.
	Visibility string `json:"visibility,omitempty"`
	// The rest have the values of the document's example, in its own order, where they are left out.
	Status               string   `json:"status,omitempty"`
	OSDistro             string   `json:"os_distro,omitempty"`
	SCPImageType         string   `json:"scp_image_type,omitempty"`
	SCPOriginalImageType string   `json:"scp_original_image_type,omitempty"`
	Protected            bool     `json:"protected,omitempty"`
	OSHidden             bool     `json:"os_hidden,omitempty"` // in no list; the owner and members still see it by its ID
	CreatedAt            string   `json:"created_at,omitempty"`
	UpdatedAt            string   `json:"updated_at,omitempty"`
	OwnerAccountName     string   `json:"owner_account_name,omitempty"`
	Members              []Member `json:"members"`
	// Fault is how the list of this image's members fails; omit for normal behavior.
	Fault *Fault `json:"fault,omitempty"`
}

// Member is an account that an image is shared with. Members are listed in the order of the fixtures.
type Member struct {
	CreatedAt string `json:"created_at"`
	ImageID   string `json:"image_id"`
	MemberID  string `json:"member_id"`
	Status    string `json:"status"`
	UpdatedAt string `json:"updated_at"`
}

// The values of an image's visibility, and the word that asks for all of them.
const (
	public        = "public"
	community     = "community"
	shared        = "shared"
	private       = "private"
	anyVisibility = "all"
)

// The statuses of images that no list contains. A deleted image is not found by its ID either.
const (
	killed  = "killed"
	deleted = "deleted"
)

// The statuses of members that decide in which list an image is.
const (
	pending  = "pending"
	accepted = "accepted"
)

// image returns the image with id and its defaults, or nil if there is none or it was deleted.
func (f Fixtures) image(id string) *Image {
	for i := range f.Images {
		if f.Images[i].ID == id && f.Images[i].Status != deleted {
			image := f.Images[i].complete(f.AllAccounts()[0].ID)
			return &image
		}
	}
	return nil
}

// complete returns the image with what is left out of the fixtures.
func (i Image) complete(owner string) Image {
	if !i.NoOwner {
		i.Owner = cmp.Or(i.Owner, owner)
	}
	i.Name = cmp.Or(i.Name, i.ID)
	i.Visibility = cmp.Or(i.Visibility, shared)
	i.Status = cmp.Or(i.Status, "active")
	i.OSDistro = cmp.Or(i.OSDistro, "alma")
	i.SCPImageType = cmp.Or(i.SCPImageType, "custom")
	i.SCPOriginalImageType = cmp.Or(i.SCPOriginalImageType, "standard")
	i.CreatedAt = cmp.Or(i.CreatedAt, "2025-07-22T09:00:00Z")
	i.UpdatedAt = cmp.Or(i.UpdatedAt, "2025-07-26T12:00:00Z")
	i.OwnerAccountName = cmp.Or(i.OwnerAccountName, "AccountName")
	return i
}

// has reports whether account is a member of the image, with this status if it is not empty. Only a shared image has members.
func (i Image) has(account, status string) bool {
	return i.Visibility == shared && slices.ContainsFunc(i.Members, func(m Member) bool {
		return m.MemberID == account && (status == "" || m.Status == status)
	})
}

// isVisibleTo reports whether account can see the image by its ID: as its owner or a member, whatever the member's status,
// or because everyone can.
func (i Image) isVisibleTo(account string) bool {
	return i.Owner == account || i.has(account, "") || i.Visibility == public || i.Visibility == community
}

// isListedFor reports whether the image is in the list that account asks for with this visibility, "" for the default list.
func (i Image) isListedFor(account, visibility string) bool {
	own := i.Owner == account
	if i.isNeverListed() || !own && !i.has(account, accepted) && i.Visibility != public && i.Visibility != community {
		return false
	}
	if visibility == "" { // community images of others are listed only if they are asked for
		return own || i.Visibility != community
	}
	return visibility == anyVisibility || visibility == i.Visibility
}

// isPendingFor reports whether the image is offered to account, which has not answered.
func (i Image) isPendingFor(account string) bool {
	return i.has(account, pending) && !i.isNeverListed()
}

func (i Image) isNeverListed() bool { return i.OSHidden || i.Status == killed || i.Status == deleted }

// checkImages rejects images that could not be found, or not as they are written.
func checkImages(images []Image) error {
	seen := map[string]bool{}
	for i, image := range images {
		if image.ID == "" {
			return fmt.Errorf("image %d of the list has no id", i+1)
		}
		if seen[image.ID] {
			return fmt.Errorf("image %s is listed twice", image.ID)
		}
		seen[image.ID] = true
		if err := image.check(); err != nil {
			return fmt.Errorf("image %s: %w", image.ID, err)
		}
	}
	return nil
}

func (i Image) check() error {
	switch i.Visibility {
	case "", public, community, shared, private:
	default:
		return fmt.Errorf("there is no visibility %q", i.Visibility)
	}
	if i.NoOwner && i.Owner != "" {
		return errors.New("it has both an owner and no_owner")
	}
	return i.Fault.check()
}
