// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
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

// distinctImages sorts IDs and groups the spellings of one image's ID, so that the image is read once. It drops a spelling that is
// listed twice.
func distinctImages(ids []string) (images [][]string) {
	sorted := slices.SortedFunc(slices.Values(ids), func(a, b string) int {
		return cmp.Or(cmp.Compare(scp.CanonicalID(a), scp.CanonicalID(b)), cmp.Compare(a, b))
	})
	for _, id := range slices.Compact(sorted) {
		if last := len(images) - 1; last >= 0 && scp.CanonicalID(images[last][0]) == scp.CanonicalID(id) {
			images[last] = append(images[last], id)
		} else {
			images = append(images, []string{id})
		}
	}
	return images
}

// inEachSpelling returns the members of one image under each spelling of its ID, so that a lookup by any spelling finds all of them.
func inEachSpelling(members []scp.ImageMember, spellings []string) [][]scp.ImageMember {
	lists := [][]scp.ImageMember{members} // under the first
	for _, spelling := range spellings[1:] {
		list := slices.Clone(members)
		for i := range list {
			list[i].ImageID = &spelling
		}
		lists = append(lists, list)
	}
	return lists
}

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
	ctx, stop := context.WithCancel(ctx)
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
func groupFailures(failures []imageFailure, subjectOf func(imageID string) subject) (groups []*failureGroup, notAsked, givenUp int) {
	final := slices.ContainsFunc(failures, func(failure imageFailure) bool {
		e, ok := errors.AsType[*scp.Error](failure.err)
		return ok && e.FailsEveryRequest()
	})
	byKind := map[string]*failureGroup{}
	for _, failure := range failures {
		kind := advice{summary: title.ReadNotPossible, next: "Check the ids and the region."}
		status, example := 0, failure.err.Error()
		if e, ok := errors.AsType[*scp.Error](failure.err); ok && e.Kind != scp.KindInput {
			if final && e.Kind == scp.KindCanceled {
				if e.Attempts == 0 {
					notAsked++
				} else {
					givenUp++
				}
				continue
			}
			kind = adviceFor(e, subjectOf(failure.imageID))
			if e.Kind != scp.KindHeldBack { // which happens to a read whatever it was answered before
				status = e.StatusCode
			}
			example = strings.ReplaceAll(requestLines(e), "\n", "\n  ")
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
	return groups, notAsked, givenUp
}

// fleetError returns the diagnostic of a read of total images of which some failed. It names all of these, with one request and response
// for each group.
func fleetError(at path.Path, total int, failures []imageFailure, subjectOf func(imageID string) subject) diag.Diagnostic {
	groups, notAsked, givenUp := groupFailures(failures, subjectOf)
	var detail strings.Builder
	fmt.Fprintf(&detail, "%d of %d images could not be read, so nothing is returned: a partial list could pass for a complete "+
		"one.\n", len(failures)-notAsked-givenUp, total)
	if notAsked > 0 {
		fmt.Fprintf(&detail, "Not asked: %d. They would fail in the same way.\n", notAsked)
	}
	if givenUp > 0 {
		fmt.Fprintf(&detail, "Given up before an answer came: %d.\n", givenUp)
	}
	for _, group := range groups {
		fmt.Fprintf(&detail, "\n%s (%d of %d):\n%s\nFor example:\n  %s\n%s\n",
			group.advice.summary, len(group.images), total, strings.Join(group.images, ", "), group.example, group.advice.next)
	}
	return diag.NewAttributeErrorDiagnostic(at, title.ImagesCouldNotBeRead, strings.TrimRight(detail.String(), "\n"))
}
