package provider

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// resolution is what the provider's configuration comes to, over all its places.
type resolution struct {
	client        scp.Config
	apiVersion    scp.APIVersion
	defaultRegion string

	// unknown are the attributes that every read needs and that are not known before apply.
	unknown              []string
	defaultRegionUnknown bool

	faults     diag.Diagnostics
	faultInHCL bool
}

// files are the parsed files under ~/.scpconf/ by name, and why one could not be read.
type files struct {
	parsed map[string]scp.ConfFile
	broken map[string]error
}

func readFiles() files {
	f := files{parsed: map[string]scp.ConfFile{}, broken: map[string]error{}}
	home, err := os.UserHomeDir()
	if err != nil {
		return f // without a home there are no files in it
	}
	for _, name := range []string{configFile, credentialsFile} {
		file, err := scp.ReadConfFile(filepath.Join(home, ".scpconf", name))
		f.parsed[name] = file
		if err != nil {
			f.broken[name] = err
		}
	}
	return f
}

// resolve finds every setting, checks it, and collects all faults.
func resolve(hcl map[string]types.String, getenv func(string) string, files files) *resolution {
	r := &resolution{}
	for _, name := range []string{configFile, credentialsFile} {
		if err := files.broken[name]; err != nil {
			r.faults.AddError("Configuration File Cannot Be Read",
				fmt.Sprintf("%s.\n\nCorrect the file, or remove it if it is not needed.", err))
		}
	}
	lookup := func(s setting) found {
		f, err := s.lookup(hcl[s.attribute], getenv, files.parsed)
		if err != nil {
			r.faults.AddAttributeError(path.Root(s.attribute), "Invalid Configuration File",
				fmt.Sprintf("In %s %s.", files.parsed[s.file].Path, err))
		}
		return f
	}
	// required reports a setting that is set nowhere, unless its file already has a fault that explains it.
	required := func(s setting, f found, more string) {
		if f.text == "" && !f.unknown && files.broken[s.file] == nil && !r.faultOn(s) {
			r.fault(s, f, "Missing "+s.attribute, strings.TrimSpace(s.remedy()+" "+more))
		}
	}

	r.client.Credentials.AccessKey = r.secret(accessKey, lookup(accessKey), required)
	r.client.Credentials.SecretKey = r.secret(secretKey, lookup(secretKey), required)
	r.client.Credentials.AuthToken = r.secret(authToken, lookup(authToken), nil)

	region := r.checked(defaultRegion, lookup(defaultRegion), scp.CheckLabel)
	r.defaultRegion, r.defaultRegionUnknown = region.text, region.unknown

	override := r.checked(endpointOverride, lookup(endpointOverride), scp.CheckOverride)
	r.need(endpointOverride, override)
	r.client.Endpoint.Override = override.text
	if override.text == "" && !override.unknown && !r.faultOn(endpointOverride) {
		r.client.Endpoint.Environment = r.environment(lookup, required)
	}

	version := lookup(apiVersion)
	if version.origin == "" && !version.unknown {
		version.text = scp.DefaultAPIVersion
	}
	version = r.checked(apiVersion, version, func(number string) (err error) {
		r.apiVersion, err = scp.LookupAPIVersion(number)
		return err
	})
	r.need(apiVersion, version)
	r.client.APIVersion = version.text

	r.client.MaxRetries = r.number(maxRetries, lookup(maxRetries), scp.DefaultMaxRetries, 0, maxMaxRetries)
	r.client.MaxConcurrency = r.number(maxConcurrency, lookup(maxConcurrency), scp.DefaultMaxConcurrency, 1, maxMaxConcurrency)

	timeout := r.checked(requestTimeout, lookup(requestTimeout), func(text string) (err error) {
		r.client.RequestTimeout, err = time.ParseDuration(text)
		if err != nil || r.client.RequestTimeout <= 0 {
			return errors.New(`it must be a positive duration such as "30s" or "1m30s"`)
		}
		return nil
	})
	r.need(requestTimeout, timeout)
	return r
}

// environment is the setting of that name, or what auth_url says.
func (r *resolution) environment(lookup func(setting) found, required func(setting, found, string)) string {
	named := r.checked(environment, lookup(environment), scp.CheckLabel)
	r.need(environment, named)
	if named.text != "" || named.unknown || r.faultOn(environment) {
		return named.text
	}
	var fromURL string
	url := r.checked(authURL, lookup(authURL), func(text string) (err error) {
		fromURL, err = scp.EnvironmentFromAuthURL(text)
		return err
	})
	r.need(authURL, url)
	if url.text == "" && !url.unknown && !r.faultOn(authURL) {
		required(environment, named, "Or set auth_url ("+authURL.env+`, or "`+authURL.key+`" in the same file), which names the environment too, or endpoint_override.`)
	}
	return fromURL
}

// number returns a whole number from low to high, or the default if the setting is set nowhere.
func (r *resolution) number(s setting, f found, byDefault, low, high int) int {
	number := byDefault
	f = r.checked(s, f, func(text string) (err error) {
		number, err = strconv.Atoi(text)
		if err != nil || number < low || number > high {
			return fmt.Errorf("it must be a whole number from %d to %d", low, high)
		}
		return nil
	})
	r.need(s, f)
	return number
}

// secret returns the text of a key or token. Its faults never show it.
func (r *resolution) secret(s setting, f found, required func(setting, found, string)) string {
	if required != nil {
		required(s, f, "")
	}
	r.need(s, f)
	for _, c := range []byte(f.text) {
		if c <= ' ' || c > '~' {
			// Not on the attribute: Terraform would show its line, with the secret if it is written there.
			r.faults.AddError("Invalid "+s.attribute, fmt.Sprintf(
				"The value of %s holds a space, a line break or another character that no key or token has. It is not shown here.\n\n"+
					"Copy it anew, without anything before or after it.", f.origin))
			r.faultInHCL = r.faultInHCL || f.inHCL
			return ""
		}
	}
	return f.text
}

// checked reports a value that is set and does not pass check.
func (r *resolution) checked(s setting, f found, check func(string) error) found {
	if f.unknown || f.text == "" && f.origin == "" {
		return f
	}
	if err := check(f.text); err != nil {
		shown := fmt.Sprintf("value %q", f.text)
		if strings.Contains(f.text, "@") {
			shown = "value (not shown: it may hold a password)"
		}
		r.fault(s, f, "Invalid "+s.attribute, fmt.Sprintf("The %s of %s cannot be used: %s.\n\n%s", shown, f.origin, err, s.remedy()))
		f.text = ""
	}
	return f
}

// need remembers an unknown value that every read needs.
func (r *resolution) need(s setting, f found) {
	if f.unknown {
		r.unknown = append(r.unknown, s.attribute)
	}
}

func (r *resolution) fault(s setting, f found, summary, detail string) {
	r.faults.AddAttributeError(path.Root(s.attribute), summary, detail)
	r.faultInHCL = r.faultInHCL || f.inHCL
}

func (r *resolution) faultOn(s setting) bool {
	for _, fault := range r.faults.Errors() {
		if with, ok := fault.(diag.DiagnosticWithPath); ok && with.Path().Equal(path.Root(s.attribute)) {
			return true
		}
	}
	return false
}

// versionWarnings says what is to be known of the pinned version at the time now.
func versionWarnings(version scp.APIVersion, now time.Time) diag.Diagnostics {
	var diags diag.Diagnostics
	at := path.Root(apiVersion.attribute)
	latest := scp.APIVersions()[0].Number
	until := version.GuaranteedUntil.Format(time.DateOnly)
	move := fmt.Sprintf("Move to %s: set api_version = %q, review the plan, and apply.", latest, latest)
	switch {
	case version.Status == "":
		diags.AddAttributeWarning(at, "Untested API Version",
			fmt.Sprintf("This release of the provider was not tested with version %s of the virtualserver API. "+
				"The latest that it knows is %s. Reads go on; if one fails, pin %s or look for a newer release of the provider.",
				version.Number, latest, latest))
	case version.Past(now):
		diags.AddAttributeWarning(at, "API Version Past Its Guaranteed Date",
			fmt.Sprintf("Version %s of the virtualserver API (%s) was guaranteed until %s, which has passed. "+
				"SCP may stop answering it at any time. %s", version.Number, version.Status, until, move))
	case version.Status == scp.StatusDeprecated:
		diags.AddAttributeWarning(at, "Deprecated API Version",
			fmt.Sprintf("Version %s of the virtualserver API is deprecated and guaranteed until %s only. %s",
				version.Number, until, move))
	}
	return diags
}
