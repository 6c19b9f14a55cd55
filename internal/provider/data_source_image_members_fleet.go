// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// firstAlone is how long the first image of several is read alone at most.
const firstAlone = 10 * time.Second

// imageFailure is why the members of one image could not be read.
type imageFailure struct {
	imageID string
	err     error
}

// readImages reads the members of all images at the same time; the client limits the number of concurrent requests. Both results are in
// the order of the IDs. The members are complete only if there are no failures. After an error that fails every request, the other reads
// are canceled. The first image is read alone for a moment, so that wrong keys are sent once: many wrong signatures can lock an account.
func readImages(
	ctx context.Context, imageIDs []string, read func(context.Context, string) ([]scp.ImageMember, error),
) (members [][]scp.ImageMember, failures []imageFailure) {
	ctx, stop := context.WithCancel(scp.WithLog(ctx))
	defer stop()
	members = make([][]scp.ImageMember, len(imageIDs))
	errs := make([]error, len(imageIDs))
	first := make(chan struct{})
	var readers sync.WaitGroup
	for i, imageID := range imageIDs {
		readers.Go(func() {
			members[i], errs[i] = read(ctx, imageID)
			if e, ok := errors.AsType[*scp.Error](errs[i]); ok && e.FailsEveryRequest() {
				stop()
			}
			if i == 0 {
				close(first)
			}
		})
		if i == 0 {
			select {
			case <-first:
			case <-time.After(firstAlone):
			}
		}
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
	advice  advice
	example string
	images  []string
}

// groupFailures groups failures by what went wrong, the largest group first. It counts separately the images that were not read because
// of another's failure: those for which no request was sent, and those whose request was canceled.
func groupFailures(failures []imageFailure, subjectOf func(imageID string) subject) (groups []*failureGroup, skipped, canceled int) {
	final := slices.ContainsFunc(failures, func(failure imageFailure) bool {
		e, ok := errors.AsType[*scp.Error](failure.err)
		return ok && e.FailsEveryRequest()
	})
	byKind := map[string]*failureGroup{}
	for _, failure := range failures {
		kind := advice{summary: title.ReadNotPossible, next: "Check the IDs and the region."}
		status, example := 0, failure.err.Error()
		if e, ok := errors.AsType[*scp.Error](failure.err); ok && e.Kind != scp.KindInput {
			if final && e.Kind == scp.KindCanceled {
				if e.Attempts == 0 {
					skipped++
				} else {
					canceled++
				}
				continue
			}
			kind = adviceFor(e, subjectOf(failure.imageID))
			if e.Kind != scp.KindHeldBack { // which happens to a read whatever it was answered before
				status = e.StatusCode
			}
			example = requestLines(e)
		}
		key := fmt.Sprint(kind.summary, status)
		group := byKind[key]
		if group == nil {
			group = &failureGroup{advice: kind, example: example}
			byKind[key], groups = group, append(groups, group)
		}
		group.images = append(group.images, failure.imageID)
	}
	slices.SortStableFunc(groups, func(a, b *failureGroup) int { return len(b.images) - len(a.images) })
	return groups, skipped, canceled
}

// fleetError returns the diagnostic of a read of total images of which some failed. It names all of these, with one request and response
// for each group.
func fleetError(at path.Path, total int, failures []imageFailure, subjectOf func(imageID string) subject) diag.Diagnostic {
	groups, skipped, canceled := groupFailures(failures, subjectOf)
	var detail strings.Builder
	fmt.Fprintf(&detail, "%d of %d images could not be read, so no members are returned.\n", len(failures)-skipped-canceled, total)
	if skipped > 0 {
		fmt.Fprintf(&detail, "Skipped: %s, because they would fail for the same reason.\n", countOf(skipped))
	}
	if canceled > 0 {
		fmt.Fprintf(&detail, "Canceled before a response: %s.\n", countOf(canceled))
	}
	for _, group := range groups {
		fmt.Fprintf(&detail, "\n%s (%d of %d):\n%s\n\n%s\n\n%s\n",
			group.advice.summary, len(group.images), total, strings.Join(group.images, ", "), group.example, group.advice.next)
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
