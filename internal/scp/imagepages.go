// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// imagesPerPage is the most images that a page may have.
// Source: the vendor's openapi.yaml.
const imagesPerPage = "1000"

// imagePages reads a list of images page by page. It keeps what the pages have brought so far.
type imagePages struct {
	client *Client
	region string
	query  url.Values // the filters
	images []Image
	seen   map[string]bool // by ID
}

// readAll reads the list up to its proven end. A list that changed meanwhile is read again from its start.
func (p *imagePages) readAll(ctx context.Context) *Error {
	for reads := 1; ; reads++ {
		p.images, p.seen = []Image{}, map[string]bool{}
		failure := p.readOn(ctx)
		if failure == nil {
			failure = p.prove(ctx)
		}
		if failure == nil || failure.Kind != KindListChanged || reads == maxListReads || p.client.config.MaxRetries == 0 {
			return failure
		}
		logWarning(ctx, failure.Request, "SCP list changed while it was read, and is read again", "error", failure.Summary())
	}
}

// readOn reads the pages behind the last image, up to an empty one.
func (p *imagePages) readOn(ctx context.Context) *Error {
	for {
		o := p.operation("asc", imagesPerPage) // an image that is created meanwhile comes last and does not shift the pages
		if len(p.images) > 0 {
			o.query.Set("marker", p.images[len(p.images)-1].ID)
		}
		page, failure := readList(ctx, p.client, p.region, o, p.page(len(p.images), p.seen))
		rejections := []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound}
		if failure != nil && failure.fromService && o.query.Has("marker") && slices.Contains(rejections, failure.StatusCode) {
			failure.Kind = KindListChanged // only the marker differs from the first page's request: its image is gone, or not visible any more
		}
		if failure != nil || len(page) == 0 {
			return failure
		}
		p.images = append(p.images, page...)
	}
}

// prove checks that the newest image is in the list. If it is not, the list goes on behind an empty page: it is read on once.
func (p *imagePages) prove(ctx context.Context) *Error {
	proof, failure := p.newest(ctx, "1")
	if failure == nil && len(proof) == 0 && len(p.images) > 0 {
		proof, failure = p.newest(ctx, imagesPerPage) // a policy may filter the one newest out of its page, for good
	}
	if failure != nil || len(proof)+len(p.images) == 0 {
		return failure
	}
	if len(proof) == 0 {
		return p.failed(KindListChanged, "the list has %d images, and the page that begins with the newest has none", len(p.images))
	}
	newest := proof[0]
	if p.isOldest(newest) {
		return p.failed(KindListChanged, "image %q came first in both orders, as the oldest and as the newest", newest.ID)
	}
	if !p.seen[newest.ID] {
		failure = p.readOn(ctx)
	}
	if failure == nil && !p.seen[newest.ID] {
		return p.failed(KindListChanged, "the list ends after %d images, and lacks the newest, %q", len(p.images), newest.ID)
	}
	return failure
}

// isOldest reports whether the newest image is also the first of the list from the oldest on, although they are of different times.
func (p *imagePages) isOldest(newest Image) bool {
	return len(p.images) > 1 && p.images[0].ID == newest.ID && slices.ContainsFunc(p.images, func(image Image) bool {
		return image.CreatedAt != nil && newest.CreatedAt != nil && *image.CreatedAt != *newest.CreatedAt
	})
}

// failed returns the error of a list whose responses were good, one by one. Its request is the last one.
func (p *imagePages) failed(kind Kind, format string, values ...any) *Error {
	r, failure := p.client.newRequest(p.region, p.operation("desc", "1"))
	if failure != nil {
		return failure
	}
	return p.client.newError(r, &Error{Kind: kind, StatusCode: http.StatusOK, Attempts: 1, Reason: fmt.Sprintf(format, values...)})
}

// operation returns how a page is asked for, by the time of creation.
func (p *imagePages) operation(order, limit string) operation {
	query := maps.Clone(p.query)
	query.Set("limit", limit)
	query.Set("sort", "created_at:"+order)
	return operation{path: []string{"v1", "images"}, query: query}
}

// newest returns a page that begins with the newest image. Its totals and continuation words do not count.
func (p *imagePages) newest(ctx context.Context, limit string) ([]Image, *Error) {
	return readList(ctx, p.client, p.region, p.operation("desc", limit), p.page(consistency.Unknown, map[string]bool{}))
}

// page returns how a page is believed that follows earlier images. One without images is the end of the list.
func (p *imagePages) page(earlier int, seen map[string]bool) list[Image] {
	return list[Image]{name: "images", paged: true, earlier: earlier, check: p.client.imagesCheck(p.query.Get("visibility"), seen)}
}

// imagesCheck returns the check of images that have to have a visibility, unless it is empty. It adds their IDs to seen.
func (c *Client) imagesCheck(visibility string, seen map[string]bool) func([]Image) *Error {
	return func(images []Image) *Error {
		for i, image := range images {
			switch {
			case image.ID == "":
				return unusableList("image %d of %d has no id", i+1, len(images))
			case CheckImageID(image.ID) != nil:
				return unusableList("image %d of %d has the ID %q, which does not have the form of one", i+1, len(images), image.ID)
			case c.redactor.Contains(image.ID):
				return unusableList("the ID of image %d of %d contains a secret, and would be in the URL of another read", i+1, len(images))
			case visibility != "" && (image.Visibility == nil || !strings.EqualFold(*image.Visibility, visibility)):
				return &Error{Kind: KindFilterIgnored, Reason: fmt.Sprintf("image %d of %d, %q, has another visibility than %s",
					i+1, len(images), image.ID, visibility)}
			case len(seen) == maxImages:
				return unusableList("the list has more than %d images", maxImages)
			case seen[image.ID]:
				return &Error{Kind: KindListChanged, Reason: fmt.Sprintf("image %q is in the list twice", image.ID)}
			}
			seen[image.ID] = true
		}
		return nil
	}
}
