// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// limits are the least and the most that a setting may be, as a whole number. They validate a number of any size: the framework's own
// type for whole numbers calls a fraction a fault of the provider.
type limits struct{ low, high int }

var _ validator.Number = limits{}

func (l limits) form() string { return fmt.Sprintf("a whole number from %d to %d", l.low, l.high) }

func (l limits) hold(number int64) bool { return int64(l.low) <= number && number <= int64(l.high) }

// Description implements [validator.Describer].
func (l limits) Description(context.Context) string { return "must be " + l.form() }

// MarkdownDescription implements [validator.Describer].
func (l limits) MarkdownDescription(ctx context.Context) string { return l.Description(ctx) }

// ValidateNumber implements [validator.Number].
func (l limits) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueBigFloat()
	if number, _ := value.Int64(); !value.IsInt() || !l.hold(number) {
		resp.Diagnostics.AddAttributeError(req.Path, titleInvalidAttributeValue.String(),
			fmt.Sprintf("%s must be %s, got: %s.", req.Path, l.form(), value.Text('g', 10)))
	}
}
