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

// markerRejections are the statuses for an image that is gone, or that the caller may not see any more, in place of a page behind it.
var markerRejections = []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound}

// imagePages reads a list of images page by page. It keeps what the pages have brought so far.
type imagePages struct {
	client     *Client
	region     string
	query      url.Values // the filters
	visibility string     // that was asked for; empty for any
	images     []Image
	seen       map[string]bool // by ID
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
		page, failure := readList(ctx, p.client, p.region, o, p.page())
		if failure != nil && failure.FromService && o.query.Has("marker") && slices.Contains(markerRejections, failure.StatusCode) {
			failure.Kind = KindListChanged // this page differs from the first only in its marker, so the marker was rejected
		}
		if failure != nil || len(page) == 0 {
			return failure
		}
	}
}

// page returns how the next page is believed. One without images is the end of the list.
func (p *imagePages) page() list[Image] {
	return list[Image]{name: "images", paged: true, earlier: len(p.images), check: p.add}
}

// prove checks that the newest image is in the list. If it is not, the list goes on behind an empty page: it is read on once.
func (p *imagePages) prove(ctx context.Context) *Error {
	newest, failure := p.newest(ctx, "1")
	if failure == nil && newest == nil && len(p.images) > 0 {
		newest, failure = p.newest(ctx, imagesPerPage) // a policy may filter the one newest out of its page, for good
	}
	switch {
	case failure != nil:
		return failure
	case newest == nil && len(p.images) == 0:
		return nil
	case newest == nil:
		return p.failed(KindListChanged, fmt.Sprintf("the list has %d images, and the page that begins with the newest has none", len(p.images)))
	case p.isOldest(*newest):
		return p.failed(KindListChanged, fmt.Sprintf("image %q came first in both orders, as the oldest and as the newest", newest.ID))
	case p.seen[newest.ID]:
		return nil
	}
	if failure := p.readOn(ctx); failure != nil || p.seen[newest.ID] {
		return failure
	}
	return p.failed(KindListChanged, fmt.Sprintf("the list ends after %d images, and lacks the newest, %q", len(p.images), newest.ID))
}

// isOldest reports whether the newest image is also the first of the list from the oldest on, although they are of different times.
func (p *imagePages) isOldest(newest Image) bool {
	return len(p.images) > 1 && p.images[0].ID == newest.ID && slices.ContainsFunc(p.images, func(image Image) bool {
		return image.CreatedAt != nil && newest.CreatedAt != nil && *image.CreatedAt != *newest.CreatedAt
	})
}

// failed returns the error of a list whose responses were good, one by one. Its request is the last one.
func (p *imagePages) failed(kind Kind, reason string) *Error {
	r, failure := p.client.newRequest(p.region, p.operation("desc", "1"))
	if failure != nil {
		return failure
	}
	return p.client.newError(r, &Error{Kind: kind, StatusCode: http.StatusOK, Attempts: 1, Reason: reason})
}

// operation returns how a page is asked for, by the time of creation.
func (p *imagePages) operation(order, limit string) operation {
	query := maps.Clone(p.query)
	query.Set("limit", limit)
	query.Set("sort", "created_at:"+order)
	return operation{path: []string{"v1", "images"}, query: query}
}

// newest returns the newest image, the first of a page with a limit; nil if the page is empty. Totals and continuation words of this page
// do not count.
func (p *imagePages) newest(ctx context.Context, limit string) (*Image, *Error) {
	page, failure := readList(ctx, p.client, p.region, p.operation("desc", limit), list[Image]{
		name: "images", paged: true, earlier: consistency.Unknown, check: p.checkEach,
	})
	if failure != nil || len(page) == 0 {
		return nil, failure
	}
	return &page[0], nil
}

// checkEach returns why one of the images cannot be used.
func (p *imagePages) checkEach(page []Image) *flaw {
	for i, image := range page {
		switch {
		case image.ID == "":
			return unusableItem("image %d of %d has no id", i+1, len(page))
		case CheckImageID(image.ID) != nil:
			return unusableItem("image %d of %d has the ID %q, which does not have the form of one", i+1, len(page), image.ID)
		case p.client.redactor.Contains(image.ID):
			return unusableItem("the ID of image %d of %d contains a secret, and would be in the URL of another read", i+1, len(page))
		case p.visibility != "" && (image.Visibility == nil || !strings.EqualFold(*image.Visibility, p.visibility)):
			return &flaw{KindFilterIgnored, fmt.Sprintf("image %d of %d, %q, has another visibility than %s, which was asked for",
				i+1, len(page), image.ID, p.visibility)}
		}
	}
	return nil
}

// add adds the images of a page, if each of them can be used and is new.
func (p *imagePages) add(page []Image) *flaw {
	if f := p.checkEach(page); f != nil {
		return f
	}
	before, known := len(p.seen), ""
	for _, image := range page {
		if p.seen[image.ID] {
			known = image.ID
		}
		p.seen[image.ID] = true
	}
	switch {
	case len(page) > 0 && len(p.seen) == before:
		return &flaw{KindListChanged, fmt.Sprintf("all %d images of this page were on earlier pages", len(page))}
	case known != "":
		return &flaw{KindListChanged, fmt.Sprintf("image %q is in the list twice", known)}
	case len(p.images)+len(page) > maxImages:
		return unusableItem("the list has more than %d images", maxImages)
	}
	p.images = append(p.images, page...)
	return nil
}
