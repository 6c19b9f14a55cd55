// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// readImages is a read of the images, which must come to an *Error if to any.
func readImages(t *testing.T, ctx context.Context, client *Client, filters ImageFilters) ([]Image, *Error) {
	t.Helper()
	images, err := client.Images(ctx, "", filters)
	return checked(t, images, err)
}

// page is a page of images, each written as its ID and, if that matters, when it was created.
func page(images ...string) roundTripper {
	items := make([]string, len(images))
	for i, image := range images {
		id, created, _ := strings.Cut(image, " ")
		items[i] = fmt.Sprintf(`{"id":%q,"created_at":%q}`, id, created)
	}
	return answering(200, `{"images":[`+strings.Join(items, ",")+`]}`)
}

// paging plays a list of n images, in the order of their creation, whose server sends at most limit of them at once.
func paging(n, limit int) roundTripper {
	return func(request *http.Request) (*http.Response, error) {
		query := request.URL.Query()
		asked, _ := strconv.Atoi(query.Get("limit"))
		from := 0
		if query.Has("marker") {
			from, _ = strconv.Atoi(query.Get("marker"))
		}
		var ids []string
		for i := from; i < min(n, from+min(limit, asked)); i++ {
			id := i + 1
			if query.Get("sort") == "created_at:desc" {
				id = n - i
			}
			ids = append(ids, strconv.Itoa(id))
		}
		return page(ids...)(request)
	}
}

// ids are those of images, in their order.
func ids(images []Image) string {
	var ids []string
	for _, image := range images {
		ids = append(ids, image.ID)
	}
	return strings.Join(ids, " ")
}
