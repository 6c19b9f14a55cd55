// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// The provider writes nothing while Terraform prints nothing of it, whatever the other variables are; otherwise Terraform prints the
// client's two lines and the framework's, each with a switch of its own.
func TestCLILog(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{DiscardRequests: true})
	all := "TF_LOG_SDK=trace TF_LOG_SDK_PROTO=trace TF_LOG_PROVIDER_SCP=trace TF_LOG_PROVIDER_SCP_HTTP=trace"
	for variables, want := range map[string]struct {
		client     int // lines that Terraform prints of the client, of two
		sdk, proto bool
	}{
		"":                                 {},
		"TF_LOG= TF_LOG_PROVIDER=":         {},
		"TF_LOG=off TF_LOG_PROVIDER=OFF":   {},
		"TF_LOG_CORE=trace " + all:         {},
		"TF_LOG=trace TF_LOG_PROVIDER=off": {},

		"TF_LOG=trace":                              {2, true, true},
		"TF_LOG_PROVIDER=trace":                     {2, true, true},
		"TF_LOG=off TF_LOG_PROVIDER=trace":          {2, true, true},
		"TF_LOG=debug " + all:                       {2, true, false}, // one line of the framework is at this level
		"TF_LOG=error " + all:                       {},
		"TF_LOG=json":                               {2, true, true},
		"TF_LOG=trace TF_LOG_SDK=off":               {2, false, false},
		"TF_LOG=trace TF_LOG_SDK_PROTO=off":         {2, true, false},
		"TF_LOG=trace TF_LOG_PROVIDER_SCP_HTTP=off": {0, true, true},
		"TF_LOG=trace TF_LOG_PROVIDER_SCP=off":      {0, true, true},
	} {
		t.Run(variables, func(t *testing.T) {
			t.Parallel()
			c := newCLI(t, requiredProviders+readConfiguration(documentImage))
			arguments := append(env.list(), strings.Fields(variables)...)
			output, code := c.Run(t, arguments, "plan", "-no-color")
			client, sdk := strings.Count(output, "SCP request")+strings.Count(output, "SCP response"), strings.Contains(output, "sdk.framework")
			if proto := strings.Contains(output, "sdk.proto"); code != 0 || client != want.client || sdk != want.sdk || proto != want.proto {
				t.Errorf("%d lines of the client, sdk %t, proto %t; want %+v; exit code %d", client, sdk, proto, want, code)
			}

			// The same with a provider whose lines go into a file.
			cli, err := os.ReadFile(filepath.Join(c.Dir, "cli.tfrc"))
			if err != nil {
				t.Fatal(err)
			}
			bin := regexp.MustCompile(`= "(.*)"`).FindStringSubmatch(string(cli))[1]
			c.Write(t, "cli.tfrc", strings.Replace(string(cli), bin, c.Dir, 1))
			const program = "terraform-provider-scp"
			c.Write(t, program, "#!/bin/sh\nexec '"+filepath.Join(bin, program)+"' \"$@\" 2>>'"+c.Dir+"/written'\n")
			if err := os.Chmod(filepath.Join(c.Dir, program), 0o700); err != nil {
				t.Fatal(err)
			}
			_, code = c.Run(t, arguments, "plan", "-no-color")
			written, err := os.ReadFile(filepath.Join(c.Dir, "written"))
			nothing := want.client == 0 && !want.sdk && !strings.HasPrefix(variables, "TF_LOG=error")
			if err != nil || code != 0 || nothing != (len(written) == 0) {
				t.Errorf("the provider wrote %d lines, %v; exit code %d", strings.Count(string(written), "\n"), err, code)
			}
		})
	}
}
