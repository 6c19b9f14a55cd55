// SPDX-License-Identifier: MPL-2.0

package config

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// Setting is one value of the provider's configuration and every place it can come from.
type Setting struct {
	Attribute, Env string
	File, Key      string // a file under ~/.scpconf/ and the key in it; empty for none
	Default        string // in words, in Markdown
	sensitive      bool
	url            bool  // its path, query or user may contain a secret
	emptyCounts    bool  // an empty string in the provider block is a value
	low, high      int64 // the limits of a whole number; high is 0 for a string
	description    string
	example        string // of a right value, to follow what it must be
}

const (
	configFile      = "config.json"
	credentialsFile = "credentials.json"

	required  = "required"
	noDefault = "none"
)

// The settings that messages of other packages name.
var (
	DefaultRegion = Setting{
		Attribute: "default_region", Env: "SCP_TF_DEFAULT_REGION", File: configFile, Key: "default-region", Default: noDefault,
		description: "The region of data sources without `region`, e.g. `kr-west1`.", example: ", such as kr-west1",
	}
	APIVersion = Setting{
		Attribute: "api_version", Env: "SCP_TF_API_VERSION", File: configFile, Key: "api-version", emptyCounts: true,
		Default: "`" + scp.DefaultAPIVersion + "`", description: "The API version to pin, such as `1.3`.",
	}
	MaxRetries = Setting{
		Attribute: "max_retries", Env: "SCP_TF_MAX_RETRIES", low: 0, high: 10, Default: fmt.Sprintf("`%d`", scp.DefaultMaxRetries),
		description: "How often a failed request is retried.",
	}
	RequestTimeout = Setting{
		Attribute: "request_timeout", Env: "SCP_TF_REQUEST_TIMEOUT", Default: "`" + scp.DefaultRequestTimeout.String() + "`",
		description: "How long one attempt may take, e.g. `10s`.",
	}
)

var (
	accessKey = Setting{
		Attribute: "access_key", Env: "SCP_TF_ACCESS_KEY", File: credentialsFile, Key: "access-key", sensitive: true, Default: required,
	}
	secretKey = Setting{
		Attribute: "secret_key", Env: "SCP_TF_SECRET_KEY", File: credentialsFile, Key: "secret-key", sensitive: true, Default: required,
	}
	authToken = Setting{
		Attribute: "auth_token", Env: "SCP_TF_AUTH_TOKEN", File: credentialsFile, Key: "auth-token", sensitive: true, Default: noDefault,
		description: "The session token of temporary keys, sent as `X-Auth-Token`.",
	}
	environment = Setting{
		Attribute: "environment", Env: "SCP_TF_ENVIRONMENT", File: configFile, Key: "environment", Default: "from `auth_url`",
		description: "The environment in SCP's host names: `s`, `g`, `e` or a later one.", example: ", such as e, s or g",
	}
	authURL = Setting{
		Attribute: "auth_url", Env: "SCP_TF_AUTH_URL", File: configFile, Key: "auth-url", url: true, Default: noDefault,
		description: "The vendor's setting: `https://iam.e.samsungsdscloud.com/v1` gives environment `e`.",
	}
	endpointOverride = Setting{
		Attribute: "endpoint_override", Env: "SCP_TF_ENDPOINT_OVERRIDE", File: configFile, Key: "endpoint-override", url: true,
		Default:     noDefault,
		description: "The service's base URL, in place of region and environment. It may contain `{region}`.",
	}
	maxConcurrency = Setting{
		Attribute: "max_concurrency", Env: "SCP_TF_MAX_CONCURRENCY", low: 1, high: 64, Default: fmt.Sprintf("`%d`", scp.DefaultMaxConcurrency),
		description: "How many requests a provider block sends at the same time.",
	}
)

// settings are all settings, in the order in which their errors are reported.
var settings = []Setting{
	accessKey, secretKey, authToken, DefaultRegion, environment, authURL, endpointOverride, APIVersion, MaxRetries,
	RequestTimeout, maxConcurrency,
}

// Settings returns all settings.
func Settings() []Setting { return slices.Clone(settings) }

// Attributes returns the attributes of the provider block.
func Attributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(settings))
	for _, s := range settings {
		attributes[s.Attribute] = s.schema()
	}
	return attributes
}

func (s Setting) isNumber() bool { return s.high > 0 }

func (s Setting) schema() schema.Attribute {
	if s.isNumber() {
		return schema.Int64Attribute{Optional: true, MarkdownDescription: s.describe()}
	}
	return schema.StringAttribute{Optional: true, Sensitive: s.sensitive, MarkdownDescription: s.describe()}
}

// describe returns the description in the schema. The schema calls a required setting optional, because another place can have it.
func (s Setting) describe() string {
	if s.Default == required {
		return fmt.Sprintf("Required: `%s`, or `~/.scpconf/%s`.", s.Env, s.File)
	}
	text := s.description
	if s.isNumber() {
		text += fmt.Sprintf(" %d to %d.", s.low, s.high)
	}
	return text
}

// Remedy returns a sentence with every place where the setting can be set. It is for settings that a file can have.
func (s Setting) Remedy() string {
	return fmt.Sprintf("Set %s in the provider block, or %s, or %q in ~/.scpconf/%s.", s.Attribute, s.Env, s.Key, s.File)
}
