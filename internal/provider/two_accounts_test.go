// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// An image that one account shares with another, as both see it from one configuration: the images, the pending ones, the members.
func TestCLITwoAccounts(t *testing.T) {
	t.Parallel()
	configuration, err := os.ReadFile("testdata/two_accounts.tf")
	if err != nil {
		t.Fatal(err)
	}
	image := emulator.Image{ID: documentImage, Name: "web", Owner: "owner"}
	shared := &changing{file: t.TempDir() + "/fixtures.json", fixtures: emulator.Fixtures{
		Versions: []emulator.Version{{ID: "v" + scp.DefaultAPIVersion}},
		Accounts: []emulator.Account{
			{ID: "owner", AccessKey: "owner-access-key", SecretKey: "owner-secret-key"},
			{ID: "partner", AccessKey: "partner-access-key", SecretKey: "partner-secret-key"},
		},
		Images: []emulator.Image{image},
	}}
	shared.image = &shared.fixtures.Images[0]
	shared.save(t)
	_, env := startEmulatorOn(t, emulator.File(shared.file), emulator.Options{})
	c := newCLI(t, string(configuration))

	member := func(status string) []emulator.Member { return []emulator.Member{{MemberID: "partner", Status: status}} }
	for _, step := range []struct {
		name, visibility string
		members          []emulator.Member
		owner, partner   string
	}{
		{"private", "private", nil, "web is private; ; ", "; ; "},
		{"shared with no one", "shared", nil, "web is shared; ; ", "; ; "},
		{"offered", "shared", member("pending"), "web is shared; ; partner pending", "; web of owner; partner pending"},
		{"accepted", "shared", member("accepted"), "web is shared; ; partner accepted", "web of owner; ; partner accepted"},
		{"rejected", "shared", member("rejected"), "web is shared; ; partner rejected", "; ; "},
		{"offered again", "shared", member("pending"), "web is shared; ; partner pending", "; web of owner; partner pending"},
		{"withdrawn", "shared", nil, "web is shared; ; ", "; ; "},
		{"public", "public", nil, "web is public; ; ", "web of owner; ; "},
	} {
		shared.image.Visibility, shared.image.Members = step.visibility, step.members
		shared.save(t)
		if output, code := c.Run(t, env.list(), "apply", "-auto-approve", "-no-color"); code != 0 {
			t.Fatalf("%s: terraform apply exits with %d:\n%s", step.name, code, output)
		}
		text, code := c.Run(t, env.list(), "output", "-json")
		var outputs map[string]struct{ Value string }
		// A warning about the development override comes before the object.
		if err := json.Unmarshal([]byte(text[max(strings.Index(text, "{"), 0):]), &outputs); err != nil || code != 0 {
			t.Fatalf("%s: terraform output exits with %d: %v:\n%s", step.name, code, err, text)
		}
		t.Logf("%-20s owner: %-36s partner: %s", step.name, outputs["owner"].Value, outputs["partner"].Value)
		got, want := fmt.Sprintln(outputs["owner"].Value, "/", outputs["partner"].Value), fmt.Sprintln(step.owner, "/", step.partner)
		if got != want {
			t.Errorf("%s: got %s, want %s", step.name, got, want)
		}
	}
}
