// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
)

// formValidator uses one of the client's checks, so that schema and client cannot disagree.
type formValidator struct {
	check func(string) error // its error begins with "it must"
	form  string             // what the value must be, to follow "must be"
}

var _ validator.String = formValidator{}

// Description implements [validator.Describer].
func (v formValidator) Description(context.Context) string { return "must be " + v.form }

// MarkdownDescription implements [validator.Describer].
func (v formValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements [validator.String].
func (v formValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	if err := v.check(value); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, title.InvalidAttributeValue,
			fmt.Sprintf("%s %s, got: %q.", req.Path, strings.TrimPrefix(err.Error(), "it "), value))
	}
}
