// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
)

const (
	imageMembersName = "scp_virtualserver_image_members"
	apiVersionsName  = "scp_virtualserver_api_versions"
	imagesName       = "scp_virtualserver_images"
	pendingName      = "scp_virtualserver_pending_images"
)

// arguments are what each data source needs to read something of the emulator's fixtures: a new one is a line here.
var arguments = map[string]map[string]any{
	imageMembersName: {"image_id": documentImage},
	apiVersionsName:  nil,
	imagesName:       nil,
	pendingName:      nil,
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

// object is a value of the type with the given attributes; the others are null.
func object(t testing.TB, objectType tftypes.Type, attributes map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, attributeType := range objectType.(tftypes.Object).AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, attributes[name])
	}
	value, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, values))
	if err != nil {
		t.Fatal(err)
	}
	return &value
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
func (s protocolServer) read(t testing.TB, name string, attributes map[string]any, deferral bool) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	resp, err := s.ReadDataSource(context.Background(), &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: object(t, s.dataSources[name], attributes),
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: deferral},
	})
	if err != nil {
		t.Error(err)
	}
	return resp
}

// members takes the members out of a state.
func (s protocolServer) members(state *tfprotov6.DynamicValue) (members []tftypes.Value, err error) {
	return s.list(imageMembersName, state, "members")
}

// list takes the list attribute out of a state of the data source name; nil if it is null.
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

// Each unknown attribute stops the read that needs it, by a deferral where terraform allows one; what a read does not need
// may stay unknown.
func TestUnknownAttributes(t *testing.T) {
	t.Parallel()
	emulated := func(attributes map[string]any) map[string]any {
		for name, value := range map[string]any{"access_key": "demo-access-key", "secret_key": "demo-secret-key"} {
			if _, ok := attributes[name]; !ok {
				attributes[name] = value
			}
		}
		return attributes
	}
	unknown := tftypes.UnknownValue
	tests := map[string]struct {
		provider map[string]any
		noServer bool // endpoint_override is not set otherwise
		want     string
	}{
		"access_key":        {provider: map[string]any{"access_key": unknown}, want: "access_key"},
		"secret_key":        {provider: map[string]any{"secret_key": unknown}, want: "secret_key"},
		"auth_token":        {provider: map[string]any{"auth_token": unknown}, want: "auth_token"},
		"endpoint_override": {provider: map[string]any{"endpoint_override": unknown}, want: "endpoint_override"},
		"api_version":       {provider: map[string]any{"api_version": unknown}, want: "api_version"},
		"max_retries":       {provider: map[string]any{"max_retries": unknown}, want: "max_retries"},
		"max_concurrency":   {provider: map[string]any{"max_concurrency": unknown}, want: "max_concurrency"},
		"request_timeout":   {provider: map[string]any{"request_timeout": unknown}, want: "request_timeout"},
		"environment": {
			provider: map[string]any{"environment": unknown, "default_region": "kr-west1"}, noServer: true, want: "environment",
		},
		"auth_url":       {provider: map[string]any{"auth_url": unknown, "default_region": "kr-west1"}, noServer: true, want: "auth_url"},
		"default_region": {provider: map[string]any{"default_region": unknown, "environment": "e"}, noServer: true, want: "default_region"},
		"two":            {provider: map[string]any{"access_key": unknown, "secret_key": unknown}, want: "access_key, secret_key"},
		"unneeded":       {provider: map[string]any{"environment": unknown, "auth_url": unknown, "default_region": unknown}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
			if test.noServer {
				env["SCP_TF_ENDPOINT_OVERRIDE"] = ""
			}
			server := newProtocolServer(t, env)
			if diagnostics := server.configure(t, emulated(test.provider)); len(diagnostics) != 0 {
				t.Fatalf("Configure fails: %s: %s", diagnostics[0].Summary, diagnostics[0].Detail)
			}
			for dataSource := range server.dataSources {
				answered := server.read(t, dataSource, arguments[dataSource], false)
				if test.want == "" {
					if len(answered.Diagnostics) != 0 {
						t.Errorf("%s: got %v, want a read", dataSource, answered.Diagnostics)
					}
					continue
				}
				want := "The provider's " + test.want + " depends on a value"
				if len(answered.Diagnostics) != 1 || !strings.HasPrefix(answered.Diagnostics[0].Detail, want) {
					t.Errorf("%s: got %v, want one error that begins with %q", dataSource, answered.Diagnostics, want)
				}
				deferred := server.read(t, dataSource, arguments[dataSource], true)
				reason := tfprotov6.DeferredReasonProviderConfigUnknown
				if len(deferred.Diagnostics) != 0 || deferred.Deferred == nil || deferred.Deferred.Reason != reason {
					t.Errorf("%s: got deferral %v and %v, want one for the provider's configuration", dataSource, deferred.Deferred, deferred.Diagnostics)
				}
			}
			if got := len(e.Requests()); test.want != "" && got != 0 {
				t.Errorf("%d requests were sent, want none", got)
			}
		})
	}
}

// One read is one request; of a list that has pages, one for each and one for the empty page behind them.
func TestOneReadIsOneRequest(t *testing.T) {
	t.Parallel()
	e, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	server := newProtocolServer(t, env)
	if diagnostics := server.configure(t, nil); len(diagnostics) != 0 {
		t.Fatal(diagnostics[0].Summary)
	}
	for dataSource := range server.dataSources {
		before := len(e.Requests())
		if resp := server.read(t, dataSource, arguments[dataSource], false); len(resp.Diagnostics) != 0 {
			t.Fatal(resp.Diagnostics)
		}
		want := 1
		if dataSource == imagesName {
			want = 2
		}
		if got := len(e.Requests()) - before; got != want {
			t.Errorf("%s: %d requests were sent, want %d", dataSource, got, want)
		}
	}
}

// A refusal of the keys says where they come from, whatever was read. The list of versions is read without any.
func TestRefusedKeysAreTraced(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{Fault: &emulator.Fault{Status: 401}})
	server := newProtocolServer(t, env)
	server.configure(t, nil)
	for dataSource := range server.dataSources {
		if dataSource == apiVersionsName {
			continue
		}
		resp := server.read(t, dataSource, arguments[dataSource], false)
		const want = "secret_key from the environment variable SCP_TF_SECRET_KEY"
		if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail, want) {
			t.Errorf("%s: got %v, want one error that says %q", dataSource, resp.Diagnostics, want)
		}
	}
}

// The read's own time bounds all tries, and its end is told apart from a single try's.
func TestReadTimeout(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{Fault: &emulator.Fault{Kind: "hang"}})
	server := newProtocolServer(t, env)
	server.configure(t, nil)
	limit := map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, "100ms")}
	for dataSource := range server.dataSources {
		attributes := map[string]any{"timeouts": limit}
		maps.Copy(attributes, arguments[dataSource])
		start := time.Now()
		resp := server.read(t, dataSource, attributes, false)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Read Timed Out" {
			t.Errorf("%s: got %v, want that the read timed out", dataSource, resp.Diagnostics)
		}
		if elapsed := time.Since(start); elapsed > 10*time.Second {
			t.Errorf("%s: the read took %s", dataSource, elapsed)
		}
	}
}
