// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// target is what one read is about, for the message of its failure.
type target struct {
	what      string    // what is read, to follow "Reading"
	attribute path.Path // the attribute that names it; empty for none
	action    string    // what the keys must be allowed to do, to follow "not allowed to"
	denied    string    // more about a missing permission: sentences and an empty line, or nothing
	check     string    // what to check if the service does not accept or know it, to follow "Check"
	unclear   string    // why an unclear response is an error
}

// failed reports a read's error. It returns no values.
func (r reading) failed(t target, err error) state.Values {
	e := failureOf(err)
	advice, detail := adviceOf[e.Kind], fmt.Sprintf("Reading %s failed.\n\n%s", t.what, r.explain(t, e))
	if advice.onAttribute && len(t.attribute.Steps()) > 0 {
		r.diags.AddAttributeError(t.attribute, advice.title, detail)
	} else {
		r.diags.AddError(advice.title, detail)
	}
	return nil
}

// failureOf returns the error of a read as what the client says it is.
func failureOf(err error) *scp.Error {
	if e, ok := errors.AsType[*scp.Error](err); ok {
		return e
	}
	return &scp.Error{Kind: scp.KindInput, Reason: err.Error()}
}

// explain returns what was asked, what came back, and the advice on it.
func (r reading) explain(t target, e *scp.Error) string {
	lines := "  " + e.Error() + "."
	if e.Kind != scp.KindInput { // else there is no request
		lines = requestLines(e)
	}
	return lines + "\n\n" + r.facts(t, e).Replace(adviceOf[e.Kind].text)
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
	switch {
	case e.IsOfAnother():
		lines += fmt.Sprintf("\n  Attempts: none: the same failed %.0f s before", math.Ceil(e.Age.Seconds()))
	case e.Attempts == 0:
		lines += "\n  Attempts: none: the request was not sent"
	case e.Elapsed > 0: // else it is the failure of a list, whose requests all succeeded
		lines += fmt.Sprintf("\n  Attempts: %d in %s", e.Attempts, max(e.Elapsed.Round(10*time.Millisecond), 10*time.Millisecond))
	}
	return lines
}
