// SPDX-License-Identifier: MPL-2.0

// Command emulator behaves like Samsung Cloud Platform v2 on a loopback port, for trying configurations and policies
// without an account. It prints the environment variables that point the provider at it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "emulator:", err)
		os.Exit(1)
	}
}

func run() error {
	port := flag.Int("port", 0, "loopback `port` to listen on; 0 chooses a free one")
	fixturesFile := flag.String("fixtures", "",
		"JSON `file` with the fixtures, reread for each request (default: those that -print-fixtures prints)")
	printFixtures := flag.Bool("print-fixtures", false, "print the built-in fixtures, a starting point for your own, and exit")
	faultJSON := flag.String("fault", "",
		"fault in `JSON` for each request that has none in the fixtures, such as '{\"status\": 503}' or '{\"kind\": \"hang\"}'")
	pageLimit := flag.Int("page-limit", 1000, "maximum number of `images` on a page, whatever limit the request has")
	powerShell := flag.Bool("powershell", runtime.GOOS == "windows", "print the variables for PowerShell too (default on Windows)")
	level := flag.String("log-level", "info", "`level` of the log: trace, debug, info, warn, error or off")
	flag.Parse()
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	if *pageLimit < 1 || *pageLimit > 1000 {
		return errors.New("-page-limit must be from 1 to 1000")
	}
	if *printFixtures {
		_, err := os.Stdout.Write(emulator.DefaultJSON())
		return err
	}

	read := emulator.Default
	if *fixturesFile != "" {
		read = emulator.File(*fixturesFile)
	}
	fixtures, err := read()
	if err != nil {
		return fmt.Errorf("the fixtures cannot be read: %w", err)
	}
	var fault *emulator.Fault
	if *faultJSON != "" {
		if fault, err = emulator.ParseFault(*faultJSON); err != nil {
			return fmt.Errorf("-fault: %w", err)
		}
	}

	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		return err
	}
	logger := hclog.New(&hclog.LoggerOptions{Name: "emulator", Level: hclog.LevelFromString(*level), Output: os.Stderr})
	server := &http.Server{
		Handler:           emulator.New(read, emulator.Options{Logger: logger, Fault: fault, PageLimit: *pageLimit}),
		ReadHeaderTimeout: 10 * time.Second,
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()

	if accounts := fixtures.AllAccounts(); len(accounts) > 1 {
		fmt.Fprintf(os.Stderr, "The variables are those of account %s. The fixtures have the keys of the others.\n", accounts[0].ID)
	}
	url := "http://" + listener.Addr().String()
	printVariables(os.Stdout, os.Stderr, emulator.Environment(url+"/{region}", fixtures), url, *powerShell)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// printVariables writes what is pasted into a shell to paste, and the rest to notes: zsh takes a pasted line that begins with #
// for a command.
func printVariables(paste, notes io.Writer, variables []string, url string, powerShell bool) {
	_, _ = fmt.Fprintf(notes, "The emulator listens on %s; Ctrl-C stops it. Paste this into the shell that runs terraform:\n", url)
	lines := func(format, quote string) {
		for _, variable := range variables {
			name, value, _ := strings.Cut(variable, "=")
			_, _ = fmt.Fprintf(paste, format, name, strings.ReplaceAll(value, "'", quote))
		}
	}
	lines("export %s='%s'\n", `'\''`)
	if powerShell {
		_, _ = fmt.Fprintln(notes, "In PowerShell, paste this:")
		lines("$env:%s = '%s'\n", "''")
	}
}
