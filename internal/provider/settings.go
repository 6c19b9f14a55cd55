package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// setting is one value of the provider's configuration and every place it can come from.
type setting struct {
	attribute, env string
	file, key      string // a file under ~/.scpconf/ and the key in it; empty for none
	sensitive      bool
	emptyCounts    bool // an empty string in HCL is a value
	number         bool
	description    string
}

const (
	configFile      = "config.json"
	credentialsFile = "credentials.json"

	notLiterally = "Do not write it into the configuration itself: Terraform quotes lines of the configuration in its messages."

	maxMaxRetries     = 10
	maxMaxConcurrency = 64
)

var (
	accessKey = setting{
		attribute: "access_key", env: "SCP_TF_ACCESS_KEY", file: credentialsFile, key: "access-key", sensitive: true,
		description: "The access key. Required, here or in one of the other places. " + notLiterally,
	}
	secretKey = setting{
		attribute: "secret_key", env: "SCP_TF_SECRET_KEY", file: credentialsFile, key: "secret-key", sensitive: true,
		description: "The secret key. Required, here or in one of the other places. " + notLiterally,
	}
	authToken = setting{
		attribute: "auth_token", env: "SCP_TF_AUTH_TOKEN", file: credentialsFile, key: "auth-token", sensitive: true,
		description: "A session token, sent as `X-Auth-Token`, for temporary keys.",
	}
	defaultRegion = setting{
		attribute: "default_region", env: "SCP_TF_DEFAULT_REGION", file: configFile, key: "default-region",
		description: "The region to read from where a data source names none, e.g. `kr-west1`.",
	}
	environment = setting{
		attribute: "environment", env: "SCP_TF_ENVIRONMENT", file: configFile, key: "environment",
		description: "The environment, the second part of SCP's host names: `s`, `g`, `e` or a later one. Default: taken from `auth_url`.",
	}
	authURL = setting{
		attribute: "auth_url", env: "SCP_TF_AUTH_URL", file: configFile, key: "auth-url",
		description: "The setting of the vendor's provider, read only for the environment in it: `https://iam.e.samsungsdscloud.com/v1` gives `e`.",
	}
	endpointOverride = setting{
		attribute: "endpoint_override", env: "SCP_TF_ENDPOINT_OVERRIDE", file: configFile, key: "endpoint-override",
		description: "The base URL of the virtualserver service, instead of region and environment. It may hold `{region}`. " +
			"`https` is required, except for loopback addresses.",
	}
	apiVersion = setting{
		attribute: "api_version", env: "SCP_TF_API_VERSION", file: configFile, key: "api-version", emptyCounts: true,
		description: "The API version to pin, `major.minor`. Default: `" + scp.DefaultAPIVersion + "`.",
	}
	maxRetries = setting{
		attribute: "max_retries", env: "SCP_TF_MAX_RETRIES", number: true,
		description: fmt.Sprintf("How many tries may follow a failed one that is worth it, 0 to %d. Default: `%d`.", maxMaxRetries, scp.DefaultMaxRetries),
	}
	maxConcurrency = setting{
		attribute: "max_concurrency", env: "SCP_TF_MAX_CONCURRENCY", number: true,
		description: fmt.Sprintf("How many requests may be under way at once, over all data sources, 1 to %d. Default: `%d`.", maxMaxConcurrency, scp.DefaultMaxConcurrency),
	}
	requestTimeout = setting{
		attribute: "request_timeout", env: "SCP_TF_REQUEST_TIMEOUT",
		description: "How long one request may take, as a Go duration such as `10s`. Default: `" + scp.DefaultRequestTimeout.String() + "`.",
	}
)

// settings are all of them, in the order in which their faults are reported.
var settings = []setting{
	accessKey, secretKey, authToken, defaultRegion, environment, authURL, endpointOverride, apiVersion, maxRetries,
	requestTimeout, maxConcurrency,
}

func (s setting) schema() schema.Attribute {
	description := s.description + " Environment variable: `" + s.env + "`."
	if s.file != "" {
		description += " File: `~/.scpconf/" + s.file + "`, key `" + s.key + "`."
	}
	if s.number {
		return schema.NumberAttribute{Optional: true, MarkdownDescription: description}
	}
	return schema.StringAttribute{Optional: true, Sensitive: s.sensitive, MarkdownDescription: description}
}

// remedy says every place where the setting can be set.
func (s setting) remedy() string {
	places := []string{"the provider's attribute " + s.attribute, "the environment variable " + s.env}
	if s.file != "" {
		places = append(places, fmt.Sprintf("the key %q in ~/.scpconf/%s", s.key, s.file))
	}
	last := len(places) - 1
	return "Set " + strings.Join(places[:last], ", ") + " or " + places[last] + "."
}

// found is a setting's value and where it came from.
type found struct {
	text    string
	origin  string // in words; empty if the setting is set nowhere
	inHCL   bool
	unknown bool // in HCL, and not known before apply
}

// lookup takes the setting from the first place that has it. An unknown value in HCL is found there: falling through
// to another place would read with other credentials, or from another endpoint, than the configuration says.
func (s setting) lookup(hcl types.String, getenv func(string) string, files map[string]scp.ConfFile) (found, error) {
	if hcl.IsUnknown() {
		return found{inHCL: true, unknown: true}, nil
	}
	if !hcl.IsNull() && (hcl.ValueString() != "" || s.emptyCounts) {
		return found{text: hcl.ValueString(), origin: "the provider's attribute " + s.attribute, inHCL: true}, nil
	}
	if text := getenv(s.env); text != "" {
		return found{text: text, origin: "the environment variable " + s.env}, nil
	}
	file := files[s.file]
	text, err := file.Lookup(s.key)
	if err != nil || text == "" {
		return found{}, err
	}
	return found{text: text, origin: fmt.Sprintf("the key %q in %s", s.key, file.Path)}, nil
}

// configReader is the part of [tfsdk.Config] that is needed to read settings.
type configReader interface {
	GetAttribute(ctx context.Context, path path.Path, target any) diag.Diagnostics
}

// readConfig returns the values of all settings in HCL, by attribute.
func readConfig(ctx context.Context, config configReader, diags *diag.Diagnostics) map[string]types.String {
	values := make(map[string]types.String, len(settings))
	for _, s := range settings {
		at := path.Root(s.attribute)
		if s.number {
			var value types.Number
			diags.Append(config.GetAttribute(ctx, at, &value)...)
			values[s.attribute] = numberAsText(value)
			continue
		}
		var value types.String
		diags.Append(config.GetAttribute(ctx, at, &value)...)
		values[s.attribute] = value
	}
	return values
}

// numberAsText gives a number the form that it has in a variable.
func numberAsText(value types.Number) types.String {
	switch {
	case value.IsUnknown():
		return types.StringUnknown()
	case value.IsNull():
		return types.StringNull()
	}
	return types.StringValue(value.ValueBigFloat().Text('f', -1))
}
