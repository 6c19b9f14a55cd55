// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-floor is the least that a provider can do: it gets a list with net/http, decodes it with encoding/json and
// hands it to Terraform's protocol. It checks nothing. Benchmarks compare the provider with it.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"net/url"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const address = "registry.terraform.io/scp-community/floor"

func main() {
	if err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return server{} }); err != nil {
		log.Fatal(err)
	}
}

// server answers what a plan with data sources asks for.
type server struct{ tfprotov6.ProviderServer }

// member and image are what the two lists have, and answer is either list.
type (
	member struct {
		CreatedAt *string `json:"created_at"`
		ImageID   *string `json:"image_id"`
		MemberID  *string `json:"member_id"`
		Status    *string `json:"status"`
		UpdatedAt *string `json:"updated_at"`
	}
	image struct {
		CreatedAt            *string `json:"created_at"`
		ID                   *string `json:"id"`
		Name                 *string `json:"name"`
		OSDistro             *string `json:"os_distro"`
		Owner                *string `json:"owner"`
		OwnerAccountName     *string `json:"owner_account_name"`
		Protected            *bool   `json:"protected"`
		SCPImageType         *string `json:"scp_image_type"`
		SCPOriginalImageType *string `json:"scp_original_image_type"`
		Status               *string `json:"status"`
		UpdatedAt            *string `json:"updated_at"`
		Visibility           *string `json:"visibility"`
	}
	answer struct {
		Members []member `json:"members"`
		Images  []image  `json:"images"`
	}
)

var elementTypes = map[string]tftypes.Object{
	"members": {AttributeTypes: map[string]tftypes.Type{
		"created_at": tftypes.String, "image_id": tftypes.String, "member_id": tftypes.String, "status": tftypes.String,
		"updated_at": tftypes.String,
	}},
	"images": {AttributeTypes: map[string]tftypes.Type{
		"created_at": tftypes.String, "id": tftypes.String, "name": tftypes.String, "os_distro": tftypes.String, "owner": tftypes.String,
		"owner_account_name": tftypes.String, "protected": tftypes.Bool, "scp_image_type": tftypes.String,
		"scp_original_image_type": tftypes.String,
		"status":                  tftypes.String,
		"updated_at":              tftypes.String, "visibility": tftypes.String,
	}},
}

func text(s *string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func (m member) value() tftypes.Value {
	return tftypes.NewValue(elementTypes["members"], map[string]tftypes.Value{
		"created_at": text(m.CreatedAt), "image_id": text(m.ImageID), "member_id": text(m.MemberID), "status": text(m.Status),
		"updated_at": text(m.UpdatedAt),
	})
}

func (i image) value() tftypes.Value {
	return tftypes.NewValue(elementTypes["images"], map[string]tftypes.Value{
		"created_at": text(i.CreatedAt), "id": text(i.ID), "name": text(i.Name), "os_distro": text(i.OSDistro), "owner": text(i.Owner),
		"owner_account_name": text(i.OwnerAccountName), "protected": tftypes.NewValue(tftypes.Bool, i.Protected),
		"scp_image_type":          text(i.SCPImageType),
		"scp_original_image_type": text(i.SCPOriginalImageType), "status": text(i.Status),
		"updated_at": text(i.UpdatedAt), "visibility": text(i.Visibility),
	})
}

// stateType is the type of the data source of a list: floor_members or floor_images.
func stateType(list string) tftypes.Object {
	return tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"urls": tftypes.List{ElementType: tftypes.String},
		list:   tftypes.List{ElementType: elementTypes[list]},
	}}
}

func schemaOf(list string) *tfprotov6.Schema {
	var attributes []*tfprotov6.SchemaAttribute
	for name, attributeType := range elementTypes[list].AttributeTypes {
		attributes = append(attributes, &tfprotov6.SchemaAttribute{Name: name, Type: attributeType, Computed: true})
	}
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "urls", Type: tftypes.List{ElementType: tftypes.String}, Required: true},
		{Name: list, Computed: true, NestedType: &tfprotov6.SchemaObject{Nesting: tfprotov6.SchemaObjectNestingModeList, Attributes: attributes}},
	}}}
}

func (server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	names := []tfprotov6.DataSourceMetadata{{TypeName: "floor_members"}, {TypeName: "floor_images"}}
	return &tfprotov6.GetMetadataResponse{DataSources: names}, nil
}

func (server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:          &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
		DataSourceSchemas: map[string]*tfprotov6.Schema{"floor_members": schemaOf("members"), "floor_images": schemaOf("images")},
	}, nil
}

func (server) GetResourceIdentitySchemas(
	context.Context, *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (server) ValidateProviderConfig(
	_ context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (server) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (server) ValidateDataResourceConfig(
	context.Context, *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	list := "members"
	if req.TypeName == "floor_images" {
		list = "images"
	}
	config, err := req.Config.Unmarshal(stateType(list))
	if err != nil {
		return nil, err
	}
	var attributes map[string]tftypes.Value
	var urls []tftypes.Value
	if err := config.As(&attributes); err != nil {
		return nil, err
	}
	if err := attributes["urls"].As(&urls); err != nil {
		return nil, err
	}
	values, err := readAll(ctx, list, urls)
	if err != nil {
		return nil, err
	}
	attributes[list] = tftypes.NewValue(tftypes.List{ElementType: elementTypes[list]}, values)
	state, err := tfprotov6.NewDynamicValue(stateType(list), tftypes.NewValue(stateType(list), attributes))
	return &tfprotov6.ReadDataSourceResponse{State: &state}, err
}

// readAll reads the list at each URL, sixteen at once.
func readAll(ctx context.Context, list string, urls []tftypes.Value) ([]tftypes.Value, error) {
	lists, errs, slots := make([][]tftypes.Value, len(urls)), make([]error, len(urls)), make(chan struct{}, 16)
	var readers sync.WaitGroup
	for i := range urls {
		readers.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			var address string
			if errs[i] = urls[i].As(&address); errs[i] == nil {
				lists[i], errs[i] = read(ctx, list, address)
			}
		})
	}
	readers.Wait()
	values := []tftypes.Value{}
	for i := range lists {
		if errs[i] != nil {
			return nil, errs[i]
		}
		values = append(values, lists[i]...)
	}
	return values, nil
}

// read gets a list. One of images is got page after page until one is empty.
func read(ctx context.Context, list, address string) (values []tftypes.Value, err error) {
	for next := address; ; {
		got, err := get(ctx, next)
		if err != nil {
			return nil, err
		}
		for _, m := range got.Members {
			values = append(values, m.value())
		}
		for _, i := range got.Images {
			values = append(values, i.value())
		}
		if list == "members" || len(got.Images) == 0 {
			return values, nil
		}
		next = address + "?marker=" + url.QueryEscape(*got.Images[len(got.Images)-1].ID)
	}
}

func get(ctx context.Context, address string) (got answer, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return got, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return got, err
	}
	defer func() { _ = response.Body.Close() }()
	return got, json.NewDecoder(response.Body).Decode(&got)
}
