// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// imageFailure is why the members of one image could not be read.
type imageFailure struct {
	imageID string
	err     error
}

// readImages reads the members of all images at the same time; the client limits the number of concurrent requests, and sends none that
// would fail like another. Both results are in the order of the IDs. The members are complete only if there are no failures.
func readImages(
	ctx context.Context, imageIDs []string, read func(context.Context, string) ([]scp.ImageMember, error),
) (members [][]scp.ImageMember, failures []imageFailure) {
	ctx = scp.WithLog(ctx)
	members = make([][]scp.ImageMember, len(imageIDs))
	errs := make([]error, len(imageIDs))
	var readers sync.WaitGroup
	for i, imageID := range imageIDs {
		readers.Go(func() { members[i], errs[i] = read(ctx, imageID) })
	}
	readers.Wait()
	for i, err := range errs {
		if err != nil {
			failures = append(failures, imageFailure{imageIDs[i], err})
		}
	}
	return members, failures
}

// failureGroup are the images that could not be read for the same reason.
type failureGroup struct {
	title   string
	next    string // the advice on the first of them
	example string
	images  []string
}

// groupFailures groups failures by what went wrong, the largest group first. It counts separately the images that were skipped because
// another one of the group had failed.
func groupFailures(failures []imageFailure, targetOf func(imageID string) target) (groups []*failureGroup, skipped int) {
	skips := func(failure imageFailure) int {
		if e, ok := errors.AsType[*scp.Error](failure.err); ok && e.IsOfAnother() {
			return 1
		}
		return 0
	}
	// If all were skipped, since another data source's request had failed, the first stands for the group.
	failures = slices.SortedStableFunc(slices.Values(failures), func(a, b imageFailure) int { return skips(a) - skips(b) })
	byKind := map[string]*failureGroup{}
	for _, failure := range failures {
		kind, status := scp.KindInput, 0
		e, ok := errors.AsType[*scp.Error](failure.err)
		if ok && e.Kind != scp.KindInput {
			kind = e.Kind
			if e.Kind != scp.KindHeldBack { // which happens to a read whatever it was answered before
				status = e.StatusCode
			}
		}
		key := fmt.Sprint(adviceOf[kind].title, status)
		switch group := byKind[key]; {
		case group == nil:
			group = &failureGroup{
				title: adviceOf[kind].title, next: adviceOf[kind].text, example: failure.err.Error(), images: []string{failure.imageID},
			}
			if kind != scp.KindInput {
				group.next, group.example = facts(e, targetOf(failure.imageID)).Replace(group.next), requestLines(e)
			}
			byKind[key], groups = group, append(groups, group)
		case skips(failure) > 0:
			skipped++
		default:
			group.images = append(group.images, failure.imageID)
		}
	}
	slices.SortStableFunc(groups, func(a, b *failureGroup) int { return len(b.images) - len(a.images) })
	return groups, skipped
}

// fleetError returns the diagnostic of a read of total images of which some failed. It names all of these, with one request and response
// for each group.
func fleetError(at path.Path, total int, failures []imageFailure, targetOf func(imageID string) target) diag.Diagnostic {
	groups, skipped := groupFailures(failures, targetOf)
	var detail strings.Builder
	fmt.Fprintf(&detail, "%d of %d images could not be read, so no members are returned.\n", len(failures)-skipped, total)
	if skipped > 0 {
		fmt.Fprintf(&detail, "Skipped: %s, because they would fail for the same reason.\n", countOf(skipped))
	}
	for _, group := range groups {
		fmt.Fprintf(&detail, "\n%s (%d of %d):\n%s\n\n%s\n\n%s\n",
			group.title, len(group.images), total, strings.Join(group.images, ", "), group.example, group.next)
	}
	return diag.NewAttributeErrorDiagnostic(at, title.ImagesCouldNotBeRead, strings.TrimRight(detail.String(), "\n"))
}

// countOf returns a number of images in words: 1 image, 7 images.
func countOf(images int) string {
	if images == 1 {
		return "1 image"
	}
	return fmt.Sprintf("%d images", images)
}
