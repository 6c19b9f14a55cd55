// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// subject is what one read is about, for the diagnostic of its failure.
type subject struct {
	what       string    // what is read, to follow "Reading"
	attribute  path.Path // the attribute that names it; empty for none
	permission string    // what the caller must be allowed to do, to follow "the permission for"
	denied     string    // what a 403 means, and what to do, up to "ask an administrator"
	hint       string    // more about a missing permission: a space and sentences, or nothing
	checkWhat  string    // what to check if the request was malformed, to follow "Check"
	notFound   string    // what to do if the service says that the image does not exist; empty for a read of no image
	unclear    string    // why an unclear response is an error: a sentence and a space

	// What the provider's configuration adds.
	credentials  string // where they come from, in sentences
	undocumented string // a region or environment that SCP's documents do not name, a sentence
}

// about completes a subject with what the configuration adds for a read in region.
func (p *providerData) about(region string, s subject) subject {
	s.what = p.client.Clean(s.what) // a configuration may have put a key in place of an ID
	s.credentials = p.credentials.Describe()
	s.undocumented = p.client.Endpoint().Undocumented(region)
	return s
}

// readError returns the diagnostic of an error of a read in region.
func (p *providerData) readError(region string, s subject, err error) diag.Diagnostic {
	return errorDiagnostic(p.about(region, s), err)
}

// errorDiagnostic is readError for a subject that is complete.
func errorDiagnostic(s subject, err error) diag.Diagnostic {
	e, ok := errors.AsType[*scp.Error](err)
	if !ok || e.Kind == scp.KindInput {
		return diag.NewErrorDiagnostic(title.ReadNotPossible, fmt.Sprintf("Reading %s is not possible: %s.", s.what, err))
	}
	advice := adviceFor(e, s)
	detail := fmt.Sprintf("Reading %s failed.\n\n%s\n\n%s", s.what, requestLines(e), advice.next)
	if advice.onAttribute && len(s.attribute.Steps()) > 0 {
		return diag.NewAttributeErrorDiagnostic(s.attribute, advice.summary, detail)
	}
	return diag.NewErrorDiagnostic(advice.summary, detail)
}

// requestLines returns the request, the response and the number of attempts of e, a line each. Terraform does not wrap indented lines, so
// what is to be copied has a line of its own.
func requestLines(e *scp.Error) string {
	lines := "  Request: " + e.Request.String()
	if e.Request.APIVersion != "" {
		lines += "\n  API version: " + e.Request.APIVersion
	}
	lines += "\n  Response: " + e.Summary()
	if e.RequestID != "" {
		lines += "\n  Request ID: " + e.RequestID
	}
	timedOut := e.Kind == scp.KindReadTimeout || e.Kind == scp.KindRequestTimeout || e.Kind == scp.KindHeldBack
	switch {
	case e.IsOfAnother():
		lines += fmt.Sprintf("\n  Attempts: none: the same failed %.0f s before", math.Ceil(e.Age.Seconds()))
	case e.Attempts == 0:
		lines += "\n  Attempts: none: the request was not sent"
	case e.Attempts > 1 || timedOut:
		lines += fmt.Sprintf("\n  Attempts: %d in %s", e.Attempts, e.Elapsed.Round(100*time.Millisecond))
	}
	return lines
}
