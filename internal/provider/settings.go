// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// setting is one value of the provider's configuration and every place it can come from.
type setting struct {
	attribute, env string
	file, key      string // a file under ~/.scpconf/ and the key in it; empty for none
	sensitive      bool
	url            bool    // its path, query or user may hold a secret
	emptyCounts    bool    // an empty string in the provider block is a value
	limits         *limits // for a whole number; nil for a text
	description    string
}

const (
	configFile      = "config.json"
	credentialsFile = "credentials.json"

	notLiterally = "Do not write it into the configuration, because Terraform quotes lines of the configuration in its messages."
)

var (
	accessKey = setting{
		attribute: "access_key", env: "SCP_TF_ACCESS_KEY", file: credentialsFile, key: "access-key", sensitive: true,
		description: "The access key. Required: set it in the provider block, the variable or the file. " + notLiterally,
	}
	secretKey = setting{
		attribute: "secret_key", env: "SCP_TF_SECRET_KEY", file: credentialsFile, key: "secret-key", sensitive: true,
		description: "The secret key. Required: set it in the provider block, the variable or the file. " + notLiterally,
	}
	authToken = setting{
		attribute: "auth_token", env: "SCP_TF_AUTH_TOKEN", file: credentialsFile, key: "auth-token", sensitive: true,
		description: "The session token of temporary keys, sent as `X-Auth-Token`.",
	}
	defaultRegion = setting{
		attribute: "default_region", env: "SCP_TF_DEFAULT_REGION", file: configFile, key: "default-region",
		description: "The region to read from if a data source has no `region`, e.g. `kr-west1`.",
	}
	environment = setting{
		attribute: "environment", env: "SCP_TF_ENVIRONMENT", file: configFile, key: "environment",
		description: "The environment, which is part of SCP's host names: `s`, `g`, `e` or a later one. Default: taken from `auth_url`.",
	}
	authURL = setting{
		attribute: "auth_url", env: "SCP_TF_AUTH_URL", file: configFile, key: "auth-url", url: true,
		description: "A setting of the vendor's provider. Only the environment is taken from it: `https://iam.e.samsungsdscloud.com/v1` gives `e`.",
	}
	endpointOverride = setting{
		attribute: "endpoint_override", env: "SCP_TF_ENDPOINT_OVERRIDE", file: configFile, key: "endpoint-override", url: true,
		description: "The base URL of the virtualserver service, used instead of the one made from region and environment. It may contain `{region}`. " +
			"`https` is required, except for loopback addresses.",
	}
	apiVersion = setting{
		attribute: "api_version", env: "SCP_TF_API_VERSION", file: configFile, key: "api-version", emptyCounts: true,
		description: "The API version to pin, `major.minor`. Default: `" + scp.DefaultAPIVersion + "`.",
	}
	maxRetries = setting{
		attribute: "max_retries", env: "SCP_TF_MAX_RETRIES", limits: &limits{0, 10},
		description: fmt.Sprintf("The maximum number of retries after a failure that can be retried. Default: `%d`.", scp.DefaultMaxRetries),
	}
	maxConcurrency = setting{
		attribute: "max_concurrency", env: "SCP_TF_MAX_CONCURRENCY", limits: &limits{1, 64},
		description: fmt.Sprintf("The maximum number of requests at the same time, over all data sources. Default: `%d`.", scp.DefaultMaxConcurrency),
	}
	requestTimeout = setting{
		attribute: "request_timeout", env: "SCP_TF_REQUEST_TIMEOUT",
		description: "How long one try may take, as a Go duration such as `10s`. Default: `" + scp.DefaultRequestTimeout.String() + "`.",
	}
)

// settings are all of them, in the order in which their faults are reported.
var settings = []setting{
	accessKey, secretKey, authToken, defaultRegion, environment, authURL, endpointOverride, apiVersion, maxRetries,
	requestTimeout, maxConcurrency,
}

func (s setting) schema() schema.Attribute {
	description := s.description
	if s.limits != nil {
		description += " Must be " + s.limits.form() + "."
	}
	description += " Environment variable: `" + s.env + "`."
	if s.file != "" {
		description += " File: `~/.scpconf/" + s.file + "`, key `" + s.key + "`."
	}
	if s.limits != nil {
		return schema.NumberAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.Number{s.limits}}
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
