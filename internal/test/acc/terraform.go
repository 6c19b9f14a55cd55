// SPDX-License-Identifier: MPL-2.0

// Package acc runs the real terraform, or tofu, with the built provider. Only tests import it.
package acc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// BinaryVariable is the environment variable with the binary to run in place of the terraform on PATH. The testing library knows it too.
const BinaryVariable = "TF_ACC_TERRAFORM_PATH"

const (
	cliConfiguration = "cli.tfrc"
	module           = "github.com/scp-community/terraform-provider-scp"
)

// Engine is what the tests run, e.g. "Terraform v1.11.4" or "OpenTofu v1.12.6". It is empty if there is none.
var Engine string

var (
	binary      string
	errNoBinary error // why there is no binary
	home        string
	source      string
)

// Main runs the tests of a package, shielded from what the user of this machine has configured. Configurations name the
// provider by its source. A machine without terraform is no failure before a test needs it.
func Main(m *testing.M, providerSource string) int {
	source = providerSource
	var err error
	if home, err = os.MkdirTemp("", "home-"); err == nil {
		defer func() { _ = os.RemoveAll(home) }()
		err = shield()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	errNoBinary = findBinary()
	return m.Run()
}

// NeedTerraform skips a test that runs terraform with -short, and fails it if there is neither terraform nor tofu.
func NeedTerraform(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("with -short, no test runs terraform")
	}
	if errNoBinary != nil {
		t.Fatal(errNoBinary)
	}
}

// shield gives the tests a home of their own, and unsets the variables that change what terraform or the provider does.
func shield() error {
	// Without these, Go would look for them in the home.
	names := []string{"GOENV", "GOCACHE", "GOMODCACHE", "GOPATH"}
	text, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	variables := map[string]string{"HOME": home, "USERPROFILE": home, "APPDATA": home, "CHECKPOINT_DISABLE": "1"}
	for i, value := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		variables[names[i]] = strings.TrimSpace(value)
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "SCP_TF_") || strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "TF_ACC_") {
			_ = os.Unsetenv(name)
		}
	}
	// An empty file: tofu's warning about a missing one confuses the testing library.
	variables["TF_CLI_CONFIG_FILE"] = filepath.Join(home, "cli.tfrc")
	for name, value := range variables {
		err = errors.Join(err, os.Setenv(name, value))
	}
	return errors.Join(err, os.WriteFile(variables["TF_CLI_CONFIG_FILE"], nil, 0o600))
}

// findBinary sets binary and Engine.
func findBinary() error {
	names := []string{"terraform", "tofu"}
	if name := os.Getenv(BinaryVariable); name != "" {
		names = []string{name}
	}
	var err error
	for _, name := range names {
		if binary, err = exec.LookPath(name); err == nil {
			binary, err = filepath.Abs(binary)
			break
		}
	}
	if err != nil {
		return fmt.Errorf("this test runs terraform or tofu: put one on PATH, set %s, run make test, which builds OpenTofu, "+
			"or leave such tests out with -short: %w", BinaryVariable, err)
	}
	text, err := exec.Command(binary, "version").Output()
	if err != nil {
		return fmt.Errorf("%s version: %w", binary, err)
	}
	Engine = regexp.MustCompile(`(Terraform|OpenTofu) v\S+`).FindString(string(text))
	if strings.HasPrefix(Engine, "OpenTofu") {
		// The testing library has to serve the provider under the address that tofu makes of its name.
		err = os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org")
	}
	// Without it, the testing library downloads a terraform if there is none on PATH.
	return errors.Join(err, os.Setenv(BinaryVariable, binary))
}

// HomeVariable names the user's home, where the provider looks for ~/.scpconf/.
var HomeVariable = map[bool]string{false: "HOME", true: "USERPROFILE"}[runtime.GOOS == "windows"]

// ErrConnectionRefused is what this system says where nothing listens, ErrConnectionReset where the other end breaks a connection off.
// Windows has numbers and words of its own for them.
var (
	ErrConnectionRefused = map[bool]error{false: syscall.ECONNREFUSED, true: syscall.Errno(10061)}[runtime.GOOS == "windows"]
	ErrConnectionReset   = map[bool]error{false: syscall.ECONNRESET, true: syscall.Errno(10054)}[runtime.GOOS == "windows"]
)

// Home returns a new home with the given files in ~/.scpconf/, by name.
func Home(t testing.TB, files map[string]string) string {
	t.Helper()
	home := t.TempDir()
	folder := filepath.Join(home, ".scpconf")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// Binary returns the path of what is run as terraform.
func Binary() string { return binary }

// builtProvider builds the provider as make build does, when the first test needs it, and returns its folder.
var builtProvider = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(home, "bin")
	output := dir + string(filepath.Separator)
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "grpcnotrace", "-o", output, module)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	return dir, nil
})

// Terraform is a folder with a configuration, in which terraform runs with the built provider.
type Terraform struct {
	Dir string
}

// NewTerraform returns a folder with the given files, by name. A cli.tfrc among them is used in place of one that names the
// built provider.
func NewTerraform(t testing.TB, files map[string]string) Terraform {
	t.Helper()
	NeedTerraform(t)
	tf := Terraform{Dir: t.TempDir()}
	if _, given := files[cliConfiguration]; !given {
		dir, err := builtProvider()
		if err != nil {
			t.Fatal(err)
		}
		tf.Write(t, cliConfiguration, fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", source, dir))
	}
	for name, text := range files {
		tf.Write(t, name, text)
	}
	return tf
}

// Write adds or replaces a file.
func (tf Terraform) Write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(tf.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Command returns a command that runs terraform with args, for five minutes at most. The variables win over those of the environment,
// so that tests that run at the same time can each have their own.
func (tf Terraform) Command(t testing.TB, variables []string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, Binary(), args...)
	command.Dir = tf.Dir
	command.Env = append(append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(tf.Dir, cliConfiguration)), variables...)
	return command
}

// Run returns what terraform printed, on both streams and without frames, and its exit code.
func (tf Terraform) Run(t testing.TB, variables []string, args ...string) (output string, code int) {
	t.Helper()
	output, code = Output(t, tf.Command(t, variables, args...))
	return strings.ReplaceAll(output, "│ ", ""), code
}

// Output returns what a command printed, on both streams, and its exit code.
func Output(t testing.TB, command *exec.Cmd) (output string, code int) {
	t.Helper()
	text, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(text), command.ProcessState.ExitCode()
}
