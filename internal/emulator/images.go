// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	imagesPath  = "/v1/images"
	listImages  = "virtualserver:ListImages"
	defaultPage = 20   // images, as documented
	largestPage = 1000 // images, as the vendor's provider has it
)

// images plays GET /v1/images.
func images(x exchange) answer {
	query := x.URL.Query()
	limit, refusal := x.limit(query)
	if refusal != nil {
		return *refusal
	}
	order, refusal := sorting(cmp.Or(query.Get("sort"), "created_at:desc"))
	if refusal != nil {
		return *refusal
	}
	list := x.imagesThat(Image.isListedFor)
	slices.SortFunc(list, order)
	list, refusal = x.behindMarker(list, query.Get("marker"))
	if refusal != nil {
		return *refusal
	}
	list = x.filter(list, query, "name", "os_distro", "status", "visibility", "scp_image_type", "scp_original_image_type")
	return x.imageList(list[:min(limit, len(list))])
}

// imagesThat returns the images, with their defaults, for which is says so about the caller.
func (x exchange) imagesThat(is func(Image, string) bool) []*Image {
	owner := x.fixtures.AllAccounts()[0].ID
	list := []*Image{}
	for _, image := range x.fixtures.Images {
		if image = image.complete(owner); is(image, x.account) {
			list = append(list, &image)
		}
	}
	return list
}

// limit returns how many images a page may hold. SCP may send fewer than it is asked for.
func (x exchange) limit(query url.Values) (int, *answer) {
	limit := defaultPage
	if query.Has("limit") {
		var err error
		if limit, err = strconv.Atoi(query.Get("limit")); err != nil || limit < 1 {
			return 0, badRequest("limit has to be a number greater than 0.")
		}
	}
	return min(limit, x.pageLimit), nil
}

// sortKeys are what images can be sorted by.
var sortKeys = map[string]func(*Image) string{
	"created_at": func(i *Image) string { return i.CreatedAt },
	"id":         func(i *Image) string { return i.ID },
	"name":       func(i *Image) string { return i.Name },
	"status":     func(i *Image) string { return i.Status },
	"updated_at": func(i *Image) string { return i.UpdatedAt },
}

// sorting reads key:dir,… A direction that is left out is desc, and images that are alike come in the order of their ids.
func sorting(sort string) (func(a, b *Image) int, *answer) {
	var orders []func(a, b *Image) int
	for part := range strings.SplitSeq(sort, ",") {
		key, direction, found := strings.Cut(part, ":")
		value := sortKeys[key]
		if value == nil || found && direction != "asc" && direction != "desc" {
			return nil, badRequest(fmt.Sprintf("sort cannot be by %q.", part))
		}
		if direction == "asc" {
			orders = append(orders, func(a, b *Image) int { return strings.Compare(value(a), value(b)) })
		} else {
			orders = append(orders, func(a, b *Image) int { return strings.Compare(value(b), value(a)) })
		}
	}
	return func(a, b *Image) int {
		for _, order := range orders {
			if c := order(a, b); c != 0 {
				return c
			}
		}
		return strings.Compare(a.ID, b.ID)
	}, nil
}

// behindMarker returns the part of the list that comes after the image with the id marker.
func (x exchange) behindMarker(list []*Image, marker string) ([]*Image, *answer) {
	if marker == "" || x.kind == markerIgnored {
		return list, nil
	}
	at := slices.IndexFunc(list, func(image *Image) bool { return image.ID == marker })
	switch {
	case at < 0 || x.kind == vanish:
		refusal := serviceError(http.StatusNotFound, "NotFound", fmt.Sprintf("Image %s, the marker, could not be found.", marker))
		return nil, &refusal
	case x.kind == repeat:
		return list[at:], nil
	}
	return list[at+1:], nil
}

// filters are what images can be filtered by.
var filters = map[string]func(*Image) string{
	"name":                    func(i *Image) string { return i.Name },
	"os_distro":               func(i *Image) string { return i.OSDistro },
	"status":                  func(i *Image) string { return i.Status },
	"visibility":              func(i *Image) string { return i.Visibility },
	"scp_image_type":          func(i *Image) string { return i.SCPImageType },
	"scp_original_image_type": func(i *Image) string { return i.SCPOriginalImageType },
}

// filter returns the images of the list that are as the query wants them in each of the names that it has.
func (x exchange) filter(list []*Image, query url.Values, names ...string) []*Image {
	if x.kind == filterIgnored {
		return list
	}
	return slices.DeleteFunc(list, func(image *Image) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return query.Has(name) && filters[name](image) != query.Get(name)
		})
	})
}

func badRequest(detail string) *answer {
	refusal := serviceError(http.StatusBadRequest, "BadRequest", detail)
	return &refusal
}
