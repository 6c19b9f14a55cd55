// Command demo applies examples/demo with a provider that has been built, against an emulator that it starts and
// stops, and prints the members. It reads and writes nothing of the user's: neither the CLI configuration, nor
// ~/.scpconf/, nor the work tree.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: demo FOLDER-OF-THE-PROVIDER'S-BINARY FOLDER-OF-THE-CONFIGURATION")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(binaries, configuration string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	terraform, err := findTerraform()
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "scp-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	if err := os.CopyFS(filepath.Join(work, "configuration"), os.DirFS(configuration)); err != nil {
		return err
	}
	if binaries, err = filepath.Abs(binaries); err != nil {
		return err
	}
	cliConfiguration := filepath.Join(work, "cli.tfrc")
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", provider.Source, binaries)
	if err := os.WriteFile(cliConfiguration, []byte(overrides), 0o600); err != nil {
		return err
	}

	fixtures, err := emulator.Default()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: emulator.New(emulator.Fixed(fixtures), emulator.Options{}), ReadHeaderTimeout: 10 * time.Second}
	defer func() { _ = server.Close() }()
	go func() { _ = server.Serve(listener) }()
	url := "http://" + listener.Addr().String()
	fmt.Printf("The emulator listens on %s. Running %s apply on %s …\n\n", url, filepath.Base(terraform), configuration)

	environment := append(emulator.Environment(url, fixtures),
		"PATH="+os.Getenv("PATH"), "HOME="+work, "TMPDIR="+os.TempDir(),
		"TF_CLI_CONFIG_FILE="+cliConfiguration, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	invoke := func(args ...string) ([]byte, error) {
		command := exec.CommandContext(ctx, terraform, args...)
		command.Dir = filepath.Join(work, "configuration")
		command.Env = environment
		// Terraform stops its providers when it is interrupted, not when it is killed.
		command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
		command.WaitDelay = 10 * time.Second
		return command.CombinedOutput()
	}
	if output, err := invoke("apply", "-auto-approve", "-input=false", "-no-color"); err != nil {
		return fmt.Errorf("%s apply: %w\n%s", filepath.Base(terraform), err, output)
	}
	output, err := invoke("output", "-json", "members")
	if err != nil {
		return fmt.Errorf("%s output: %w\n%s", filepath.Base(terraform), err, output)
	}
	return printMembers(output)
}

func findTerraform() (string, error) {
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither terraform nor tofu is on PATH: install one from https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install/")
}

// printMembers prints the output "members" of the configuration as a table.
func printMembers(output []byte) error {
	// The warning about development overrides may stand before the value.
	start := strings.IndexByte(string(output), '{')
	var images map[string][]struct {
		MemberID  string `json:"member_id"`
		Status    string `json:"status"`
		CreatedAt string `json:"created_at"`
		UpdatedAt string `json:"updated_at"`
	}
	if err := json.Unmarshal(output[max(start, 0):], &images); err != nil {
		return fmt.Errorf("the output of terraform cannot be read: %w", err)
	}
	names := make([]string, 0, len(images))
	for name := range images {
		names = append(names, name)
	}
	slices.Sort(names)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "IMAGE\tMEMBER\tSTATUS\tCREATED AT\tUPDATED AT")
	for _, name := range names {
		if len(images[name]) == 0 {
			_, _ = fmt.Fprintf(table, "%s\t(no members)\t\t\t\n", name)
		}
		for _, member := range images[name] {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", name, member.MemberID, member.Status, member.CreatedAt, member.UpdatedAt)
		}
	}
	return table.Flush()
}
