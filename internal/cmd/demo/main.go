// SPDX-License-Identifier: MPL-2.0

// Command demo shows what the provider is for, with an emulator of SCP that it starts and stops: a review of who can use which image, what
// the review says of two changes, a plan that is blocked, and an outage. It is run at the root of the repository, and reads and writes
// nothing of the user's: neither the CLI configuration, nor ~/.scpconf/, nor the work tree.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

const (
	shared   = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11" // an image of the emulator
	opened   = "70a599e0-31e7-49b7-b260-868f441e862b" // another one
	stranger = "77777777777777777777777777777777"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// step is one run of terraform, after a change to what the emulator plays.
type step struct {
	heading    string
	change     func(*emulator.Image)
	recipe     string
	args       []string
	code       int    // that terraform has to exit with
	says       string // what its output has to contain
	start, end string // of what is shown of it
}

const unchanged = "No changes. "

var steps = []step{
	{
		heading: "Which accounts can use our images, and did we allow that? The review compares SCP's list with images.json:",
		recipe:  "review", args: []string{"-detailed-exitcode"},
		says: unchanged, start: unchanged, end: "\n",
	},
	{
		heading: "One image is now shared with another account, and one is open to everybody. The review exits with 2:",
		change: func(image *emulator.Image) {
			switch image.ID {
			case shared:
				image.Members = append(slices.Clone(image.Members), emulator.Member{
					MemberID: stranger, Status: "pending", UpdatedAt: "2026-11-01T00:00:00Z",
				})
			case opened:
				image.Visibility = "public"
			}
		},
		recipe: "review", args: []string{"-detailed-exitcode"},
		code: 2, says: stranger, start: "Changes to Outputs:", end: "\n\n",
	},
	{
		heading: "The same rules as a check in a configuration block its plan, which exits with 1:",
		recipe:  "block", code: 1, says: stranger, start: "Images of account ", end: "\n╵",
	},
	{
		heading: "SCP fails, and so does the review: it does not continue with an empty list.",
		change:  func(image *emulator.Image) { image.Fault = &emulator.Fault{Status: 503} },
		recipe:  "review", args: []string{"-detailed-exitcode"},
		code: 1, says: "503 Service Unavailable", start: "Error: ", end: "\n╵",
	},
}

func run(ctx context.Context, to io.Writer) error {
	s, err := newStage(ctx)
	if err != nil {
		return err
	}
	defer s.clear()

	for i, step := range steps {
		args := append([]string{"plan", "-var-file", "../images.json"}, step.args...)
		_, _ = fmt.Fprintf(to, "\n%d. %s\n   $ cd examples/recipes/%s; %s %s\n\n",
			i+1, step.heading, step.recipe, s.name(), strings.Join(args, " "))
		if step.change != nil {
			s.change(step.change)
		}
		output, code, err := s.terraform(ctx, step.recipe, append(args, "-input=false", "-no-color")...)
		if err != nil {
			return err
		}
		output = strings.ReplaceAll(output, "│ ", "") // the frame of an error
		if code != step.code || !strings.Contains(output, step.says) {
			return fmt.Errorf("%s exits with %d, want %d and %q; it says:\n%s", s.name(), code, step.code, step.says, output)
		}
		for line := range strings.Lines(cut(output, step.start, step.end)) {
			_, _ = fmt.Fprintln(to, strings.TrimRight("   "+line, " │\n"))
		}
		_, _ = fmt.Fprintln(to, "   exit code", code)
	}
	_, _ = fmt.Fprintln(to, "\nThe emulator has stopped, and nothing is left behind. Next: docs/guides/getting-started.md")
	return nil
}

// cut returns text from start to end.
func cut(text, start, end string) string {
	_, text, _ = strings.Cut(text, start)
	text, _, _ = strings.Cut(text, end)
	return start + text
}
