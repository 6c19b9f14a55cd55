// SPDX-License-Identifier: MPL-2.0

package config

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// Setting is one value of the provider's configuration and every place it can come from.
type Setting struct {
	Attribute, Env string
	file, key      string // a file under ~/.scpconf/ and the key in it; empty for none
	sensitive      bool
	url            bool  // its path, query or user may contain a secret
	emptyCounts    bool  // an empty string in the provider block is a value
	low, high      int64 // the limits of a whole number; high is 0 for a string
	description    string
}

const (
	configFile      = "config.json"
	credentialsFile = "credentials.json"

	notLiterally = "Do not write it into the configuration, because Terraform quotes lines of the configuration in its messages."
)

// The settings that messages of other packages name.
var (
	DefaultRegion = Setting{
		Attribute: "default_region", Env: "SCP_TF_DEFAULT_REGION", file: configFile, key: "default-region",
		description: "The region to read from if a data source has no `region`, e.g. `kr-west1`.",
	}
	APIVersion = Setting{
		Attribute: "api_version", Env: "SCP_TF_API_VERSION", file: configFile, key: "api-version", emptyCounts: true,
		description: "The API version to pin, `major.minor`. Default: `" + scp.DefaultAPIVersion + "`.",
	}
	MaxRetries = Setting{
		Attribute: "max_retries", Env: "SCP_TF_MAX_RETRIES", low: 0, high: 10,
		description: fmt.Sprintf("The maximum number of retries after a failure that can be retried. Default: `%d`.", scp.DefaultMaxRetries),
	}
	RequestTimeout = Setting{
		Attribute: "request_timeout", Env: "SCP_TF_REQUEST_TIMEOUT",
		description: "How long one try may take, as a Go duration such as `10s`. Default: `" + scp.DefaultRequestTimeout.String() + "`.",
	}
)

var (
	accessKey = Setting{
		Attribute: "access_key", Env: "SCP_TF_ACCESS_KEY", file: credentialsFile, key: "access-key", sensitive: true,
		description: "The access key. Required: set it in the provider block, the variable or the file. " + notLiterally,
	}
	secretKey = Setting{
		Attribute: "secret_key", Env: "SCP_TF_SECRET_KEY", file: credentialsFile, key: "secret-key", sensitive: true,
		description: "The secret key. Required: set it in the provider block, the variable or the file. " + notLiterally,
	}
	authToken = Setting{
		Attribute: "auth_token", Env: "SCP_TF_AUTH_TOKEN", file: credentialsFile, key: "auth-token", sensitive: true,
		description: "The session token of temporary keys, sent as `X-Auth-Token`.",
	}
	environment = Setting{
		Attribute: "environment", Env: "SCP_TF_ENVIRONMENT", file: configFile, key: "environment",
		description: "The environment, which is part of SCP's host names: `s`, `g`, `e` or a later one. Default: taken from `auth_url`.",
	}
	authURL = Setting{
		Attribute: "auth_url", Env: "SCP_TF_AUTH_URL", file: configFile, key: "auth-url", url: true,
		description: "A setting of the vendor's provider. Only the environment is taken from it: " +
			"`https://iam.e.samsungsdscloud.com/v1` gives `e`.",
	}
	endpointOverride = Setting{
		Attribute: "endpoint_override", Env: "SCP_TF_ENDPOINT_OVERRIDE", file: configFile, key: "endpoint-override", url: true,
		description: "The base URL of the virtualserver service, used instead of the one made from region and environment. " +
			"It may contain `{region}`. `https` is required, except for loopback addresses.",
	}
	maxConcurrency = Setting{
		Attribute: "max_concurrency", Env: "SCP_TF_MAX_CONCURRENCY", low: 1, high: 64,
		description: fmt.Sprintf("The maximum number of requests at the same time, over all data sources. Default: "+
			"`%d`.", scp.DefaultMaxConcurrency),
	}
)

// settings are all settings, in the order in which their errors are reported.
var settings = []Setting{
	accessKey, secretKey, authToken, DefaultRegion, environment, authURL, endpointOverride, APIVersion, MaxRetries,
	RequestTimeout, maxConcurrency,
}

// Attributes returns the attributes of the provider block.
func Attributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(settings))
	for _, s := range settings {
		attributes[s.Attribute] = s.schema()
	}
	return attributes
}

func (s Setting) isNumber() bool { return s.high > 0 }

// form returns what a whole number must be.
func (s Setting) form() string { return fmt.Sprintf("a whole number from %d to %d", s.low, s.high) }

func (s Setting) schema() schema.Attribute {
	description := s.description
	if s.isNumber() {
		description += " Must be " + s.form() + "."
	}
	description += " Environment variable: `" + s.Env + "`."
	if s.file != "" {
		description += " File: `~/.scpconf/" + s.file + "`, key `" + s.key + "`."
	}
	if s.isNumber() {
		limits := []validator.Int64{int64validator.Between(s.low, s.high)}
		return schema.Int64Attribute{Optional: true, MarkdownDescription: description, Validators: limits}
	}
	return schema.StringAttribute{Optional: true, Sensitive: s.sensitive, MarkdownDescription: description}
}

// Remedy returns a sentence or two with every place where the setting can be set. It is for settings that a file can have.
func (s Setting) Remedy() string {
	elsewhere := fmt.Sprintf("the environment variable %s, or %q in ~/.scpconf/%s.", s.Env, s.key, s.file)
	if s.sensitive {
		return "Set " + elsewhere + " In the provider block, use a variable, never the key itself."
	}
	return "Set " + s.Attribute + " in the provider block, " + elsewhere
}
