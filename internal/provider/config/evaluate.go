// SPDX-License-Identifier: MPL-2.0

// Package config evaluates the provider's configuration: the provider block, the environment variables and the files under
// ~/.scpconf/. [Evaluate] is its way in.
package config

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// Configuration is the result of all settings, over all the places that they can come from.
type Configuration struct {
	ClientConfig  scp.Config
	APIVersion    scp.APIVersion
	VersionOrigin string // where it comes from, in words; empty for the default
	DefaultRegion string
	Unknown       []string // the attributes that a read can need and that are not known before apply
	Credentials   []string // where each comes from; indented, so that Terraform does not wrap the line

	Warnings     diag.Diagnostics
	Errors       diag.Diagnostics
	ErrorInBlock bool // at least one of Errors is about the provider block
}

// evaluation is a Configuration in the making. It goes on after an error, so that all errors are reported at once.
type evaluation struct {
	sources
	Configuration
}

// Evaluate finds and checks every setting in the provider block, the environment variables and the files under ~/.scpconf/.
func Evaluate(ctx context.Context, block Block, lookupEnv func(string) (string, bool)) Configuration {
	values, diags := readBlock(ctx, block)
	e := &evaluation{sources: sources{block: values, lookupEnv: lookupEnv}}
	e.Errors, e.ErrorInBlock = diags, diags.HasError()
	e.files = readFiles(e.getenv, user.Current)
	e.reportBrokenFiles()
	e.findCredentials()
	e.DefaultRegion = e.find(DefaultRegion, scp.CheckLabel).text
	e.findEndpoint()
	e.findVersion()
	e.ClientConfig.MaxRetries = e.findNumber(MaxRetries, scp.DefaultMaxRetries)
	e.ClientConfig.MaxConcurrency = e.findNumber(maxConcurrency, scp.DefaultMaxConcurrency)
	e.ClientConfig.RequestTimeout = scp.DefaultRequestTimeout
	e.find(RequestTimeout, func(text string) (err error) {
		e.ClientConfig.RequestTimeout, err = time.ParseDuration(text)
		if err != nil || e.ClientConfig.RequestTimeout <= 0 {
			return errors.New(`it must be a positive duration such as "30s" or "1m30s"`)
		}
		return nil
	})
	return e.Configuration
}

func (e *evaluation) reportBrokenFiles() {
	for _, name := range fileNames {
		if err := e.files[name].broken; err != nil {
			e.Errors.AddError(title.ConfigurationFileCannotBeRead,
				fmt.Sprintf("%s: %s.\n\nCorrect the file, or remove it if it is not needed.", e.files[name].path, err))
		}
	}
}

func (e *evaluation) findCredentials() {
	keys := &e.ClientConfig.Credentials
	keys.AccessKey = e.findCredential(accessKey, checkSecret)
	keys.SecretKey = e.findCredential(secretKey, checkSecretKey)
	keys.AuthToken = e.findCredential(authToken, checkSecret)
}

func (e *evaluation) findCredential(s Setting, check func(string) error) string {
	value := e.find(s, check)
	if s.Default == required && !value.isSet() {
		e.reportMissing("In the provider block, use variables, never the keys themselves.", s)
	}
	e.Credentials = append(e.Credentials, "  "+s.Attribute+": "+strings.TrimPrefix(cmp.Or(value.origin, "not set"), "the "))
	return value.text
}

// findEndpoint uses the override, or else the environment, which is part of SCP's own host names.
func (e *evaluation) findEndpoint() {
	override := e.find(endpointOverride, scp.CheckOverride)
	e.ClientConfig.Endpoint.Override = override.text
	if override.text != "" && !override.inBlock {
		e.warnOfIgnored(override)
	}
	if !override.isSet() {
		e.findEnvironment()
	}
	e.checkProxy()
}

// findEnvironment uses the setting of that name, or else the environment in auth_url.
func (e *evaluation) findEnvironment() {
	named := e.find(environment, scp.CheckLabel)
	e.ClientConfig.Endpoint.Environment = named.text
	if named.isSet() {
		return
	}
	url := e.find(authURL, func(text string) (err error) {
		e.ClientConfig.Endpoint.Environment, err = environmentFromAuthURL(text)
		return err
	})
	if !url.isSet() {
		e.reportMissing("auth_url or endpoint_override will do as well. The environment is a part of SCP's host names, such as e (or s, g) in "+
			"virtualserver.kr-west1.e."+scp.Domain+", and says in which SCP the account is.", environment, authURL, endpointOverride)
	}
}

// warnOfIgnored warns of settings in the provider block that have no effect because of an override from a variable or a file.
func (e *evaluation) warnOfIgnored(override settingValue) {
	var ignored []string
	for _, s := range []Setting{environment, DefaultRegion} {
		inBlock, _ := e.block[s.Attribute].(types.String)
		if inBlock.ValueString() != "" && (s == environment || !e.ClientConfig.Endpoint.TakesRegion()) {
			ignored = append(ignored, s.Attribute)
		}
	}
	if len(ignored) == 0 {
		return
	}
	endpoint, err := e.ClientConfig.Endpoint.URL(cmp.Or(e.DefaultRegion, "region"))
	if err != nil {
		return // of an error that is reported already
	}
	e.Warnings.AddAttributeWarning(path.Root(ignored[0]), title.SettingIgnored, fmt.Sprintf(
		"The provider block sets %s, but %s sends all requests to %s://%s.\n\nRemove %[2]s, or remove %[1]s from the provider block.",
		strings.Join(ignored, " and "), override.origin, endpoint.Scheme, endpoint.Host))
}

func (e *evaluation) findVersion() {
	e.APIVersion, _ = scp.LookupAPIVersion(scp.DefaultAPIVersion)
	e.VersionOrigin = e.find(APIVersion, func(number string) (err error) {
		e.APIVersion, err = scp.LookupAPIVersion(number)
		return err
	}).origin
	e.ClientConfig.APIVersion = e.APIVersion.Number
}

// findNumber returns a whole number, or the default if the setting is not set.
func (e *evaluation) findNumber(s Setting, byDefault int) int {
	number := byDefault
	e.find(s, func(text string) (err error) {
		number, err = strconv.Atoi(text)
		if err != nil || int64(number) < s.low || int64(number) > s.high {
			return fmt.Errorf("it must be a whole number from %d to %d", s.low, s.high)
		}
		return nil
	})
	return number
}

// find returns a setting that passes check, or reports why it does not.
func (e *evaluation) find(s Setting, check func(string) error) settingValue {
	value, err := e.lookup(s)
	if err != nil {
		e.Errors.AddAttributeError(path.Root(s.Attribute), title.InvalidConfigurationFile,
			fmt.Sprintf("In %s %s.", e.files[s.File].path, err))
		return settingValue{rejected: true}
	}
	if value.unknown {
		e.Unknown = append(e.Unknown, s.Attribute)
	}
	if value.origin == "" {
		return value
	}
	if err := check(value.text); err != nil {
		e.reject(s, value, err)
		return settingValue{rejected: true}
	}
	return value
}

// reject reports a value that cannot be used.
func (e *evaluation) reject(s Setting, value settingValue, reason error) {
	e.ErrorInBlock = e.ErrorInBlock || value.inBlock
	keys := e.ClientConfig.Credentials
	for _, key := range []string{keys.AccessKey, keys.SecretKey, keys.AuthToken} { // in another setting by mistake
		s.sensitive = s.sensitive || key != "" && strings.Contains(value.text, key)
	}
	shown, whole := s.display(value.text)
	detail := fmt.Sprintf("The %s is not valid: %s%s. (%s)", strings.TrimPrefix(value.origin, "the "), reason, s.example, shown)
	if whole {
		e.Errors.AddAttributeError(path.Root(s.Attribute), title.Invalid+s.Attribute, detail)
	} else {
		// Not on the attribute: Terraform would show its line, with the part that is not shown here.
		e.Errors.AddError(title.Invalid+s.Attribute, detail)
	}
}

// reportMissing reports that neither s nor another setting that would do is set, unless the file that could have s is broken.
func (e *evaluation) reportMissing(advice string, s Setting, others ...Setting) {
	file := e.files[s.File]
	if file.broken != nil {
		return
	}
	said := []string{fmt.Sprintf("No %s was found.", strings.ReplaceAll(s.Attribute, "_", " "))}
	for _, s := range append(others, s) {
		if _, set := e.lookupEnv(s.Env); set {
			said = append(said, "The environment variable "+s.Env+" is set, but empty: a CI job of a fork, for example, has no secrets.")
		}
	}
	e.Errors.AddAttributeError(path.Root(s.Attribute), title.Missing+s.Attribute,
		strings.Join(said, " ")+"\n\n"+s.Remedy()+" "+advice+"\n\n"+file.explainMissing(s.Key))
}

// checkSecret returns an error if text cannot be a key or token.
func checkSecret(text string) error {
	if len(text) > 1 && strings.ContainsRune(`"'`, rune(text[0])) && text[0] == text[len(text)-1] {
		return errors.New("it is in quotes, which would be sent as a part of it: remove them")
	}
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' {
			return errors.New("it contains a space, a line break or another character that no key or token has. " +
				"Copy it again, without surrounding spaces or line breaks")
		}
	}
	return nil
}

// checkSecretKey returns an error if text cannot be a key, or this machine may not sign with it.
func checkSecretKey(text string) error {
	if err := checkSecret(text); err != nil {
		return err
	}
	return scp.CheckSecretKey(text)
}
