package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// distinctImages sorts ids and drops all but one spelling of each, so that an image is read once.
func distinctImages(ids []string) []string {
	sorted := slices.SortedFunc(slices.Values(ids), func(a, b string) int {
		return cmp.Or(cmp.Compare(scp.CanonicalID(a), scp.CanonicalID(b)), cmp.Compare(a, b))
	})
	return slices.CompactFunc(sorted, func(a, b string) bool { return scp.CanonicalID(a) == scp.CanonicalID(b) })
}

// imageFailure is why the members of one image could not be read.
type imageFailure struct {
	imageID string
	err     error
}

// readImages reads the members of each image at once; the client bounds how many requests are under way. Both results are in
// the order of the ids. Members are complete only if there are no failures. After a failure that every other read would share,
// no further image is asked for: its failure is that the read was stopped.
func readImages(ctx context.Context, imageIDs []string, read func(context.Context, string) ([]scp.ImageMember, error)) (members [][]scp.ImageMember, failures []imageFailure) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	members = make([][]scp.ImageMember, len(imageIDs))
	errs := make([]error, len(imageIDs))
	var readers sync.WaitGroup
	for i, imageID := range imageIDs {
		readers.Go(func() {
			members[i], errs[i] = read(ctx, imageID)
			if e, ok := errors.AsType[*scp.Error](errs[i]); ok && e.Final() {
				stop()
			}
		})
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

// groupFailures groups failures by what went wrong, the largest group first. Images that were not read because of the failure of another
// are counted apart.
func groupFailures(failures []imageFailure, readingOf func(imageID string) reading) (groups []*failureGroup, notAsked int) {
	final := slices.ContainsFunc(failures, func(failure imageFailure) bool {
		e, ok := errors.AsType[*scp.Error](failure.err)
		return ok && e.Final()
	})
	byKind := map[string]*failureGroup{}
	for _, failure := range failures {
		kind := advice{summary: "Read Not Possible", next: "Check the ids and the region."}
		status, example := 0, failure.err.Error()
		if e, ok := errors.AsType[*scp.Error](failure.err); ok {
			if final && e.Class == scp.ClassCanceled {
				notAsked++
				continue
			}
			kind, status = adviceFor(e, readingOf(failure.imageID)), e.StatusCode
			example = strings.ReplaceAll(exchangeOf(e), "\n", "\n  ")
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
	return groups, notAsked
}

// fleetError is the diagnostic of a read of total images of which some failed. It names all of those, with one request and answer for each
// group.
func fleetError(at path.Path, total int, failures []imageFailure, readingOf func(imageID string) reading) diag.Diagnostic {
	groups, notAsked := groupFailures(failures, readingOf)
	var detail strings.Builder
	fmt.Fprintf(&detail, "%d of %d images could not be read, so nothing is returned: a partial list could pass for a complete one.\n", len(failures)-notAsked, total)
	if notAsked > 0 {
		fmt.Fprintf(&detail, "Not asked: %d. They would fail in the same way.\n", notAsked)
	}
	for _, group := range groups {
		fmt.Fprintf(&detail, "\n%s (%d of %d):\n%s\nFor example:\n  %s\n%s\n",
			group.advice.summary, len(group.images), total, strings.Join(group.images, ", "), group.example, group.advice.next)
	}
	return diag.NewAttributeErrorDiagnostic(at, "Images Could Not Be Read", strings.TrimRight(detail.String(), "\n"))
}
