// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
)

var _ datasource.DataSourceWithConfigure = (*pendingImagesDataSource)(nil)

func newPendingImagesDataSource() datasource.DataSource { return &pendingImagesDataSource{} }

// pendingImagesDataSource is scp_virtualserver_pending_images.
type pendingImagesDataSource struct {
	provider *providerData
}

type pendingImagesModel struct {
	SCPImageType         types.String   `tfsdk:"scp_image_type"`
	SCPOriginalImageType types.String   `tfsdk:"scp_original_image_type"`
	Region               types.String   `tfsdk:"region"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`
	Images               types.List     `tfsdk:"images"`
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
			"scp_image_type": imageFilterAttribute("scp_image_type", "Filter by type, e.g. `custom`."),
			"scp_original_image_type": imageFilterAttribute("scp_original_image_type",
				"Filter by the type of the original, e.g. `standard`."),
			"region":   regionAttribute(),
			"timeouts": timeoutsAttribute(ctx),
			"images": imagesAttribute("The images, sorted by `id`. Each `id` appears once. Empty, never null, " +
				"if SCP returned an empty list. An unclear response is an error."),
		},
	}
}

// Configure implements [datasource.DataSourceWithConfigure].
func (d *pendingImagesDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.provider = providerDataFrom(req, resp)
}

// Read implements [datasource.DataSource].
func (d *pendingImagesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model pendingImagesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, region, cancel, ok := d.provider.start(ctx, req, resp, model.Region, model.Timeouts)
	if !ok {
		return
	}
	defer cancel()

	filters := imageFilters(map[string]types.String{
		"scp_image_type": model.SCPImageType, "scp_original_image_type": model.SCPOriginalImageType,
	})
	images, err := d.provider.client.PendingImages(ctx, region, filters)
	if err != nil {
		resp.Diagnostics.Append(d.provider.readError(pendingImagesTarget, err))
		return
	}
	resp.Diagnostics.Append(state.Set(ctx, state.Values{"images": imageList(images)})...)
}
