// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json"
)

const (
	// imagesPerPage is what a page is asked for: the most that the API allows, by the vendor's provider.
	imagesPerPage = "1000"
	// maxListSize bounds all pages together as maxBodySize bounds each, so that a list without end does not fill the memory. An image
	// takes some 1,200 bytes, so it is about 200,000 images, far more than an account has.
	maxListSize = 256 << 20
)

// Image is an image as the API sent it, with the fields that a review of sharing needs. A nil field was null or absent; ID is
// always there and of the form that [CheckImageID] wants.
// Source: "List images" on docs.e.samsungsdscloud.com, the same in versions 1.0 to 1.3 but for fields that are not here.
type Image struct {
	CreatedAt            *string `json:"created_at"`
	ID                   string  `json:"id"`
	Name                 *string `json:"name"`
	OSDistro             *string `json:"os_distro"`
	Owner                *string `json:"owner"` // the id of an account
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
const ImageFilterForm = "a text that is not empty and has no control characters"

// CheckImageFilter returns an error if value cannot be the value of a filter.
func CheckImageFilter(value string) error {
	if value == "" || strings.ContainsFunc(value, unicode.IsControl) {
		return errors.New("it must be " + ImageFilterForm)
	}
	return nil
}

// query returns the filters as a request has them.
func (f ImageFilters) query() (url.Values, error) {
	query := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if err := CheckImageFilter(f[name]); err != nil {
			return nil, fmt.Errorf("the filter %s = %q cannot be used: %w", name, f[name], err)
		}
		query.Set(name, f[name])
	}
	return query, nil
}

// Images lists the images that the caller may use, its own and others', each once, in no particular order. region is empty if
// the client's endpoint takes none. The list is complete: it is asked for page after page until one is empty. A shorter page
// proves nothing, since a server may send fewer images than it was asked for. The slice is empty, with a nil error, only if the
// first page was. An error that came of a request is an [*Error].
func (c *Client) Images(ctx context.Context, region string, filters ImageFilters) ([]Image, error) {
	query, err := filters.query()
	if err != nil {
		return nil, err
	}
	query.Set("limit", imagesPerPage)
	query.Set("sort", "created_at:asc") // an image that is created meanwhile comes last and does not shift the pages
	ctx = withLog(ctx)
	list := newImageList(filters)
	for {
		answer, err := c.read(ctx, region, operation{path: []string{"v1", "images"}, query: query})
		if err != nil {
			return nil, refusedMarker(err, query.Has("marker"))
		}
		last, err := list.add(answer.body)
		if err == nil && last == "" {
			err = checkListHeaders(answer.header, "images", len(list.images))
		}
		if err == nil && last != c.credentials.clean(last, answer.signature) {
			err = errors.New("the id of its last image holds a secret, and would be in the next URL")
		}
		if err != nil {
			return nil, c.unusable(ctx, answer, err)
		}
		if last == "" {
			c.logUnknown(ctx, answer, list.otherKeys)
			return list.images, nil
		}
		query.Set("marker", last)
	}
}

// refusedMarker marks an error as one of the marker, if a page behind the first was refused: it is asked for in the same way as
// the first but for the marker. An answer that is not the service's says nothing of the marker.
func refusedMarker(err error, behindFirst bool) error {
	if e, ok := errors.AsType[*Error](err); ok && behindFirst && e.Class == ClassStatus && e.FromService &&
		(e.StatusCode == http.StatusNotFound || e.StatusCode == http.StatusBadRequest) {
		e.Class = ClassMarker
	}
	return err
}

// imageList is what the pages of a list have brought so far.
type imageList struct {
	visibility string // that was asked for; empty for any
	images     []Image
	seen       map[string]bool // by CanonicalID
	otherKeys  otherKeys       // of all pages; of one that several have, the last
	size       int             // of all pages, in bytes
}

func newImageList(filters ImageFilters) imageList {
	return imageList{visibility: filters["visibility"], images: []Image{}, seen: map[string]bool{}, otherKeys: otherKeys{}}
}

// add adds a page and returns the id of its last image, or "" if it is empty and so the end of the list.
func (l *imageList) add(body []byte) (last string, err error) {
	if l.size += len(body); l.size > maxListSize {
		return "", fmt.Errorf("the list is larger than %d MiB, after %d images", maxListSize>>20, len(l.images))
	}
	images, otherKeys, err := decodeImages(body, len(l.images))
	if err != nil {
		return "", err
	}
	maps.Copy(l.otherKeys, otherKeys)
	if len(images) == 0 {
		return "", l.otherKeys.totals("images").check("images", 0, len(l.images))
	}
	fresh, known := 0, ""
	for i, image := range images {
		if l.visibility != "" && (image.Visibility == nil || !strings.EqualFold(*image.Visibility, l.visibility)) {
			return "", listError{ClassFilter, fmt.Sprintf("image %d of %d, %q, has another visibility than %s, which was asked for", i+1, len(images), image.ID, l.visibility)}
		}
		id := CanonicalID(image.ID)
		if l.seen[id] {
			known = image.ID
			continue
		}
		l.seen[id] = true
		fresh++
	}
	switch {
	case fresh == 0:
		return "", listError{ClassMarkerIgnored, fmt.Sprintf("all %d images of this page were on earlier pages", len(images))}
	case known != "":
		return "", listError{ClassTwice, fmt.Sprintf("image %q is in the list twice", known)}
	}
	l.images = append(l.images, images...)
	return images[len(images)-1].ID, nil
}

// decodeImages accepts nothing that could make a list shorter than it is: see decodeImageMembers. before is how many images
// the pages before this one have. It also returns the keys that it does not know.
func decodeImages(body []byte, before int) ([]Image, otherKeys, error) {
	var answer struct {
		Images    []Image   `json:"images"`
		OtherKeys otherKeys `json:",embed"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, nil, err
	}
	whole := before
	if len(answer.Images) > 0 {
		whole = -1 // a further page is asked for
	}
	if err := answer.OtherKeys.check("images", len(answer.Images), whole); err != nil {
		return nil, nil, err
	}
	if answer.Images == nil {
		return nil, nil, errors.New(`it has no "images" array`)
	}
	for i, image := range answer.Images {
		switch {
		case image.ID == "":
			return nil, nil, fmt.Errorf("image %d of %d has no id", i+1, len(answer.Images))
		case CheckImageID(image.ID) != nil:
			return nil, nil, fmt.Errorf("image %d of %d has the id %q, which does not have the form of one", i+1, len(answer.Images), image.ID)
		}
	}
	return answer.Images, answer.OtherKeys, nil
}

// listError is why pages that are good each for itself do not make a list.
type listError struct {
	class  Class
	reason string
}

func (e listError) Error() string { return e.reason }
