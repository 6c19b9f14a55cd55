// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// imagesPerPage is what a page is asked for: the most that the API allows, by the vendor's provider.
const imagesPerPage = "1000"

// Image is an image as the API sent it, with the fields that a review of sharing needs. A nil field was null or absent; ID is
// always there and of the form that [CheckImageID] wants.
// Source: "List images" on docs.e.samsungsdscloud.com, the same in versions 1.0 to 1.3 but for fields that are not here.
type Image struct {
	CreatedAt            *string `json:"created_at"`
	ID                   string  `json:"id"`
	Name                 *string `json:"name"`
	OSDistro             *string `json:"os_distro"`
	Owner                *string `json:"owner"` // the ID of an account
	OwnerAccountName     *string `json:"owner_account_name"`
	Protected            *bool   `json:"protected"`
	SCPImageType         *string `json:"scp_image_type"`
	SCPOriginalImageType *string `json:"scp_original_image_type"`
	Status               *string `json:"status"`
	UpdatedAt            *string `json:"updated_at"`
	Visibility           *string `json:"visibility"` // public, community, shared or private
}

// ImageFilters are what images are asked for, by the API's names: {"visibility": "public"}.
type ImageFilters map[string]string

// ImageFilterForm is the form of the value of a filter, to follow "must be".
const ImageFilterForm = "a non-empty string without control characters"

// CheckImageFilter returns an error if value cannot be the value of a filter.
func CheckImageFilter(value string) error {
	if value == "" || strings.ContainsFunc(value, unicode.IsControl) {
		return errors.New("it must be " + ImageFilterForm)
	}
	return nil
}

// query returns the filters as a request has them.
func (c *Client) query(filters ImageFilters) (url.Values, *Error) {
	query := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(filters)) {
		if failure := c.checkInput("the filter "+name+" =", filters[name], CheckImageFilter(filters[name])); failure != nil {
			return nil, failure
		}
		query.Set(name, filters[name])
	}
	return query, nil
}

// Images returns the images that the caller may use, its own and others', each once, in the order of the API. region is empty if
// the client's endpoint takes none. The list is complete: it is asked for page after page until one is empty. A shorter page
// proves nothing, since a server may send fewer images than it was asked for. The slice is empty, with a nil error, only if the
// first page was. An error is an [*Error].
func (c *Client) Images(ctx context.Context, region string, filters ImageFilters) ([]Image, error) {
	query, failure := c.query(filters)
	if failure != nil {
		return nil, failure
	}
	query.Set("limit", imagesPerPage)
	query.Set("sort", "created_at:asc") // an image that is created meanwhile comes last and does not shift the pages
	ctx = withLog(ctx)
	pages := c.newImagePages(filters)
	for {
		page, failure := readList(ctx, c, region, operation{path: []string{"v1", "images"}, query: query}, pages.page())
		if failure != nil {
			return nil, failure
		}
		if len(page) == 0 {
			return pages.images, nil
		}
		query.Set("marker", page[len(page)-1].ID)
	}
}

// imagePages are what the pages of a list have brought so far.
type imagePages struct {
	client     *Client
	visibility string // that was asked for; empty for any
	images     []Image
	seen       map[string]bool // by CanonicalID
	keys       map[string]any  // see list
}

func (c *Client) newImagePages(filters ImageFilters) *imagePages {
	return &imagePages{client: c, visibility: filters["visibility"], images: []Image{}, seen: map[string]bool{}, keys: map[string]any{}}
}

// page returns how the next page is believed. One without images is the end of the list.
func (p *imagePages) page() list[Image] {
	return list[Image]{name: "images", check: p.add, earlier: p.keys, whole: func(count int) int {
		if count > 0 {
			return consistency.Unknown
		}
		return len(p.images)
	}}
}

// add adds the images of a page, if each of them can be used and is new.
func (p *imagePages) add(page []Image) *flaw {
	fresh, known := 0, ""
	for i, image := range page {
		switch {
		case image.ID == "":
			return unusableItem("image %d of %d has no id", i+1, len(page))
		case CheckImageID(image.ID) != nil:
			return unusableItem("image %d of %d has the ID %q, which does not have the form of one", i+1, len(page), image.ID)
		case p.visibility != "" && (image.Visibility == nil || !strings.EqualFold(*image.Visibility, p.visibility)):
			return &flaw{KindFilterIgnored, fmt.Sprintf("image %d of %d, %q, has another visibility than %s, which was asked for", i+1, len(page), image.ID, p.visibility)}
		}
		if id := CanonicalID(image.ID); p.seen[id] {
			known = image.ID
		} else {
			p.seen[id] = true
			fresh++
		}
	}
	switch {
	case len(page) > 0 && fresh == 0:
		return &flaw{KindMarkerIgnored, fmt.Sprintf("all %d images of this page were on earlier pages", len(page))}
	case known != "":
		return &flaw{KindDuplicate, fmt.Sprintf("image %q is in the list twice", known)}
	case len(p.images)+fresh > maxImages:
		return unusableItem("the list has more than %d images", maxImages)
	case len(page) > 0 && p.client.redactor.Contains(page[len(page)-1].ID):
		return unusableItem("the ID of its last image contains a secret, and would be in the next URL")
	}
	p.images = append(p.images, page...)
	return nil
}
