// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-scp is a Terraform provider for Samsung Cloud Platform v2.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/scp-community/terraform-provider-scp/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

// terraformLogs reports whether Terraform prints what a provider logs, by Terraform's own rule.
func terraformLogs() bool {
	level := cmp.Or(os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"))
	return level != "" && !strings.EqualFold(level, "off")
}

func main() {
	debug := flag.Bool("debug", false, "serve one configuration until interrupted and print how terraform attaches, for a debugger")
	flag.Parse()
	// net/http writes what a server sends out of turn to the standard logger, as it came: it may echo a secret.
	log.SetOutput(io.Discard)
	var options []tf6server.ServeOpt
	switch {
	case *debug:
		options = append(options, tf6server.WithManagedDebug())
	case !terraformLogs():
		// Terraform would read each line and discard it. What keeps the plugin from starting is an error, which it shows.
		for _, name := range []string{"SDK", "SDK_PROTO", "SDK_FRAMEWORK", "PROVIDER_SCP", "PROVIDER_SCP_HTTP"} {
			_ = os.Setenv("TF_LOG_"+name, "OFF")
		}
		options = append(options, tf6server.WithGoPluginLogger(hclog.New(&hclog.LoggerOptions{Level: hclog.Error, JSONFormat: true})))
	}
	if err := tf6server.Serve(provider.Address, provider.NewServer(version), options...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
