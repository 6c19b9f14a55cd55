// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Image is an image as the API sent it, with the fields that a review of sharing needs. A nil field was null or absent; ID is
// always there and of the form that [CheckImageID] wants.
// Source: "List images" on docs.e.samsungsdscloud.com, the same in versions 1.0 to 1.3 but for fields that are not here.
type Image struct {
	CreatedAt            *string `json:"created_at"`
	ID                   string  `json:"id"`
	Name                 *string `json:"name"`
	OSDistro             *string `json:"os_distro"`
	OSHidden             *bool   `json:"os_hidden"` // hidden from lists; SCP has no filter that lists such images
	Owner                *string `json:"owner"`     // the ID of an account
	OwnerAccountName     *string `json:"owner_account_name"`
	Protected            *bool   `json:"protected"`
	SCPImageType         *string `json:"scp_image_type"`
	SCPOriginalImageType *string `json:"scp_original_image_type"`
	Status               *string `json:"status"`
	UpdatedAt            *string `json:"updated_at"`
	Visibility           *string `json:"visibility"` // public, community, shared or private
}

// ImageIDForm is the form of an image ID that is sent, to follow "must be": nothing in it can leave its place in the URL's path.
const ImageIDForm = "1 to 255 letters, digits, hyphens and underscores"

var imageIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

// CheckImageID returns an error if id does not have the form of an image ID.
func CheckImageID(id string) error {
	if !imageIDForm.MatchString(id) {
		return errors.New("it must be " + ImageIDForm)
	}
	return nil
}

// ImageFilters are what images are asked for, by the API's names: {"visibility": "public"}.
type ImageFilters map[string]string

// Visibilities are the words of SCP's documents for the filter visibility.
// Source: "List images" on docs.e.samsungsdscloud.com.
var Visibilities = []string{"public", "community", "shared", "private"}

// CheckImageFilter returns an error if value cannot be the value of the filter with the given name. A misspelled
// value would give an empty list.
func CheckImageFilter(name, value string) error {
	small := strings.ToLower(strings.TrimSpace(value))
	switch {
	case value == "" || strings.ContainsFunc(value, unicode.IsControl):
		return errors.New("it must be a non-empty string without control characters")
	case name == "visibility" && value != small && slices.Contains(Visibilities, small), name == "status" && value != small:
		return fmt.Errorf("it must be %q: in small letters and without white space", small)
	case name != "name" && value != strings.TrimSpace(value):
		return errors.New("it must not begin or end with white space")
	}
	return nil
}

// query returns the filters as a request has them.
func (c *Client) query(filters ImageFilters) (url.Values, *Error) {
	query := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(filters)) {
		if failure := c.checkInput("the filter "+name+" =", filters[name], CheckImageFilter(name, filters[name])); failure != nil {
			return nil, failure
		}
		query.Set(name, filters[name])
	}
	return query, nil
}

// Images returns the images that the caller may use, its own and others', each once, sorted by their IDs. The list is complete: it is read
// page after page until one is empty, and then has to contain the newest image. A shorter page proves nothing, since a server may send
// fewer images than it was asked for, and an empty page may have images behind it. A list that changes while it is read is read again,
// unless the client repeats nothing. The slice is empty, with a nil error, only if SCP has no such images.
func (c *Client) Images(ctx context.Context, region string, filters ImageFilters) ([]Image, error) {
	query, failure := c.query(filters)
	if failure != nil {
		return nil, failure
	}
	pages := &imagePages{client: c, region: region, query: query}
	if failure := pages.readAll(WithLog(ctx)); failure != nil {
		return nil, failure
	}
	visibility := filters["visibility"]
	if len(pages.images) == 0 && visibility != "" && !slices.Contains(Visibilities, visibility) {
		return nil, pages.failed(KindUnknownFilter, "there are no images with the visibility %q, which SCP's documents do not name", visibility)
	}
	return sortedByID(pages.images), nil
}

// PendingImages returns the images that other accounts offer to the caller and that it has not answered yet, each once, sorted by their
// IDs. SCP has no pages here: the one response is the whole list. The slice is empty, with a nil error, only if SCP's list was.
func (c *Client) PendingImages(ctx context.Context, region string, filters ImageFilters) ([]Image, error) {
	query, failure := c.query(filters)
	if failure != nil {
		return nil, failure
	}
	pending := operation{path: []string{"v1", "pending-images"}, query: query}
	offers := list[Image]{name: "images", check: c.imagesCheck("shared", map[string]bool{})}
	images, failure := readList(WithLog(ctx), c, region, pending, offers)
	if failure != nil {
		return nil, failure
	}
	return sortedByID(images), nil
}

func sortedByID(images []Image) []Image {
	slices.SortFunc(images, func(a, b Image) int { return cmp.Compare(a.ID, b.ID) })
	return images
}
