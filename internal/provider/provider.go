// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform side: it turns configuration into calls of package scp, and their results into state and
// diagnostics.
package provider

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// Source is the provider's source in configurations. It stands nowhere else in Go.
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
	version   string
	now       func() time.Time            // decides which API versions are past their dates
	lookupEnv func(string) (string, bool) // the variables, and with HOME the files

	mu     sync.Mutex
	served *config.Configuration // by an earlier Configure of this process, all its values known; nil for none
}

// New returns the provider in the given version.
func New(version string) provider.Provider {
	return &scpProvider{version: version, now: time.Now, lookupEnv: os.LookupEnv}
}

// NewServer returns a constructor of a server of the provider in the given version, as tf6server.Serve takes it.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return state.NewServer(New(version)) }
}

// Metadata implements [provider.Provider].
func (p *scpProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// Schema implements [provider.Provider].
func (p *scpProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Shows which accounts can use your machine images on Samsung Cloud Platform (SCP).",
		Attributes:          config.Attributes(),
	}
}

// ValidateConfig implements [provider.ProviderWithValidateConfig]. It reports errors only if at least one is in the provider block, and
// then reports all: `terraform validate` often runs where there are no keys, so variables and files alone do not make it fail.
func (p *scpProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	if c := config.Evaluate(ctx, req.Config, p.lookupEnv); c.ErrorInBlock {
		resp.Diagnostics.Append(c.Errors...)
	}
}

// Configure implements [provider.Provider]. It does not touch the network.
func (p *scpProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	c := config.Evaluate(ctx, req.Config, p.lookupEnv)
	resp.Diagnostics.Append(c.Errors...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(c.Warnings...)
	if !slices.Contains(c.Unknown, config.APIVersion.Attribute) {
		resp.Diagnostics.Append(versionWarnings(c.APIVersion, c.VersionOrigin, p.now())...)
	}

	if len(c.Unknown) == 0 && !p.isSameConfiguration(c) {
		resp.Diagnostics.AddError(title.AnotherConfiguration, "This provider process already serves another configuration, and would "+
			"read with the wrong keys or from the wrong endpoint. With -debug, Terraform uses one process for all provider blocks.\n\n"+
			"Restart the process (the one that printed TF_REATTACH_PROVIDERS), and use it for one provider block and one configuration.")
		return
	}

	c.ClientConfig.UserAgent = fmt.Sprintf("terraform-provider-%s/%s (+%s) Terraform/%s",
		typeName, p.version, projectURL, req.TerraformVersion)
	client, err := scp.NewClient(c.ClientConfig)
	if err != nil && len(c.Unknown) == 0 { // with unknown values there is nothing to read from yet
		resp.Diagnostics.AddError(title.ReadNotPossible, err.Error())
		return
	}
	resp.DataSourceData = &providerData{c, client}
}

// isSameConfiguration reports whether the process has served no other configuration. Terraform starts a process for each provider block,
// except for a debugged one.
func (p *scpProvider) isSameConfiguration(c config.Configuration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.served == nil {
		p.served = &c
	}
	return reflect.DeepEqual(p.served.ClientConfig, c.ClientConfig) && p.served.DefaultRegion == c.DefaultRegion
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
