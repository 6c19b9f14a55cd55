// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

var (
	_ datasource.DataSourceWithConfigure        = (*imageMembersDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*imageMembersDataSource)(nil)
)

func newImageMembersDataSource() datasource.DataSource { return &imageMembersDataSource{} }

// imageMembersDataSource is scp_virtualserver_image_members.
type imageMembersDataSource struct{ base }

type imageMembersModel struct {
	shared
	ImageID  types.String `tfsdk:"image_id"`
	ImageIDs types.List   `tfsdk:"image_ids"`
	Members  types.List   `tfsdk:"members"`
}

// imageMembersOf returns the target of a read of one image's members. The attribute names the image, or by mistake a key.
func (r reading) imageMembersOf(imageID string, attribute path.Path) target {
	return target{
		what: "the members of image " + r.client.Clean(imageID), attribute: attribute, action: "list this image's members",
		denied: "If the image belongs to another account, use that account's keys: only the owner sees all members. SCP may also respond with " +
			"403 for an image whose visibility is not Shared.\n\n",
		check:   fmt.Sprintf("%s against the console", attribute.Steps()[0]),
		unclear: "The response does not clearly list the members, so the read fails instead of returning an empty list.",
	}
}

// Metadata implements [datasource.DataSource].
func (d *imageMembersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_virtualserver_image_members"
}

// Schema implements [datasource.DataSource].
func (d *imageMembersDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	isImageID := formValidator{scp.CheckImageID, scp.ImageIDForm}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the accounts that a machine image is shared with.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The image's ID: " + scp.ImageIDForm + ". Exactly one of `image_id` and `image_ids` is required.",
				Validators:          []validator.String{isImageID},
			},
			"image_ids": schema.ListAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "The IDs of several images. An ID that is listed twice is read once; another spelling of it is another ID.",
				Validators:          []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(isImageID)},
			},
			"region":   regionAttribute(),
			"timeouts": timeoutsAttribute(ctx),
			"members": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "The members, sorted by image and `member_id`, each once per image. Empty, not null, if SCP returned an " +
					"empty list.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"created_at": schema.StringAttribute{
						Computed: true, MarkdownDescription: "As the API sent it, e.g. `2025-07-22T09:00:00Z`.",
					},
					"image_id":  schema.StringAttribute{Computed: true, MarkdownDescription: "The image's ID, spelled as in the configuration."},
					"member_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The ID of the account that the image is shared with."},
					"status": schema.StringAttribute{
						Computed: true,
						MarkdownDescription: "`pending`, `accepted`, `rejected`, or another one that SCP sends. See " +
							"[What the status means](#what-the-status-means).",
					},
					"updated_at": schema.StringAttribute{Computed: true, MarkdownDescription: "As the API sent it."},
				}},
			},
		},
	}
}

// ConfigValidators implements [datasource.DataSourceWithConfigValidators].
func (d *imageMembersDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("image_id"), path.MatchRoot("image_ids")),
	}
}

// Read implements [datasource.DataSource].
func (d *imageMembersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.base, req, resp, func(ctx context.Context, r reading, model imageMembersModel) state.Values {
		if model.ImageIDs.IsNull() {
			imageID := model.ImageID.ValueString()
			members, err := r.client.ImageMembers(ctx, r.region, imageID)
			if err != nil {
				return r.failed(r.imageMembersOf(imageID, path.Root("image_id")), err)
			}
			return state.Values{"members": members}
		}
		var configured []string
		resp.Diagnostics.Append(model.ImageIDs.ElementsAs(ctx, &configured, false)...)
		// An ID that is there twice is read once. Another spelling of it is another ID.
		imageIDs := slices.Compact(slices.Sorted(slices.Values(configured)))
		members, failures := r.readImages(ctx, imageIDs)
		if len(failures) > 0 {
			// At one ID: terraform quotes what a diagnostic points at, and the list may have a thousand lines.
			at := path.Root("image_ids").AtListIndex(slices.Index(configured, failures[0].imageID))
			resp.Diagnostics.Append(r.fleetError(at, len(imageIDs), failures))
		}
		return state.Values{"members": members}
	})
}
