// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// sources are the places that settings come from, the first that counts first.
type sources struct {
	block  map[string]attr.Value // the provider block, by attribute: texts, and whole numbers for the settings with limits
	getenv func(string) string
	files  confFiles
}

// settingValue is what a setting is set to, and where.
type settingValue struct {
	text    string
	origin  string // in words; empty if the setting is set nowhere
	inBlock bool
	unknown bool // in the provider block, and not known before apply
}

// isSet reports whether the setting has a value, even if it is not known yet.
func (v settingValue) isSet() bool { return v.text != "" || v.unknown }

// lookup takes the setting from the first place that has it. An unknown value in the provider block is found there: falling
// through to another place would read with other credentials, or from another endpoint, than the configuration says.
func (s sources) lookup(of setting) (settingValue, error) {
	inBlock, _ := s.block[of.attribute].(types.String)
	if inBlock.IsUnknown() {
		return settingValue{inBlock: true, unknown: true}, nil
	}
	if text := inBlock.ValueString(); text != "" || of.emptyCounts && !inBlock.IsNull() {
		return settingValue{text: text, origin: "the provider's attribute " + of.attribute, inBlock: true}, nil
	}
	if text := s.getenv(of.env); text != "" {
		return settingValue{text: text, origin: "the environment variable " + of.env}, nil
	}
	file := s.files[of.file]
	text, err := file.lookup(of.key)
	if err != nil || text == "" {
		return settingValue{}, err
	}
	return settingValue{text: text, origin: fmt.Sprintf("the key %q in %s", of.key, file.path)}, nil
}

// configReader is the part of [tfsdk.Config] that is needed to read settings.
type configReader interface {
	GetAttribute(ctx context.Context, path path.Path, target any) diag.Diagnostics
}

// readBlock returns the values of all settings in the provider block, by attribute.
func readBlock(ctx context.Context, config configReader, diags *diag.Diagnostics) map[string]attr.Value {
	values := make(map[string]attr.Value, len(settings))
	for _, s := range settings {
		at := path.Root(s.attribute)
		if s.limits != nil {
			var number types.Number
			diags.Append(config.GetAttribute(ctx, at, &number)...)
			values[s.attribute] = number
			continue
		}
		var text types.String
		diags.Append(config.GetAttribute(ctx, at, &text)...)
		values[s.attribute] = text
	}
	return values
}
