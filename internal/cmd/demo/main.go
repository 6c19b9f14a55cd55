// SPDX-License-Identifier: MPL-2.0

// Command demo shows what the provider is for, with an emulator of SCP that it starts and stops: an image's members, an
// account that appears, a policy that blocks, and an outage. It is run at the root of the repository, and reads and writes
// nothing of the user's: neither the CLI configuration, nor ~/.scpconf/, nor the work tree.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

const (
	image    = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11" // of the emulator, shared with four accounts
	stranger = "77777777777777777777777777777777"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// step is one run of terraform, after a change to what the emulator plays.
type step struct {
	heading    string
	change     func(*emulator.Image)
	args       []string
	code       int    // that terraform has to exit with
	says       string // what its output has to hold
	start, end string // of what is shown of it
}

var steps = []step{
	{
		heading: "The accounts that three images are shared with:",
		args:    []string{"apply", "-auto-approve"},
		says:    "Apply complete!",
	},
	{
		heading: "Another account appears. A review of drift shows it, and exits with 2:",
		change: func(image *emulator.Image) {
			image.Members = append(slices.Clone(image.Members), emulator.Member{
				MemberID: stranger, Status: "pending", UpdatedAt: "2026-11-01T00:00:00Z",
			})
		},
		args: []string{"plan", "-detailed-exitcode"}, code: 2, says: stranger,
		start: "Changes to Outputs:", end: "\n\n",
	},
	{
		heading: "A policy allows the accounts of step 1 only. It blocks the plan, which exits with 1:",
		args:    []string{"plan", "-var-file=allowed.tfvars"}, code: 1, says: "not allowed: " + stranger,
		start: "Error: ", end: "\n╵",
	},
	{
		heading: "SCP fails, and so does the plan. An outage never looks like an image shared with no one:",
		change:  func(image *emulator.Image) { image.Fault = &emulator.Fault{Status: 503} },
		args:    []string{"plan"}, code: 1, says: "503 Service Unavailable",
		start: "Error: ", end: "\n╵",
	},
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := newStage(ctx)
	if err != nil {
		return err
	}
	defer s.clear()

	for i, step := range steps {
		fmt.Printf("\n%d. %s\n   $ %s %s\n\n", i+1, step.heading, s.name(), strings.Join(step.args, " "))
		if step.change != nil {
			s.change(step.change)
		}
		output, code, err := s.terraform(ctx, append(step.args, "-input=false", "-no-color")...)
		if err != nil {
			return err
		}
		output = strings.ReplaceAll(output, "│ ", "") // the frame of an error
		if code != step.code || !strings.Contains(strings.Join(strings.Fields(output), " "), step.says) {
			return fmt.Errorf("%s exits with %d, want %d and %q; it says:\n%s", s.name(), code, step.code, step.says, output)
		}
		shown := cut(output, step.start, step.end)
		if step.start == "" {
			if shown, err = s.members(ctx); err != nil {
				return err
			}
		}
		for line := range strings.Lines(shown) {
			fmt.Println(strings.TrimRight("   "+line, " │\n"))
		}
		fmt.Println("   exit code", code)
	}
	fmt.Println("\nThe emulator has stopped, and nothing is left behind. Next: docs/guides/getting-started.md")
	return nil
}

// cut returns text from start to end.
func cut(text, start, end string) string {
	_, text, _ = strings.Cut(text, start)
	text, _, _ = strings.Cut(text, end)
	return start + text
}
