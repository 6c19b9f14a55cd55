// SPDX-License-Identifier: MPL-2.0

// Package provider is everything Terraform: it turns configuration into calls of package scp, and what they
// return into state and diagnostics.
package provider

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// Source is the provider's source as configurations name it. Nothing else in Go states it.
const Source = "scp-community/scp"

// Address is Source in Terraform's registry.
const Address = "registry.terraform.io/" + Source

const (
	typeName   = "scp"
	projectURL = "https://github.com/scp-community/terraform-provider-scp"
)

var (
	_ provider.Provider                   = (*scpProvider)(nil)
	_ provider.ProviderWithValidateConfig = (*scpProvider)(nil)
)

type scpProvider struct {
	version string
	now     func() time.Time    // decides which API versions are past their dates
	getenv  func(string) string // the variables, and with HOME the files
}

// New returns a constructor of the provider in the given version, as [providerserver.Serve] takes it.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &scpProvider{version: version, now: time.Now, getenv: os.Getenv} }
}

// Metadata implements [provider.Provider].
func (p *scpProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// Schema implements [provider.Provider].
func (p *scpProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := make(map[string]schema.Attribute, len(settings))
	for _, s := range settings {
		attributes[s.attribute] = s.schema()
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The SCP provider lists the accounts that SCP machine images are shared with.\n\n" +
			"It takes each value from the first place that has it: the attribute, the environment variable, " +
			"the file under `~/.scpconf/`, the default. An empty string counts as not set, except for `api_version`. " +
			"Variables and files are those of the vendor's provider.",
		Attributes: attributes,
	}
}

// ValidateConfig implements [provider.ProviderWithValidateConfig]. It reports faults if one of them is in the
// configuration's text, and then all of them; variables and files alone are no reason to fail `terraform validate`,
// which often runs where there are no keys.
func (p *scpProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	c := p.evaluate(ctx, req.Config, &resp.Diagnostics)
	if c.faultInBlock {
		resp.Diagnostics.Append(c.faults...)
	}
}

// Configure implements [provider.Provider]. It does not touch the network.
func (p *scpProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	c := p.evaluate(ctx, req.Config, &resp.Diagnostics)
	resp.Diagnostics.Append(c.faults...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(c.warnings...)
	if !slices.Contains(c.unknown, apiVersion.attribute) {
		resp.Diagnostics.Append(versionWarnings(c.apiVersion, p.now())...)
	}

	c.client.Now = p.now
	c.client.UserAgent = fmt.Sprintf("terraform-provider-%s/%s (+%s) Terraform/%s", typeName, p.version, projectURL, req.TerraformVersion)
	resp.DataSourceData = &providerData{
		client:               scp.NewClient(c.client),
		defaultRegion:        c.defaultRegion,
		defaultRegionUnknown: c.defaultRegionUnknown,
		unknown:              c.unknown,
		credentials:          c.credentials,
	}
}

// evaluate evaluates a provider block together with the environment and the files.
func (p *scpProvider) evaluate(ctx context.Context, config configReader, diags *diag.Diagnostics) configuration {
	return evaluate(sources{block: readBlock(ctx, config, diags), getenv: p.getenv, files: readConfFiles(p.getenv, user.Current)})
}

// DataSources implements [provider.Provider]. A new data source is a line here.
func (p *scpProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newImageMembersDataSource,
		newImagesDataSource,
		newPendingImagesDataSource,
		newAPIVersionsDataSource,
	}
}

// Resources implements [provider.Provider]. There are none: this provider only reads.
func (p *scpProvider) Resources(context.Context) []func() resource.Resource { return nil }
