// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// reading is what one read is about, for the diagnostic of its failure.
type reading struct {
	what       string    // what is read, to follow "Reading"
	attribute  path.Path // the attribute that names it; empty for none
	permission string    // what the caller must be allowed to do, to follow "the permission for"
	hint       string    // more on a refusal for want of that permission, if there is more; a space and sentences
	subject    string    // what a request may be malformed in, to follow "Check"
	notFound   advice    // what it means if the service says that it does not exist
	unclear    string    // what is not concluded from an unclear answer, a sentence and a space

	// What the provider's configuration adds.
	credentials  string // where they come from, in sentences
	undocumented string // a region or environment that SCP's documents do not name, a sentence
}

// about completes reading with what the configuration adds for a read in region.
func (p *providerData) about(region string, reading reading) reading {
	reading.credentials = p.credentials.Describe()
	reading.undocumented = p.client.Endpoint().Undocumented(region)
	return reading
}

// readError turns an error of a read in region into the diagnostic of it.
func (p *providerData) readError(region string, reading reading, err error) diag.Diagnostic {
	return errorDiagnostic(p.about(region, reading), err)
}

// errorDiagnostic is readError for a reading that is complete.
func errorDiagnostic(reading reading, err error) diag.Diagnostic {
	e, ok := errors.AsType[*scp.Error](err)
	if !ok || e.Kind == scp.KindInput {
		return diag.NewErrorDiagnostic(title.ReadNotPossible, fmt.Sprintf("Reading %s is not possible: %s.", reading.what, err))
	}
	advice := adviceFor(e, reading)
	detail := fmt.Sprintf("Reading %s failed.\n\n%s\n\n%s", reading.what, exchangeOf(e), advice.next)
	if advice.onAttribute && len(reading.attribute.Steps()) > 0 {
		return diag.NewAttributeErrorDiagnostic(reading.attribute, advice.summary, detail)
	}
	return diag.NewErrorDiagnostic(advice.summary, detail)
}

// exchangeOf is the request, the answer and the tries of e, a line each.
func exchangeOf(e *scp.Error) string {
	lines := fmt.Sprintf("Request: %s\nAnswer:  %s", e.Request, e.Summary())
	switch {
	case e.Attempts == 0:
		lines += "\nTries:   none: the request was not sent"
	case e.Attempts > 1:
		lines += fmt.Sprintf("\nTries:   %d in %s", e.Attempts, e.Elapsed.Round(100*time.Millisecond))
	}
	return lines
}
