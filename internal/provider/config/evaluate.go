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
	Client        scp.Config
	APIVersion    scp.APIVersion
	VersionOrigin string // where it comes from, in words; empty for the default
	DefaultRegion string

	// Unknown are the attributes that every read needs and that are not known before apply.
	Unknown              []string
	DefaultRegionUnknown bool

	Credentials CredentialOrigins

	Warnings     diag.Diagnostics
	Errors       diag.Diagnostics
	ErrorInBlock bool // at least one of Errors is about the provider block
}

// Evaluate finds and checks every setting in the provider block, the environment variables and the files under ~/.scpconf/.
func Evaluate(ctx context.Context, block Block, lookupEnv func(string) (string, bool)) Configuration {
	getenv := func(name string) string { value, _ := lookupEnv(name); return value }
	isSet := func(name string) bool { _, set := lookupEnv(name); return set }
	values, diags := readBlock(ctx, block)
	c := evaluate(sources{block: values, getenv: getenv, isSet: isSet, files: readFiles(getenv, user.Current)})
	c.Errors = append(diags, c.Errors...)
	c.ErrorInBlock = c.ErrorInBlock || diags.HasError()
	return c
}

// evaluation is a Configuration in the making. It goes on after an error, so that all errors are reported at once.
type evaluation struct {
	sources
	Configuration
	rejected map[string]bool // the attributes of the settings that have an error
}

func evaluate(from sources) Configuration {
	e := &evaluation{sources: from, rejected: map[string]bool{}}
	e.reportBrokenFiles()
	e.findCredentials()
	region := e.find(DefaultRegion, scp.CheckLabel)
	e.DefaultRegion, e.DefaultRegionUnknown = region.text, region.unknown
	e.findEndpoint()
	e.findVersion()
	e.Client.MaxRetries = e.findNumber(MaxRetries, scp.DefaultMaxRetries)
	e.Client.MaxConcurrency = e.findNumber(maxConcurrency, scp.DefaultMaxConcurrency)
	e.findNeeded(RequestTimeout, func(text string) (err error) {
		e.Client.RequestTimeout, err = time.ParseDuration(text)
		if err != nil || e.Client.RequestTimeout <= 0 {
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
	keys, origins, missing := &e.Client.Credentials, &e.Credentials, []Setting(nil)
	for _, credential := range []struct {
		setting      Setting
		text, origin *string
		required     bool
		check        func(string) error
	}{
		{accessKey, &keys.AccessKey, &origins.accessKey, true, checkSecret},
		{secretKey, &keys.SecretKey, &origins.secretKey, true, checkSecretKey},
		{authToken, &keys.AuthToken, &origins.authToken, false, checkSecret},
	} {
		value := e.findNeeded(credential.setting, credential.check)
		*credential.text, *credential.origin = value.text, value.origin
		if credential.required && !value.isSet() && !e.rejected[credential.setting.Attribute] && e.files[credentialsFile].broken == nil {
			missing = append(missing, credential.setting)
		}
	}
	if len(missing) == 2 {
		e.reportMissing(missing, "No keys were found: neither access_key nor secret_key is set.")
	} else if len(missing) == 1 {
		e.reportMissing(missing, fmt.Sprintf("No %s was found.", strings.ReplaceAll(missing[0].Attribute, "_", " ")))
	}
}

// findEndpoint uses the override, or else the environment, which is part of SCP's own host names.
func (e *evaluation) findEndpoint() {
	override := e.findNeeded(endpointOverride, scp.CheckOverride)
	e.Client.Endpoint.Override = override.text
	if override.text != "" && !override.inBlock {
		e.warnOfIgnored(override)
	}
	if !override.isSet() && !e.rejected[endpointOverride.Attribute] {
		e.findEnvironment()
	}
	e.checkProxy()
}

// findEnvironment uses the setting of that name, or else the environment in auth_url.
func (e *evaluation) findEnvironment() {
	named := e.findNeeded(environment, scp.CheckLabel)
	e.Client.Endpoint.Environment = named.text
	if named.isSet() || e.rejected[environment.Attribute] {
		return
	}
	url := e.findNeeded(authURL, func(text string) (err error) {
		e.Client.Endpoint.Environment, err = environmentFromAuthURL(text)
		return err
	})
	if !url.isSet() && !e.rejected[authURL.Attribute] && e.files[configFile].broken == nil {
		e.reportMissing([]Setting{environment, authURL, endpointOverride}, "No environment was found. It is a part of SCP's host names, such as "+
			"e in virtualserver.kr-west1.e."+scp.Domain+", and says in which SCP the account is.")
	}
}

// warnOfIgnored warns of settings in the provider block that have no effect because of an override from a variable or a file.
func (e *evaluation) warnOfIgnored(override settingValue) {
	candidates := []Setting{environment}
	if !e.Client.Endpoint.TakesRegion() {
		candidates = append(candidates, DefaultRegion)
	}
	var ignored []string
	for _, s := range candidates {
		if inBlock, _ := e.block[s.Attribute].(types.String); inBlock.ValueString() != "" {
			ignored = append(ignored, s.Attribute)
		}
	}
	if len(ignored) == 0 {
		return
	}
	endpoint, err := e.Client.Endpoint.URL(cmp.Or(e.DefaultRegion, "region"))
	if err != nil {
		return // of an error that is reported already
	}
	e.Warnings.AddAttributeWarning(path.Root(ignored[0]), title.SettingIgnored, fmt.Sprintf(
		"The provider block sets %s, but %s sends all requests to %s://%s.\n\n%s, or remove %[1]s from the provider block.",
		strings.Join(ignored, " and "), override.origin, endpoint.Scheme, endpoint.Host, override.unset))
}

func (e *evaluation) findVersion() {
	e.APIVersion, _ = scp.LookupAPIVersion(scp.DefaultAPIVersion)
	e.VersionOrigin = e.findNeeded(APIVersion, func(number string) (err error) {
		e.APIVersion, err = scp.LookupAPIVersion(number)
		return err
	}).origin
	e.Client.APIVersion = e.APIVersion.Number
}

// findNumber returns a whole number, or the default if the setting is not set.
func (e *evaluation) findNumber(s Setting, byDefault int) int {
	number := byDefault
	e.findNeeded(s, func(text string) (err error) {
		number, err = strconv.Atoi(text)
		if err != nil || int64(number) < s.low || int64(number) > s.high {
			return fmt.Errorf("it must be a whole number from %d to %d", s.low, s.high)
		}
		return nil
	})
	return number
}

// find returns a setting that passes check. One that does not is reported, and then counts as not set.
func (e *evaluation) find(s Setting, check func(string) error) settingValue {
	value, err := e.lookup(s)
	switch {
	case err != nil:
		e.rejected[s.Attribute] = true
		e.Errors.AddAttributeError(path.Root(s.Attribute), title.InvalidConfigurationFile,
			fmt.Sprintf("In %s %s.", e.files[s.File].path, err))
	case value.origin != "":
		if err := check(value.text); err != nil {
			e.reject(s, value, err)
			return settingValue{}
		}
	}
	return value
}

// findNeeded is find for a setting that every read needs: no read can start while it is unknown.
func (e *evaluation) findNeeded(s Setting, check func(string) error) settingValue {
	value := e.find(s, check)
	if value.unknown {
		e.Unknown = append(e.Unknown, s.Attribute)
	}
	return value
}

// reject reports a value that cannot be used.
func (e *evaluation) reject(s Setting, value settingValue, reason error) {
	e.rejected[s.Attribute] = true
	e.ErrorInBlock = e.ErrorInBlock || value.inBlock
	shown, whole := s.display(value.text)
	detail := fmt.Sprintf("The %s is not valid: %s%s. (%s)", strings.TrimPrefix(value.origin, "the "), reason, s.example, shown)
	if whole {
		e.Errors.AddAttributeError(path.Root(s.Attribute), title.Invalid+s.Attribute, detail)
	} else {
		// Not on the attribute: Terraform would show its line, with the part that is not shown here.
		e.Errors.AddError(title.Invalid+s.Attribute, detail)
	}
}

// reportMissing reports settings of one file of which none is set, at the first of them.
func (e *evaluation) reportMissing(settings []Setting, text string) {
	file, first := e.files[settings[0].File], settings[0]
	var keys []string
	for _, s := range settings {
		keys = append(keys, s.Key)
		if e.isSet != nil && e.isSet(s.Env) {
			text += fmt.Sprintf(" The environment variable %s is set, but empty: a CI job of a fork, for example, has no secrets.", s.Env)
		}
	}
	e.Errors.AddAttributeError(path.Root(first.Attribute), title.Missing+first.Attribute,
		text+"\n\n"+remedy(settings)+"\n\n"+file.explainMissing(keys...))
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
