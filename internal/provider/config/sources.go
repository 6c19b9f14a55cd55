// SPDX-License-Identifier: MPL-2.0

package config

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// sources are the places that settings come from. The first one that has a setting wins.
type sources struct {
	block     map[string]attr.Value // the provider block, by attribute
	lookupEnv func(string) (string, bool)
	files     map[string]settingsFile
}

func (s sources) getenv(name string) string {
	value, _ := s.lookupEnv(name)
	return value
}

// settingValue is what a setting is set to, and where.
type settingValue struct {
	text     string
	origin   string // in words; empty if the setting is not set
	inBlock  bool
	unknown  bool // in the provider block, and not known before apply
	rejected bool // what it is set to cannot be used, which has been reported
}

// isSet reports whether the setting has a value, even if it is not known yet or cannot be used.
func (v settingValue) isSet() bool { return v.text != "" || v.unknown || v.rejected }

// lookup returns the setting from the first place that has it. An unknown value in the provider block counts as set: another place
// could have other credentials, or another endpoint, than the configuration says.
func (s sources) lookup(of Setting) (settingValue, error) {
	if inBlock := s.block[of.Attribute]; inBlock != nil && inBlock.IsUnknown() {
		return settingValue{inBlock: true, unknown: true}, nil
	} else if inBlock != nil && !inBlock.IsNull() {
		text := inBlock.String() // of a number
		if inBlock, ok := inBlock.(types.String); ok {
			text = inBlock.ValueString()
		}
		if text != "" || of.emptyCounts {
			return settingValue{text: text, origin: "the provider's attribute " + of.Attribute, inBlock: true}, nil
		}
	}
	if text := s.getenv(of.Env); text != "" {
		return settingValue{text: text, origin: "the environment variable " + of.Env}, nil
	}
	file := s.files[of.File]
	text, err := file.lookup(of.Key)
	if err != nil || text == "" {
		return settingValue{}, err
	}
	return settingValue{text: text, origin: fmt.Sprintf("the key %q in %s", of.Key, file.path)}, nil
}

// Block is the provider block as the framework gives it: a [tfsdk.Config].
type Block interface {
	GetAttribute(ctx context.Context, path path.Path, target any) diag.Diagnostics
}

// readBlock returns the values of all settings in the provider block, by attribute.
func readBlock(ctx context.Context, block Block) (values map[string]attr.Value, diags diag.Diagnostics) {
	values = make(map[string]attr.Value, len(settings))
	for _, s := range settings {
		var value attr.Value
		diags.Append(block.GetAttribute(ctx, path.Root(s.Attribute), &value)...)
		values[s.Attribute] = value
	}
	return values, diags
}
