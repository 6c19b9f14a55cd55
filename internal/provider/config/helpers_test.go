// SPDX-License-Identifier: MPL-2.0

package config

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// places is where a test sets settings, over those that every configuration needs. Nothing else is set.
type places struct {
	block     map[string]any    // texts, and whole numbers as int64
	variables string            // NAME=value, with blanks between; {home} is the folder of .scpconf
	files     map[string]string // under ~/.scpconf/
}

const needed = "SCP_TF_ACCESS_KEY=access SCP_TF_SECRET_KEY=secret SCP_TF_ENVIRONMENT=e "

func (p places) evaluate(t *testing.T, home string) Configuration {
	t.Helper()
	set := map[string]string{}
	for variable := range strings.FieldsSeq("HOME={home} " + needed + p.variables) {
		name, value, _ := strings.Cut(strings.ReplaceAll(variable, "{home}", home), "=")
		if name == "HOME" {
			name = acc.HomeVariable
		}
		set[name] = value
	}
	return Evaluate(t.Context(), block(p.block), func(name string) (string, bool) { value, ok := set[name]; return value, ok })
}

type block map[string]any

// GetAttribute implements [Block].
func (b block) GetAttribute(_ context.Context, at path.Path, target any) diag.Diagnostics {
	value, _ := target.(*attr.Value)
	switch set := b[at.String()].(type) {
	case string:
		*value = types.StringValue(set)
	case int64:
		*value = types.Int64Value(set)
	default:
		*value = types.StringNull()
	}
	return nil
}
