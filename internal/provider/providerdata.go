// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// defaultReadTimeout limits a read with all its attempts, unless timeouts.read does.
const defaultReadTimeout = 2 * time.Minute

// providerData is what every data source gets from the provider's Configure.
type providerData struct {
	config.Configuration
	client *scp.Client // nil if the endpoint is not known yet
}

// base is what every data source has. provider is nil until the provider is configured; Terraform validates before that.
type base struct{ provider *providerData }

// Configure implements [datasource.DataSourceWithConfigure].
func (d *base) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.provider, _ = req.ProviderData.(*providerData)
}

// shared are the arguments of every data source; its model embeds them.
type shared struct {
	Region   types.String   `tfsdk:"region"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (s shared) arguments() shared { return s }

// reading is one read under way.
type reading struct {
	*providerData
	region string // "" if the endpoint takes none
	limit  time.Duration
	diags  *diag.Diagnostics
}

// read is the Read of every data source: it decodes the configuration into a model, finds the region, limits the time, and writes the
// values into the state unless there is an error.
func read[M interface{ arguments() shared }](ctx context.Context, d base, req datasource.ReadRequest, resp *datasource.ReadResponse,
	values func(context.Context, reading, M) state.Values,
) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if d.provider == nil { // the configuration was rejected, by a process that goes on to serve
		resp.Diagnostics.AddError(title.AnotherConfiguration, "The provider's configuration was rejected, so nothing can be read.")
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r, arguments := reading{providerData: d.provider, diags: &resp.Diagnostics}, model.arguments()
	if unknown := r.unknownFor(arguments.Region); len(unknown) > 0 {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &datasource.Deferred{Reason: datasource.DeferredReasonProviderConfigUnknown}
			return
		}
		resp.Diagnostics.AddError(title.ProviderNotConfiguredYet, fmt.Sprintf(
			"Not known until apply: %s. This data source is read during plan and needs a known value.\n\n"+
				"Use a value that is known during plan, such as a variable; or apply what it depends on first, "+
				"with terraform apply -target=…; or add depends_on to this data source, so that it is read during apply.",
			strings.Join(unknown, ", ")))
		return
	}
	var diags diag.Diagnostics
	r.region = r.regionOf(arguments.Region, &resp.Diagnostics)
	r.limit, diags = arguments.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	written := values(ctx, r, model)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(state.Set(ctx, written)...)
	}
}

// unknownFor returns the provider's attributes that a read with this region needs and that are not known yet.
func (c *providerData) unknownFor(region types.String) []string {
	if region.IsNull() && c.ClientConfig.Endpoint.TakesRegion() {
		return c.Unknown
	}
	return slices.DeleteFunc(slices.Clone(c.Unknown), func(attribute string) bool { return attribute == config.DefaultRegion.Attribute })
}

// regionOf returns the region to read from, or "" if the endpoint takes none.
func (c *providerData) regionOf(region types.String, diags *diag.Diagnostics) string {
	at := path.Root("region")
	endpoint := c.ClientConfig.Endpoint
	switch {
	case !endpoint.TakesRegion() && !region.IsNull():
		diags.AddAttributeError(at, title.RegionHasNoEffect, fmt.Sprintf(
			"The provider's endpoint_override, %s, does not contain {region}, so every read goes to the same endpoint.\n\n"+
				"Remove region here, or put {region} into endpoint_override where the region belongs.", endpoint.Override))
		return ""
	case !endpoint.TakesRegion():
		return ""
	case region.ValueString() != "":
		return region.ValueString()
	case c.DefaultRegion == "":
		diags.AddAttributeError(at, title.MissingRegion, "Neither this data source nor the provider names a region.\n\n"+
			"Set region here, e.g. kr-west1, or a default for all data sources. "+config.DefaultRegion.Remedy())
	}
	return c.DefaultRegion
}

// regionAttribute returns the attribute region of every data source.
func regionAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "The region, instead of `default_region`. An `endpoint_override` then needs `{region}`.",
		Validators:          []validator.String{formValidator{scp.CheckLabel, scp.LabelForm}},
	}
}

// timeoutsAttribute returns the attribute timeouts of every data source.
func timeoutsAttribute(ctx context.Context) schema.Attribute {
	attribute, _ := timeouts.AttributesWithOpts(ctx, timeouts.Opts{
		ReadDescription: "For the read with all its attempts, such as `30s`. Default: `2m`.",
	}).(schema.SingleNestedAttribute)
	attribute.MarkdownDescription = "How long this data source may take."
	read, _ := attribute.Attributes["read"].(schema.StringAttribute)
	read.Validators = append(read.Validators, formValidator{checkPositive, positiveForm})
	attribute.Attributes["read"] = read
	return attribute
}

const positiveForm = `a duration greater than zero, such as "2m"`

// checkPositive rejects a duration of zero or less. The timeouts' own validator rejects a text that is no duration.
func checkPositive(text string) error {
	if limit, err := time.ParseDuration(text); err == nil && limit <= 0 {
		return errors.New("it must be " + positiveForm)
	}
	return nil
}
