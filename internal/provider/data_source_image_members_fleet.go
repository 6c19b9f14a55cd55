// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strconv"
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
	err     *scp.Error
}

// readImages reads the members of all images at the same time; the client limits the number of concurrent requests, and sends none that
// would fail like another. Both results are in the order of the IDs. The members are complete only if there are no failures.
func (r reading) readImages(ctx context.Context, imageIDs []string) (members []scp.ImageMember, failures []imageFailure) {
	ctx = scp.WithLog(ctx)
	lists := make([][]scp.ImageMember, len(imageIDs))
	errs := make([]error, len(imageIDs))
	var readers sync.WaitGroup
	for i, imageID := range imageIDs {
		readers.Go(func() { lists[i], errs[i] = r.client.ImageMembers(ctx, r.region, imageID) })
	}
	readers.Wait()
	for i, err := range errs {
		if err != nil {
			failures = append(failures, imageFailure{imageIDs[i], failureOf(err)})
		}
	}
	return slices.Concat(lists...), failures
}

// groupFailures groups failures by what went wrong, the largest group first, without the images that were skipped because another one of
// the group had failed. If all of a group were, since another data source's request had failed, one stands for the group.
func groupFailures(failures []imageFailure) (groups [][]imageFailure) {
	byReason := map[string]int{} // the index of its group
	sent := func(f imageFailure) bool { return !f.err.IsOfAnother() }
	for _, failure := range failures {
		reason := adviceOf[failure.err.Kind].title
		if failure.err.Kind != scp.KindHeldBack { // which happens to a read whatever it was answered before
			reason += strconv.Itoa(failure.err.StatusCode)
		}
		at, known := byReason[reason]
		switch {
		case !known:
			byReason[reason], groups = len(groups), append(groups, []imageFailure{failure})
		case sent(failure) && !sent(groups[at][0]):
			groups[at] = []imageFailure{failure}
		case sent(failure):
			groups[at] = append(groups[at], failure)
		}
	}
	slices.SortStableFunc(groups, func(a, b []imageFailure) int { return len(b) - len(a) })
	return groups
}

// fleetError returns the diagnostic of a read of total images of which some failed. It names all of these but those that were skipped, with
// one request and response for each group.
func (r reading) fleetError(at path.Path, total int, failures []imageFailure) diag.Diagnostic {
	groups := groupFailures(failures)
	failed := len(slices.Concat(groups...))
	var detail strings.Builder
	fmt.Fprintf(&detail, "%d of %d images could not be read, so no members are returned.\n", failed, total)
	if skipped := len(failures) - failed; skipped > 0 {
		fmt.Fprintf(&detail, "Skipped: %d of %d images, because they would fail for the same reason.\n", skipped, total)
	}
	for _, group := range groups {
		first, images := group[0], make([]string, len(group))
		for i, failure := range group {
			images[i] = r.client.Clean(failure.imageID)
		}
		fmt.Fprintf(&detail, "\n%s (%d of %d):\n%s\n\n%s\n", adviceOf[first.err.Kind].title, len(group), total, strings.Join(images, ", "),
			r.explain(r.imageMembersOf(first.imageID, at), first.err))
	}
	return diag.NewAttributeErrorDiagnostic(at, title.ImagesCouldNotBeRead, strings.TrimRight(detail.String(), "\n"))
}
