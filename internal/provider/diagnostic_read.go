// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// target is what one read is about, for the message of its failure.
type target struct {
	what      string    // what is read, to follow "Reading"
	attribute path.Path // the attribute that names it; empty for none
	imageID   string    // of the image that it is of; empty for none
	action    string    // what the keys must be allowed to do, to follow "not allowed to"
	denied    string    // more about a missing permission: sentences and an empty line, or nothing
	check     string    // what to check if the service does not accept or know it, to follow "Check"
	unclear   string    // why an unclear response is an error

	// What the provider's configuration adds.
	credentials             string // where they come from, in sentences
	override                bool   // the requests go to endpoint_override
	readLimit, requestLimit time.Duration
}

// about completes a target with what the configuration adds.
func (r reading) about(t target) target {
	t.what, t.imageID = r.client.Clean(t.what), r.client.Clean(t.imageID) // a configuration may have put a key in place of an ID
	t.credentials, t.override = strings.Join(r.Credentials, "\n"), r.Client.Endpoint.Override != ""
	t.readLimit, t.requestLimit = r.limit, r.Client.RequestTimeout
	return t
}

// failed reports a read's error. It returns no values.
func (r reading) failed(t target, err error) state.Values {
	r.diags.Append(errorDiagnostic(r.about(t), err))
	return nil
}

// errorDiagnostic returns the diagnostic of a read's error.
func errorDiagnostic(t target, err error) diag.Diagnostic {
	e, ok := errors.AsType[*scp.Error](err)
	if !ok || e.Kind == scp.KindInput {
		return diag.NewErrorDiagnostic(title.ReadNotPossible, fmt.Sprintf("Reading %s is not possible: %s.", t.what, err))
	}
	advice := adviceOf[e.Kind]
	detail := fmt.Sprintf("Reading %s failed.\n\n%s\n\n%s", t.what, requestLines(e), facts(e, t).Replace(advice.text))
	if advice.onAttribute && len(t.attribute.Steps()) > 0 {
		return diag.NewAttributeErrorDiagnostic(t.attribute, advice.title, detail)
	}
	return diag.NewErrorDiagnostic(advice.title, detail)
}

// requestLines returns the request, the response and the number of attempts of e, a line each. Terraform does not wrap indented lines, so
// what is to be copied has a line of its own.
func requestLines(e *scp.Error) string {
	lines := "  Request: " + e.Request.String()
	if e.Request.APIVersion != "" {
		lines += "\n  API version: " + e.Request.APIVersion
	}
	lines += "\n  Response: "
	if e.StatusCode == 0 {
		lines += "none: "
	}
	lines += e.Summary()
	if e.RequestID != "" {
		lines += "\n  Request ID: " + e.RequestID
	}
	if e.Forms != "" {
		lines += "\n  Tried: " + e.Forms
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
