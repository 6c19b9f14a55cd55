// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

var _ datasource.DataSourceWithConfigure = (*imagesDataSource)(nil)

func newImagesDataSource() datasource.DataSource { return &imagesDataSource{} }

// imagesDataSource is scp_virtualserver_images.
type imagesDataSource struct{ base }

type imagesModel struct {
	shared
	Name                 types.String `tfsdk:"name"`
	OSDistro             types.String `tfsdk:"os_distro"`
	SCPImageType         types.String `tfsdk:"scp_image_type"`
	SCPOriginalImageType types.String `tfsdk:"scp_original_image_type"`
	Status               types.String `tfsdk:"status"`
	Visibility           types.String `tfsdk:"visibility"`
	Endpoint             types.String `tfsdk:"endpoint"`
	Images               types.List   `tfsdk:"images"`
}

// filters returns the filters that the configuration sets.
func (m imagesModel) filters() scp.ImageFilters {
	return imageFilters(map[string]types.String{
		"name": m.Name, "os_distro": m.OSDistro, "scp_image_type": m.SCPImageType, "scp_original_image_type": m.SCPOriginalImageType,
		"status": m.Status, "visibility": m.Visibility,
	})
}

func imageFilters(attributes map[string]types.String) scp.ImageFilters {
	filters := scp.ImageFilters{}
	for name, value := range attributes {
		if !value.IsNull() {
			filters[name] = value.ValueString()
		}
	}
	return filters
}

var imagesTarget = target{
	what: "the list of images", action: "list images", check: "the data source's filters",
	unclear: "The list may lack images, so the read fails instead of returning a shorter list.",
}

// Metadata implements [datasource.DataSource].
func (d *imagesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_virtualserver_images"
}

// Schema implements [datasource.DataSource].
func (d *imagesDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the images that SCP returns for this account, also those of others, with owner and visibility.",
		Attributes: map[string]schema.Attribute{
			"name":                    imageFilterAttribute("name", "Filter by name."),
			"os_distro":               imageFilterAttribute("os_distro", "Filter by distribution, e.g. `alma`."),
			"scp_image_type":          imageFilterAttribute("scp_image_type", "Filter by type, e.g. `custom`."),
			"scp_original_image_type": imageFilterAttribute("scp_original_image_type", "Filter by the type of the original, e.g. `standard`."),
			"status":                  imageFilterAttribute("status", "Filter by status, e.g. `active`."),
			"visibility":              imageFilterAttribute("visibility", "Filter by visibility: `public`, `community`, `shared` or `private`."),
			"region":                  regionAttribute(),
			"timeouts":                timeoutsAttribute(ctx),
			"endpoint": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The base URL that sent the list, e.g. `https://virtualserver.kr-west1.e.samsungsdscloud.com`.",
			},
			"images": imagesAttribute("The images, sorted by `id`. Empty, not null, if SCP returned none."),
		},
	}
}

// imageFilterAttribute returns the attribute of a filter that SCP applies.
func imageFilterAttribute(name, description string) schema.Attribute {
	check := func(value string) error { return scp.CheckImageFilter(name, value) }
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: description,
		Validators:          []validator.String{formValidator{check, "a filter of SCP's"}},
	}
}

// imagesAttribute returns the attribute that imageList writes.
func imagesAttribute(description string) schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"created_at":              text("As the API sent it, e.g. `2025-07-22T09:00:00Z`."),
			"id":                      text("The image's ID."),
			"name":                    text("The image's name, which others can have too."),
			"os_distro":               text("The distribution, e.g. `alma`."),
			"os_hidden":               schema.BoolAttribute{Computed: true, MarkdownDescription: "The API's `os_hidden`."},
			"owner":                   text("The ID of the account that owns the image."),
			"owner_account_name":      text("The name of that account."),
			"protected":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the image is protected from deletion."},
			"scp_image_type":          text("The image's type, e.g. `custom`."),
			"scp_original_image_type": text("That of the image it was made from, e.g. `standard`."),
			"status":                  text("The image's status, e.g. `active`."),
			"updated_at":              text("As the API sent it."),
			"visibility":              text("`private`, `shared`, `community`, `public`, or another one that SCP sends."),
		}},
	}
}

// Read implements [datasource.DataSource].
func (d *imagesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.base, req, resp, func(ctx context.Context, r reading, model imagesModel) state.Values {
		if visibility := model.Visibility.ValueString(); visibility != "" && !slices.Contains(scp.Visibilities, visibility) {
			resp.Diagnostics.AddAttributeWarning(path.Root("visibility"), title.UnknownVisibility, fmt.Sprintf(
				"SCP's documents name the visibilities %s, not %q. Check the spelling.", strings.Join(scp.Visibilities, ", "), visibility))
		}
		images, err := r.client.Images(ctx, r.region, model.filters())
		if err != nil {
			return r.failed(imagesTarget, err)
		}
		endpoint := r.client.BaseURL(r.region)
		return state.Values{"endpoint": endpoint, "images": images}
	})
}
