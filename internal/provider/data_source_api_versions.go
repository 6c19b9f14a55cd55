// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
)

var _ datasource.DataSourceWithConfigure = (*apiVersionsDataSource)(nil)

func newAPIVersionsDataSource() datasource.DataSource { return &apiVersionsDataSource{} }

// apiVersionsDataSource is scp_virtualserver_api_versions.
type apiVersionsDataSource struct{ base }

type apiVersionsModel struct {
	shared
	Pinned   types.String `tfsdk:"pinned"`
	Versions types.List   `tfsdk:"versions"`
}

// apiVersion is a version in the state.
type apiVersion struct {
	Number    string  `json:"version"`
	Status    *string `json:"status"`
	NotBefore *string `json:"not_before"`
}

var apiVersionsTarget = target{what: "the API versions of the virtualserver service"}

// Metadata implements [datasource.DataSource].
func (d *apiVersionsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_virtualserver_api_versions"
}

// Schema implements [datasource.DataSource].
func (d *apiVersionsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the API versions that SCP's virtualserver service serves now, so that you can move before the pinned " +
			"version is retired.",
		Attributes: map[string]schema.Attribute{
			"region":   regionAttribute(),
			"timeouts": timeoutsAttribute(ctx),
			"pinned": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The version that this provider is pinned to, e.g. `1.3`.",
			},
			"versions": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The versions, sorted by number. Never empty: a list that cannot be read is an error.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"not_before": schema.StringAttribute{
						Computed: true,
						MarkdownDescription: "The version's date as the API sent it, e.g. `2026-08-31`. What it means depends on `status`: " +
							"see [The date of a version](#the-date-of-a-version).",
					},
					"status": schema.StringAttribute{
						Computed: true, MarkdownDescription: "The version's status as the API sent it: `CURRENT`, `SUPPORTED`, `DEPRECATED` or another word.",
					},
					"version": schema.StringAttribute{Computed: true, MarkdownDescription: "The version's number, `major.minor`."},
				}},
			},
		},
	}
}

// Read implements [datasource.DataSource].
func (d *apiVersionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.base, req, resp, func(ctx context.Context, r reading, _ apiVersionsModel) state.Values {
		versions, err := r.client.ServiceVersions(ctx, r.region)
		if err != nil {
			return r.failed(apiVersionsTarget, err)
		}
		var list []apiVersion
		for _, version := range versions {
			list = append(list, apiVersion(version))
		}
		return state.Values{"pinned": r.APIVersion.Number, "versions": list}
	})
}
