// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider"
)

// stage is a folder with the built provider and the recipes, and an emulator that runs.
type stage struct {
	work, binary string
	server       *httptest.Server
	fixtures     atomic.Pointer[emulator.Fixtures]
}

func newStage(ctx context.Context) (_ *stage, err error) {
	s := &stage{}
	if s.binary, err = findTerraform(); err != nil {
		return nil, err
	}
	if s.work, err = os.MkdirTemp("", "scp-demo-"); err != nil {
		return nil, err
	}
	fixtures, err := emulator.Default()
	s.fixtures.Store(&fixtures)
	s.server = httptest.NewServer(emulator.New(func() (emulator.Fixtures, error) { return *s.fixtures.Load(), nil }, emulator.Options{}))
	if err = errors.Join(err, s.build(ctx)); err != nil {
		s.clear()
		return nil, err
	}
	return s, nil
}

// build builds the provider into the folder, and puts the recipes next to it.
func (s *stage) build(ctx context.Context) error {
	output := s.work + string(filepath.Separator)
	command := exec.CommandContext(ctx, cmp.Or(os.Getenv("GO"), "go"), "build", "-trimpath", "-buildvcs=false", "-o", output, ".")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", provider.Source, s.work)
	err := errors.Join(
		os.WriteFile(filepath.Join(s.work, "cli.tfrc"), []byte(overrides), 0o600),
		os.CopyFS(filepath.Join(s.work, "recipes"), os.DirFS("examples/recipes")))
	if err == nil {
		_, _, err = s.terraform(ctx, "block", "get") // its module is the recipe "review"
	}
	return err
}

// clear stops the emulator and removes the folder.
func (s *stage) clear() {
	s.server.Close()
	_ = os.RemoveAll(s.work)
}

func findTerraform() (string, error) {
	for _, name := range []string{os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", errors.New("neither terraform nor tofu is on PATH: run make demo, which builds OpenTofu, " +
		"or install one from https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install/")
}

func (s *stage) name() string { return filepath.Base(s.binary) }

// change has the emulator play a copy of the fixtures with other images.
func (s *stage) change(change func(*emulator.Image)) {
	fixtures := *s.fixtures.Load()
	fixtures.Images = slices.Clone(fixtures.Images)
	for i := range fixtures.Images {
		change(&fixtures.Images[i])
	}
	s.fixtures.Store(&fixtures)
}

// terraform returns what terraform prints for a recipe, and its exit code.
func (s *stage) terraform(ctx context.Context, recipe string, args ...string) (output string, code int, err error) {
	command := exec.CommandContext(ctx, s.binary, args...)
	command.Dir = filepath.Join(s.work, "recipes", recipe)
	command.Env = append(emulator.Environment(s.server.URL+"/{region}", *s.fixtures.Load()),
		"PATH="+os.Getenv("PATH"), "HOME="+s.work, "TMPDIR="+os.TempDir(), "SCP_TF_MAX_RETRIES=1",
		"TF_CLI_CONFIG_FILE="+filepath.Join(s.work, "cli.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	// Terraform stops its providers when it is interrupted, not when it is killed.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	text, err := command.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		return string(text), exit.ExitCode(), nil
	}
	return string(text), 0, err
}
