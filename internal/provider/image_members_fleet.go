package provider

import (
	"cmp"
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
// the order of the ids. Members are complete only if there are no failures.
func readImages(imageIDs []string, read func(string) ([]scp.ImageMember, error)) (members [][]scp.ImageMember, failures []imageFailure) {
	members = make([][]scp.ImageMember, len(imageIDs))
	errs := make([]error, len(imageIDs))
	var readers sync.WaitGroup
	for i, imageID := range imageIDs {
		readers.Go(func() {
			members[i], errs[i] = read(imageID)
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

// fleetError is the diagnostic of a read of total images of which some failed. It names all of those, grouped by what went
// wrong, with one request and answer for each group.
func fleetError(at path.Path, total int, failures []imageFailure) diag.Diagnostic {
	type group struct {
		advice  advice
		example string
		images  []string
	}
	var groups []*group
	byKind := map[string]*group{}
	for _, failure := range failures {
		kind := advice{summary: "Read Not Possible", next: "Check the ids and the region."}
		status, example := 0, failure.err.Error()
		if e, ok := errors.AsType[*scp.Error](failure.err); ok {
			kind, status = adviceFor(e, imageMembersOf(failure.imageID, at)), e.StatusCode
			example = e.Request.String() + "\n  " + e.Answer()
		}
		key := fmt.Sprint(kind.summary, status)
		g := byKind[key]
		if g == nil {
			g = &group{advice: kind, example: example}
			byKind[key], groups = g, append(groups, g)
		}
		g.images = append(g.images, failure.imageID)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return len(b.images) - len(a.images) })

	var detail strings.Builder
	fmt.Fprintf(&detail, "%d of %d images could not be read, so nothing is returned: a partial list could pass for a complete one.\n", len(failures), total)
	for _, g := range groups {
		fmt.Fprintf(&detail, "\n%s (%d of %d):\n%s\nFor example:\n  %s\n%s\n",
			g.advice.summary, len(g.images), total, strings.Join(g.images, ", "), g.example, g.advice.next)
	}
	return diag.NewAttributeErrorDiagnostic(at, "Images Could Not Be Read", strings.TrimRight(detail.String(), "\n"))
}
