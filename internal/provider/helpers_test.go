// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// The words that the tests of this package share. Most tests read a data source as terraform does, but without terraform:
//
//	e, env := startEmulator(t, defaultFixtures(t), emulator.Options{}) // env are the variables that lead to it
//	server := startProvider(t, env)
//	resp := server.read(t, imageMembersName, map[string]any{"image_id": documentImage})
//	members, err := server.list(imageMembersName, resp.State, "members")
//	requests := e.Requests() // that have arrived
//
// Two need terraform, and skip the test with -short: runSteps runs terraform with the provider in the test's process, and newCLI is a
// folder in which the real command runs with the built provider.

// The names of the data sources.
const (
	imageMembersName = "scp_virtualserver_image_members"
	apiVersionsName  = "scp_virtualserver_api_versions"
	imagesName       = "scp_virtualserver_images"
	pendingName      = "scp_virtualserver_pending_images"
)

func TestMain(m *testing.M) { os.Exit(acc.Main(m, Source)) }

// variables are environment variables that one test's provider sees. Tests run at the same time.
type variables map[string]string

// lookupEnv is os.LookupEnv as the provider sees it.
func (v variables) lookupEnv(name string) (string, bool) {
	if value, ok := v[name]; ok {
		return value, true
	}
	return os.LookupEnv(name)
}

// list returns the variables as a command's environment has them.
func (v variables) list() []string {
	var list []string
	for name, value := range v {
		list = append(list, name+"="+value)
	}
	return list
}

// set adds variables, each as NAME=value.
func (v variables) set(list ...string) variables {
	for _, variable := range list {
		name, value, _ := strings.Cut(variable, "=")
		v[name] = value
	}
	return v
}

// startEmulator starts an emulator and returns the variables that lead to it.
func startEmulator(t testing.TB, fixtures emulator.Fixtures, options emulator.Options) (*emulator.Emulator, variables) {
	t.Helper()
	return startEmulatorOn(t, emulator.Fixed(fixtures), options)
}

// startEmulatorOn is startEmulator for fixtures that change while it runs.
func startEmulatorOn(t testing.TB, read func() (emulator.Fixtures, error), options emulator.Options) (*emulator.Emulator, variables) {
	t.Helper()
	fixtures, err := read()
	if err != nil {
		t.Fatal(err)
	}
	e := emulator.New(read, options)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return e, variables{}.set(emulator.Environment(server.URL, fixtures)...)
}

// startBelow starts an emulator that answers below prefix only, and returns the address without it.
func startBelow(t *testing.T, fixtures emulator.Fixtures, prefix string) (e *emulator.Emulator, url string) {
	t.Helper()
	e = emulator.New(emulator.Fixed(fixtures), emulator.Options{})
	server := httptest.NewServer(http.StripPrefix(prefix, e))
	t.Cleanup(server.Close)
	return e, server.URL
}

// newProvider returns the provider with a clock and variables of the test's own.
func newProvider(now func() time.Time, env variables) *scpProvider {
	return &scpProvider{version: "test", now: now, lookupEnv: env.lookupEnv}
}

// protocolServer is the provider as terraform talks to it, without terraform.
type protocolServer struct {
	tfprotov6.ProviderServer
	provider    tftypes.Type
	dataSources map[string]tftypes.Type
}

func newProtocolServer(t testing.TB, env variables) protocolServer {
	t.Helper()
	server := state.NewServer(newProvider(time.Now, env))
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	dataSources := map[string]tftypes.Type{}
	for name, schema := range schemas.DataSourceSchemas {
		dataSources[name] = schema.ValueType()
	}
	return protocolServer{server, schemas.Provider.ValueType(), dataSources}
}

// startProvider returns the provider, configured by these variables alone.
func startProvider(t testing.TB, env variables) protocolServer {
	t.Helper()
	server := newProtocolServer(t, env)
	if diagnostics := server.configure(t, nil); len(diagnostics) != 0 {
		t.Fatal(describe(diagnostics))
	}
	return server
}

// configure returns the diagnostics of the provider's configuration.
func (s protocolServer) configure(t testing.TB, attributes map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := s.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4", Config: object(t, s.provider, attributes),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// read reads the data source name with the given arguments.
func (s protocolServer) read(t testing.TB, name string, arguments map[string]any) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	return s.readOrDefer(t, name, arguments, false)
}

func (s protocolServer) readOrDefer(t testing.TB, name string, arguments map[string]any, deferral bool) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // as gRPC does when a call has returned
	resp, err := s.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: object(t, s.dataSources[name], arguments),
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: deferral},
	})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return &tfprotov6.ReadDataSourceResponse{State: object(t, s.dataSources[name], nil)}
	}
	return resp
}

// describe returns the text of diagnostics.
func describe(diagnostics []*tfprotov6.Diagnostic) string {
	texts := []string{"no diagnostics"}
	for i, d := range diagnostics {
		texts = append(texts[:i], d.Severity.String()+": "+d.Summary+": "+d.Detail)
	}
	return strings.Join(texts, "\n")
}

// list returns the list attribute of a state of the data source name; nil if it is null.
func (s protocolServer) list(name string, state *tfprotov6.DynamicValue, attribute string) (list []tftypes.Value, err error) {
	value, err := state.Unmarshal(s.dataSources[name])
	if err != nil {
		return nil, err
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		return nil, err
	}
	if attributes[attribute].IsNull() {
		return nil, nil
	}
	return list, attributes[attribute].As(&list)
}

// object returns an object of the type as the protocol encodes it.
func object(t testing.TB, objectType tftypes.Type, attributes map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	value, err := tfprotov6.NewDynamicValue(objectType, objectValue(objectType, attributes))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

// objectValue returns an object of the type with the given attributes; the others are null.
func objectValue(objectType tftypes.Type, attributes map[string]any) tftypes.Value {
	values := map[string]tftypes.Value{}
	for name, attributeType := range objectType.(tftypes.Object).AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, attributes[name])
	}
	return tftypes.NewValue(objectType, values)
}

// runSteps runs terraform's steps with the provider in the test's process.
func runSteps(t *testing.T, env variables, steps ...resource.TestStep) {
	t.Helper()
	acc.NeedTerraform(t)
	for i := range steps {
		steps[i].ProtoV6ProviderFactories = map[string]func() (tfprotov6.ProviderServer, error){
			typeName: func() (tfprotov6.ProviderServer, error) { return state.NewServer(newProvider(time.Now, env)), nil },
		}
	}
	resource.UnitTest(t, resource.TestCase{Steps: steps})
}

const requiredProviders = "terraform {\n  required_providers {\n    scp = {\n      source = \"" + Source + "\"\n    }\n  }\n}\n"

// newCLI returns a folder with a configuration in which the real terraform runs.
func newCLI(t *testing.T, configuration string) acc.Terraform {
	t.Helper()
	return acc.NewTerraform(t, map[string]string{"main.tf": configuration})
}

// readConfiguration returns a configuration that reads the members of one image, at documentAddress.
func readConfiguration(imageID string) string {
	return `data "scp_virtualserver_image_members" "test" { image_id = "` + imageID + `" }`
}

const documentAddress = "data.scp_virtualserver_image_members.test"
