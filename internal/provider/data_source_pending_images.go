// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
)

var _ datasource.DataSourceWithConfigure = (*pendingImagesDataSource)(nil)

func newPendingImagesDataSource() datasource.DataSource { return &pendingImagesDataSource{} }

// pendingImagesDataSource is scp_virtualserver_pending_images.
type pendingImagesDataSource struct{ base }

type pendingImagesModel struct {
	shared
	SCPImageType         types.String `tfsdk:"scp_image_type"`
	SCPOriginalImageType types.String `tfsdk:"scp_original_image_type"`
	Images               types.List   `tfsdk:"images"`
}

var pendingImagesTarget = target{
	what: "the list of pending images", action: "list pending images", check: "the data source's filters", unclear: imagesTarget.unclear,
}

// Metadata implements [datasource.DataSource].
func (d *pendingImagesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_virtualserver_pending_images"
}

// Schema implements [datasource.DataSource].
func (d *pendingImagesDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the images that other accounts offer to this account, and that this account has not accepted or rejected " +
			"yet.",
		Attributes: map[string]schema.Attribute{
			"scp_image_type":          imageFilterAttribute("scp_image_type", "Filter by type, e.g. `custom`."),
			"scp_original_image_type": imageFilterAttribute("scp_original_image_type", "Filter by the type of the original, e.g. `standard`."),
			"region":                  regionAttribute(),
			"timeouts":                timeoutsAttribute(ctx),
			"images": imagesAttribute("The images, sorted by `id`. Each `id` appears once. Empty, never null, " +
				"if SCP returned an empty list. An unclear response is an error."),
		},
	}
}

// Read implements [datasource.DataSource].
func (d *pendingImagesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.base, req, resp, func(ctx context.Context, r reading, model pendingImagesModel) state.Values {
		filters := imageFilters(map[string]types.String{
			"scp_image_type": model.SCPImageType, "scp_original_image_type": model.SCPOriginalImageType,
		})
		images, err := r.client.PendingImages(ctx, r.region, filters)
		if err != nil {
			return r.failed(pendingImagesTarget, err)
		}
		return state.Values{"images": images}
	})
}
