// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-scp is a Terraform provider for Samsung Cloud Platform v2.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/scp-community/terraform-provider-scp/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve one configuration until interrupted and print how terraform attaches, for a debugger")
	flag.Parse()
	// net/http writes what a server sends out of turn to the standard logger, as it came: it may echo a secret.
	log.SetOutput(io.Discard)
	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := tf6server.Serve(provider.Address, provider.NewServer(version), options...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
