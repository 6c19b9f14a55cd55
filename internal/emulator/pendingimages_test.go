// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The list has two filters and no pages: whatever else is asked for, it is whole.
func TestPendingImagesAreWhole(t *testing.T) {
	fixtures := many(30)
	for i := range fixtures.Images {
		image := &fixtures.Images[i]
		image.Owner, image.Members = "b", []emulator.Member{{MemberID: "a", Status: "pending"}}
		if i < 10 {
			image.SCPImageType = "shared"
		}
		if i < 5 {
			image.SCPOriginalImageType = "gpu"
		}
	}
	url := serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{PageLimit: 5}))
	for query, want := range map[string]int{
		"": 30, "limit=5": 30, "limit=0": 30, "marker=unknown": 30, "name=x": 30, "visibility=private": 30, "sort=nothing": 30,
		"scp_image_type=shared": 10, "scp_original_image_type=gpu": 5, "scp_image_type=shared&scp_original_image_type=standard": 5,
	} {
		ids := as("a", url+"/v1/pending-images?"+query).send(t).ids(t, "images", "id")
		if len(ids) != want {
			t.Errorf("%q: there are %d images, want %d", query, len(ids), want)
		}
		if query == "" && (ids[0] != fixtures.Images[29].ID || ids[29] != fixtures.Images[0].ID) {
			t.Errorf("the first is %s, the last %s: the latest has to come first", ids[0], ids[29])
		}
	}
}
