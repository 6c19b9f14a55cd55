// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/config"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider/state"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// The images of the emulator's fixtures.
const (
	documentImage   = "70a599e0-31e7-49b7-b260-868f441e862b"
	fourImage       = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
	unsharedImage   = "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"
	privateImage    = "e8a4b2c6-0d17-4f93-b5e8-1c2d3e4f5a6b"
	documentAddress = "data.scp_virtualserver_image_members.test"
)

func TestMain(m *testing.M) { os.Exit(acc.Main(m, Source)) }

// variables are those of the environment that a test's provider sees, and nobody else: tests run at the same time.
type variables map[string]string

// getenv is os.Getenv as the provider sees it.
func (v variables) getenv(name string) string {
	if value, ok := v[name]; ok {
		return value
	}
	return os.Getenv(name)
}

// list is what a command's environment takes.
func (v variables) list() []string {
	var list []string
	for name, value := range v {
		list = append(list, name+"="+value)
	}
	return list
}

// set adds variables, each as NAME=value.
func (v variables) set(list ...string) variables {
	for _, variable := range list {
		name, value, _ := strings.Cut(variable, "=")
		v[name] = value
	}
	return v
}

// newProvider is the provider with a clock and variables of the test's own.
func newProvider(now func() time.Time, env variables) *scpProvider {
	return &scpProvider{version: "test", now: now, getenv: env.getenv}
}

// factories serve the provider from the test's process.
func factories(now func() time.Time, env variables) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		typeName: func() (tfprotov6.ProviderServer, error) { return state.NewServer(newProvider(now, env)), nil },
	}
}

// startEmulator starts an emulator and returns the variables that lead to it.
func startEmulator(t testing.TB, fixtures emulator.Fixtures, options emulator.Options) (*emulator.Emulator, variables) {
	t.Helper()
	return startEmulatorOn(t, emulator.Fixed(fixtures), options)
}

// startEmulatorOn is startEmulator for fixtures that change meanwhile.
func startEmulatorOn(t testing.TB, read func() (emulator.Fixtures, error), options emulator.Options) (*emulator.Emulator, variables) {
	t.Helper()
	fixtures, err := read()
	if err != nil {
		t.Fatal(err)
	}
	e := emulator.New(read, options)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return e, variables{}.set(emulator.Environment(server.URL, fixtures)...)
}

// startBelow starts an emulator that answers below prefix only, and returns the address without it.
func startBelow(t *testing.T, fixtures emulator.Fixtures, prefix string) (e *emulator.Emulator, url string) {
	t.Helper()
	e = emulator.New(emulator.Fixed(fixtures), emulator.Options{})
	server := httptest.NewServer(http.StripPrefix(prefix, e))
	t.Cleanup(server.Close)
	return e, server.URL
}

func defaultFixtures(t *testing.T) emulator.Fixtures {
	t.Helper()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	return fixtures
}

// readConfiguration is a configuration that reads one image with the provider as it comes.
func readConfiguration(imageID string) string {
	return `data "scp_virtualserver_image_members" "test" { image_id = "` + imageID + `" }`
}

// testFile is a configuration in testdata.
func testFile(name string) config.TestStepConfigFunc {
	return config.StaticFile(filepath.Join("testdata", name))
}

// changing are fixtures in a file, where a test changes the members of one image between two runs, as a user would.
type changing struct {
	file     string
	fixtures emulator.Fixtures
	image    *emulator.Image
}

func newChanging(t *testing.T, imageID string) *changing {
	t.Helper()
	c := &changing{file: filepath.Join(t.TempDir(), "fixtures.json"), fixtures: defaultFixtures(t)}
	for i := range c.fixtures.Images {
		if c.fixtures.Images[i].ID == imageID {
			c.image = &c.fixtures.Images[i]
		}
	}
	c.save(t)
	return c
}

func (c *changing) save(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(c.fixtures)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
