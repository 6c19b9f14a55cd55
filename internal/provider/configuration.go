// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// configuration is what the provider's settings come to, over all the places that they can come from.
type configuration struct {
	client        scp.Config
	apiVersion    scp.APIVersion
	defaultRegion string

	// unknown are the attributes that every read needs and that are not known before apply.
	unknown              []string
	defaultRegionUnknown bool

	credentials credentialOrigins

	warnings     diag.Diagnostics
	faults       diag.Diagnostics
	faultInBlock bool // at least one of them is in the provider block
}

// evaluation works a configuration out. It goes on after a fault, so that all faults are reported at once.
type evaluation struct {
	sources
	configuration
	refused map[string]bool // the attributes of the settings that have a fault
}

// evaluate finds every setting, checks it, and collects all faults.
func evaluate(from sources) configuration {
	e := &evaluation{sources: from, refused: map[string]bool{}}
	e.reportBrokenFiles()
	e.findCredentials()
	region := e.find(defaultRegion, scp.CheckLabel)
	e.defaultRegion, e.defaultRegionUnknown = region.text, region.unknown
	e.findEndpoint()
	e.findVersion()
	e.client.MaxRetries = e.wholeNumber(maxRetries, scp.DefaultMaxRetries)
	e.client.MaxConcurrency = e.wholeNumber(maxConcurrency, scp.DefaultMaxConcurrency)
	e.needed(requestTimeout, func(text string) (err error) {
		e.client.RequestTimeout, err = time.ParseDuration(text)
		if err != nil || e.client.RequestTimeout <= 0 {
			return errors.New(`it must be a positive duration such as "30s" or "1m30s"`)
		}
		return nil
	})
	return e.configuration
}

func (e *evaluation) reportBrokenFiles() {
	for _, name := range confFileNames {
		if err := e.files[name].broken; err != nil {
			e.faults.AddError(titleConfigurationFileCannotBeRead.String(),
				fmt.Sprintf("%s: %s.\n\nCorrect the file, or remove it if it is not needed.", e.files[name].path, err))
		}
	}
}

func (e *evaluation) findCredentials() {
	keys, origins := &e.client.Credentials, &e.credentials
	for _, credential := range []struct {
		setting      setting
		text, origin *string
		required     bool
	}{
		{accessKey, &keys.AccessKey, &origins.accessKey, true},
		{secretKey, &keys.SecretKey, &origins.secretKey, true},
		{authToken, &keys.AuthToken, &origins.authToken, false},
	} {
		value := e.needed(credential.setting, checkSecret)
		*credential.text, *credential.origin = value.text, value.origin
		if inQuotes(value.text) {
			origins.inQuotes = append(origins.inQuotes, credential.setting.attribute)
		}
		if credential.required {
			e.requireSet(credential.setting, value)
		}
	}
}

// findEndpoint takes the override, or else finds the environment that SCP's own host names are made with.
func (e *evaluation) findEndpoint() {
	override := e.needed(endpointOverride, scp.CheckOverride)
	e.client.Endpoint.Override = override.text
	if override.text != "" && !override.inBlock {
		e.warnOfIgnored(override)
	}
	if !override.isSet() && !e.refused[endpointOverride.attribute] {
		e.findEnvironment()
	}
	e.checkProxy()
}

// findEnvironment takes the setting of that name, or else what auth_url says.
func (e *evaluation) findEnvironment() {
	named := e.needed(environment, scp.CheckLabel)
	e.client.Endpoint.Environment = named.text
	if named.isSet() || e.refused[environment.attribute] {
		return
	}
	url := e.needed(authURL, func(text string) (err error) {
		e.client.Endpoint.Environment, err = environmentFromAuthURL(text)
		return err
	})
	if !url.isSet() && !e.refused[authURL.attribute] {
		e.requireSet(environment, named, authURL, endpointOverride)
	}
}

// warnOfIgnored warns of settings in the provider block that an override from elsewhere makes void: a reader of the block takes
// them for the ones in use.
func (e *evaluation) warnOfIgnored(override settingValue) {
	candidates := []setting{environment}
	if !e.client.Endpoint.TakesRegion() {
		candidates = append(candidates, defaultRegion)
	}
	var ignored []string
	for _, s := range candidates {
		if inBlock, _ := e.block[s.attribute].(types.String); inBlock.ValueString() != "" {
			ignored = append(ignored, s.attribute)
		}
	}
	if len(ignored) == 0 {
		return
	}
	verb := "is"
	if len(ignored) > 1 {
		verb = "are"
	}
	e.warnings.AddAttributeWarning(path.Root(ignored[0]), titleSettingIgnored.String(), fmt.Sprintf(
		"%s in the provider block %s ignored, because requests go to the endpoint_override of %s.\n\n"+
			"Remove that endpoint_override, or remove what is ignored from the provider block.", listed(ignored), verb, override.origin))
}

// checkProxy reports a proxy variable that would be left out. Where a region is needed and there is no default, any will do.
func (e *evaluation) checkProxy() {
	endpoint, err := e.client.Endpoint.URL(cmp.Or(e.defaultRegion, "region"))
	if err != nil {
		return // not known yet, or a fault of its own
	}
	if name := brokenProxyVariable(e.getenv, endpoint); name != "" {
		e.faults.AddError(titleInvalidProxyVariable.String(), fmt.Sprintf(
			"The environment variable %s cannot be parsed as the address of a proxy, so requests would go around the proxy. "+
				"Its value is not shown, because it may hold a password.\n\n"+
				"Write it as http://user:password@host:port, with a %% in user or password as %%25, an @ as %%40 and a / as %%2F. "+
				"If no proxy is wanted, unset it, or name the endpoint's host in NO_PROXY.", name))
	}
}

func (e *evaluation) findVersion() {
	e.apiVersion, _ = scp.LookupAPIVersion(scp.DefaultAPIVersion)
	e.needed(apiVersion, func(number string) (err error) {
		e.apiVersion, err = scp.LookupAPIVersion(number)
		return err
	})
	e.client.APIVersion = e.apiVersion.Number
}

// wholeNumber returns a whole number within the setting's limits, or the default if the setting is set nowhere. In the provider
// block the schema's validator checks the limits.
func (e *evaluation) wholeNumber(s setting, byDefault int) int {
	if number, _ := e.block[s.attribute].(types.Number); number.IsUnknown() {
		e.unknown = append(e.unknown, s.attribute)
		return byDefault
	} else if !number.IsNull() {
		whole, _ := number.ValueBigFloat().Int64()
		return int(whole)
	}
	number := byDefault
	e.needed(s, func(text string) (err error) {
		number, err = strconv.Atoi(text)
		if err != nil || !s.limits.hold(int64(number)) {
			return errors.New("it must be " + s.limits.form())
		}
		return nil
	})
	return number
}

// find returns a setting that passes check. One that does not is reported, and then is as if it were set nowhere.
func (e *evaluation) find(s setting, check func(string) error) settingValue {
	value, err := e.lookup(s)
	switch {
	case err != nil:
		e.refused[s.attribute] = true
		e.faults.AddAttributeError(path.Root(s.attribute), titleInvalidConfigurationFile.String(),
			fmt.Sprintf("In %s %s.", e.files[s.file].path, err))
	case value.origin != "":
		if err := check(value.text); err != nil {
			e.refuse(s, value, err)
			return settingValue{}
		}
	}
	return value
}

// needed is find for a setting that every read needs: none can go on while it is unknown.
func (e *evaluation) needed(s setting, check func(string) error) settingValue {
	value := e.find(s, check)
	if value.unknown {
		e.unknown = append(e.unknown, s.attribute)
	}
	return value
}

// refuse reports a value that cannot be used.
func (e *evaluation) refuse(s setting, value settingValue, reason error) {
	e.refused[s.attribute] = true
	e.faultInBlock = e.faultInBlock || value.inBlock
	shown, whole := s.shown(value.text)
	detail := fmt.Sprintf("The value%s of %s cannot be used: %s.\n\n%s", shown, value.origin, reason, s.remedy())
	if whole {
		e.faults.AddAttributeError(path.Root(s.attribute), titleInvalid+s.attribute, detail)
	} else {
		// Not on the attribute: Terraform would show its line, with what is not shown here.
		e.faults.AddError(titleInvalid+s.attribute, detail)
	}
}

// requireSet reports a setting that is set nowhere, unless it or its file already has a fault that explains that. Others from the
// same file would do in its place.
func (e *evaluation) requireSet(s setting, value settingValue, others ...setting) {
	file := e.files[s.file]
	if value.isSet() || e.refused[s.attribute] || file.broken != nil {
		return
	}
	remedy, keys := s.remedy(), []string(nil)
	for _, other := range others {
		remedy += fmt.Sprintf(" Or set %s (%s, or %q in the same file) instead.", other.attribute, other.env, other.key)
		keys = append(keys, other.key)
	}
	e.faults.AddAttributeError(path.Root(s.attribute), titleMissing+s.attribute, remedy+"\n\n"+file.withoutKey(s.key, keys...))
}

// checkSecret returns an error if text cannot be a key or token.
func checkSecret(text string) error {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' {
			return errors.New("it holds a space, a line break or another character that no key or token has. " +
				"Copy it again, without surrounding spaces or line breaks")
		}
	}
	return nil
}
