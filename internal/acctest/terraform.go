// Package acctest runs the real terraform, or tofu, with the provider as a user has it built. Only tests import it.
package acctest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// BinaryVariable names the binary that is run in place of the terraform on PATH. The testing library knows it too.
const BinaryVariable = "TF_ACC_TERRAFORM_PATH"

// Engine is what the tests run, e.g. "Terraform v1.11.4" or "OpenTofu v1.12.6".
var Engine string

var (
	engine   = regexp.MustCompile(`(Terraform|OpenTofu) v\S+`)
	home     string
	provided struct {
		source, dir string
		err         error
	}
)

// Main runs the tests of a package, shielded from what the user of this machine has configured. It builds
// the provider first, which configurations name by source.
func Main(m *testing.M, source string) int {
	provided.source = source
	var err error
	if home, err = os.MkdirTemp("", "home-"); err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(home) }()
	provided.dir = filepath.Join(home, "bin")
	// Before HOME changes: Go finds its caches through it.
	if output, err := exec.Command("go", "build", "-o", provided.dir+string(filepath.Separator), "../..").CombinedOutput(); err != nil {
		provided.err = fmt.Errorf("go build: %w\n%s", err, output)
	}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		if value, err := exec.Command("go", "env", name).Output(); err == nil {
			_ = os.Setenv(name, strings.TrimSpace(string(value)))
		}
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "SCP_TF_") || strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "TF_ACC_") {
			_ = os.Unsetenv(name)
		}
	}
	// A file that is there and says nothing: tofu's warning about one that is missing confuses the testing library.
	cliConfiguration := filepath.Join(home, "cli.tfrc")
	if err := os.WriteFile(cliConfiguration, nil, 0o600); err != nil {
		panic(err)
	}
	_ = os.Setenv("HOME", home)
	_ = os.Setenv("TF_CLI_CONFIG_FILE", cliConfiguration)
	_ = os.Setenv("CHECKPOINT_DISABLE", "1")

	text, err := exec.Command(Binary(), "version").Output()
	if err != nil {
		panic(fmt.Sprintf("these tests drive the real terraform: put it on PATH, or set %s to it or to tofu: %v", BinaryVariable, err))
	}
	if Engine = engine.FindString(string(text)); strings.HasPrefix(Engine, "OpenTofu") {
		// The testing library has to serve the provider under the address that tofu makes of its name.
		_ = os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org")
	}
	return m.Run()
}

// Binary is what is run as terraform.
func Binary() string { return cmp.Or(os.Getenv(BinaryVariable), "terraform") }

// Terraform is a folder with a configuration, in which terraform is run with the built provider.
type Terraform struct {
	Dir string
	cli string
}

// NewTerraform returns a folder with the given files, by name.
func NewTerraform(t *testing.T, files map[string]string) Terraform {
	t.Helper()
	if provided.err != nil {
		t.Fatal(provided.err)
	}
	tf := Terraform{Dir: t.TempDir()}
	tf.cli = filepath.Join(tf.Dir, "cli.tfrc")
	tf.Write(t, "cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", provided.source, provided.dir))
	for name, text := range files {
		tf.Write(t, name, text)
	}
	return tf
}

// Write adds or replaces a file.
func (tf Terraform) Write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(tf.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Command is terraform with args; variables are added to the environment. It is killed after a minute.
func (tf Terraform) Command(t *testing.T, variables []string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, Binary(), args...)
	command.Dir = tf.Dir
	command.Env = append(append(os.Environ(), "TF_CLI_CONFIG_FILE="+tf.cli), variables...)
	return command
}

// Run returns what terraform printed, on both streams and without frames, and its exit code.
func (tf Terraform) Run(t *testing.T, variables []string, args ...string) (output string, code int) {
	t.Helper()
	text, err := tf.Command(t, variables, args...).CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "│ ", ""), code
}
