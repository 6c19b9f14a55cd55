// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// versionWarnings warns of a pinned version that is deprecated, past its date or unknown to this release. origin is the place that pins it.
func versionWarnings(version scp.APIVersion, origin string, now time.Time) (diags diag.Diagnostics) {
	latest := scp.APIVersions()[0].Number
	place := fmt.Sprintf("\n\nIt is pinned by %s. Set %s there, review the plan, and apply.", origin, latest)
	switch {
	case version.Status == "":
		diags.AddWarning(title.UntestedAPIVersion, fmt.Sprintf("This release of the provider was not tested with version %s of the "+
			"virtualserver API, and uses it anyway. The latest that it knows is %s.\n\nIt is pinned by %s. If a read fails, set %[2]s there, or "+
			"look for a newer release of the provider.", version.Number, latest, origin))
	case version.Past(now):
		diags.AddWarning(title.APIVersionPastItsGuaranteedDate, fmt.Sprintf("Version %s of the virtualserver API (%s) was guaranteed until %s, "+
			"which has passed. SCP may stop serving it at any time.%s", version.Number, version.Status, version.GuaranteedUntil, place))
	case version.Status == scp.StatusDeprecated:
		diags.AddWarning(title.DeprecatedAPIVersion, fmt.Sprintf("Version %s of the virtualserver API is deprecated and is guaranteed only "+
			"until %s.%s", version.Number, version.GuaranteedUntil, place))
	}
	return diags
}
