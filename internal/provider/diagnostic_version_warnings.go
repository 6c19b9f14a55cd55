// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// versionWarnings warns of a pinned version that is deprecated, past its date or unknown to this release.
func versionWarnings(version scp.APIVersion, now time.Time) diag.Diagnostics {
	var diags diag.Diagnostics
	at := path.Root(config.APIVersion.Attribute)
	latest := scp.APIVersions()[0].Number
	until := version.GuaranteedUntil.Format(time.DateOnly)
	move := fmt.Sprintf("Move to %s: set api_version = %q, review the plan, and apply.", latest, latest)
	switch {
	case version.Status == "":
		diags.AddAttributeWarning(at, title.UntestedAPIVersion,
			fmt.Sprintf("This release of the provider was not tested with version %s of the virtualserver API. "+
				"The latest that it knows is %s. It uses that version anyway; if a read fails, pin %s or look for a newer release of the "+
				"provider.",
				version.Number, latest, latest))
	case version.Past(now):
		diags.AddAttributeWarning(at, title.APIVersionPastItsGuaranteedDate,
			fmt.Sprintf("Version %s of the virtualserver API (%s) was guaranteed until %s, which has passed. "+
				"SCP may stop serving it at any time. %s", version.Number, version.Status, until, move))
	case version.Status == scp.StatusDeprecated:
		diags.AddAttributeWarning(at, title.DeprecatedAPIVersion,
			fmt.Sprintf("Version %s of the virtualserver API is deprecated and is guaranteed only until %s. %s",
				version.Number, until, move))
	}
	return diags
}
