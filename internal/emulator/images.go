// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
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

// images replies to GET /v1/images.
func images(c call) *reply {
	query := c.URL.Query()
	limit, rejection := c.limit(query)
	if rejection != nil {
		return rejection
	}
	sort := "created_at:desc"
	if query.Has("sort") {
		sort = query.Get("sort")
	}
	order, rejection := sorting(sort)
	if rejection != nil {
		return rejection
	}
	newest := c.newest()
	if c.kind == newestGone {
		c.fixtures.Images = slices.DeleteFunc(slices.Clone(c.fixtures.Images), func(i Image) bool { return i.ID == newest })
	}
	visibility := query.Get("visibility")
	switch {
	case c.kind == filterIgnored:
		visibility = ""
	case query.Has("visibility") && !slices.Contains([]string{public, community, shared, private, anyVisibility}, visibility):
		return badRequest(fmt.Sprintf("Invalid visibility value: %s", visibility))
	}
	list := c.imagesThat(func(i Image) bool { return i.isListedFor(c.account, visibility) })
	slices.SortFunc(list, order)
	list, rejection = c.behindMarker(list, query.Get("marker"), order)
	if rejection != nil {
		return rejection
	}
	list, rejection = c.filter(list, "name", "os_distro", "status", "scp_image_type", "scp_original_image_type")
	if rejection != nil {
		return rejection
	}
	list = list[:min(limit, len(list))]
	if c.kind == newestHidden { // as a policy does it: after the limit
		list = slices.DeleteFunc(list, func(i *Image) bool { return i.ID == newest })
	}
	return c.imageList(list)
}

// newest returns the ID of the image that a list without filters, from the newest on, begins with.
func (c call) newest() string {
	order, _ := sorting("created_at:desc")
	list := c.imagesThat(func(i Image) bool { return i.isListedFor(c.account, "") })
	if len(list) == 0 {
		return ""
	}
	return slices.MinFunc(list, order).ID
}

// imagesThat returns the images, with their defaults, for which is says so.
func (c call) imagesThat(is func(Image) bool) []*Image {
	owner := c.fixtures.AllAccounts()[0].ID
	list := []*Image{}
	for _, image := range c.fixtures.Images {
		if image = image.complete(owner); is(image) {
			list = append(list, &image)
		}
	}
	return list
}

// limit returns how many images a page may have. SCP may send fewer than it is asked for.
func (c call) limit(query url.Values) (int, *reply) {
	limit := defaultPage
	if query.Has("limit") {
		var err error
		if limit, err = strconv.Atoi(query.Get("limit")); err != nil || limit < 1 {
			return 0, badRequest("limit has to be a number greater than 0.")
		}
	}
	return min(limit, c.pageLimit), nil
}

// fields are what images can be sorted or filtered by, but for their visibility.
var fields = map[string]func(*Image) string{
	"created_at":              func(i *Image) string { return i.CreatedAt },
	"id":                      func(i *Image) string { return i.ID },
	"name":                    func(i *Image) string { return i.Name },
	"os_distro":               func(i *Image) string { return i.OSDistro },
	"scp_image_type":          func(i *Image) string { return i.SCPImageType },
	"scp_original_image_type": func(i *Image) string { return i.SCPOriginalImageType },
	"status":                  func(i *Image) string { return i.Status },
	"updated_at":              func(i *Image) string { return i.UpdatedAt },
}

var sortKeys = []string{"created_at", "id", "name", "status", "updated_at"}

// sorting reads key:dir,… A direction that is left out is desc. Images that are alike in these keys come by created_at and
// then by ID, in the direction of the key if there is only one, and otherwise descending.
func sorting(sort string) (func(a, b *Image) int, *reply) {
	parts, last := strings.Split(sort, ","), "desc"
	var orders []func(a, b *Image) int
	by := func(key, direction string) {
		value := fields[key]
		orders = append(orders, func(a, b *Image) int {
			if direction == "asc" {
				return strings.Compare(value(a), value(b))
			}
			return strings.Compare(value(b), value(a))
		})
	}
	for _, part := range parts {
		key, direction, found := strings.Cut(part, ":")
		if !slices.Contains(sortKeys, key) || found && direction != "asc" && direction != "desc" {
			return nil, badRequest(fmt.Sprintf("sort cannot be by %q.", part))
		}
		by(key, direction)
		if len(parts) == 1 {
			last = direction
		}
	}
	by("created_at", last)
	by("id", last)
	return func(a, b *Image) int {
		for _, order := range orders {
			if place := order(a, b); place != 0 {
				return place
			}
		}
		return 0
	}, nil
}

// behindMarker returns the part of the list that comes after the image with the ID marker, which need not be in the list.
func (c call) behindMarker(list []*Image, marker string, order func(a, b *Image) int) ([]*Image, *reply) {
	if marker == "" || c.kind == markerIgnored {
		return list, nil
	}
	image := c.fixtures.image(marker)
	switch {
	case image == nil || c.kind == vanish:
		return nil, badRequest(fmt.Sprintf("Image %s, the marker, could not be found.", marker))
	case !image.isVisibleTo(c.account):
		return nil, forbidden(fmt.Sprintf("Image %s, the marker, is not visible to this account.", marker), listImages)
	case c.kind == emptyPage:
		return nil, nil
	}
	return slices.DeleteFunc(list, func(i *Image) bool {
		place := order(i, image)
		return place < 0 || place == 0 && c.kind != repeat
	}), nil
}

// filter returns the images of the list that match the query in each of the names that it has.
func (c call) filter(list []*Image, names ...string) ([]*Image, *reply) {
	if c.kind == filterIgnored {
		return list, nil
	}
	query := c.URL.Query()
	for _, name := range names {
		if !query.Has(name) {
			continue
		}
		values, ok := filterValues(name, query.Get(name))
		if !ok {
			return nil, badRequest(fmt.Sprintf("Unable to filter %s by %q.", name, query.Get(name)))
		}
		list = slices.DeleteFunc(list, func(i *Image) bool { return !slices.Contains(values, fields[name](i)) })
	}
	return list, nil
}

// filterValues returns the values that a filter accepts. Only name and status have operators: eq:a and in:a,b.
func filterValues(name, filter string) (values []string, ok bool) {
	operator, operand, found := strings.Cut(filter, ":")
	switch {
	case !found || name != "name" && name != "status":
		return []string{filter}, true
	case operator == "eq":
		return []string{operand}, true
	case operator == "in":
		return strings.Split(operand, ","), true
	}
	return nil, false
}
