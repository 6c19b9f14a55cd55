// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// memberFaults makes the reads of the members of the first images fail, each with a status.
func memberFaults(statuses ...int) func(*emulator.Fixtures) {
	return func(f *emulator.Fixtures) {
		for i, status := range statuses {
			find(f, []string{image, other, unshared}[i]).Fault = &emulator.Fault{Status: status}
		}
	}
}

// keysOf are the variables with the keys of an account.
func keysOf(t *testing.T, id string) []string {
	t.Helper()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, account := range fixtures.Accounts {
		if account.ID == id {
			return []string{"SCP_TF_ACCESS_KEY=" + account.AccessKey, "SCP_TF_SECRET_KEY=" + account.SecretKey}
		}
	}
	t.Fatalf("there is no account %s", id)
	return nil
}

func both(edits ...func(*emulator.Fixtures)) func(*emulator.Fixtures) {
	return func(f *emulator.Fixtures) {
		for _, edit := range edits {
			edit(f)
		}
	}
}

// verdictCase is what a pipeline says of what happened.
type verdictCase struct {
	name        string
	edit        func(*emulator.Fixtures)
	images      string // the allow list, in place of images.json
	env         []string
	file, text  string // a file that somebody added to the recipe's folder
	code        int
	says, never []string
}

// allows is an allow list with these images, for no one.
func allows(t *testing.T, account, regions string, images ...string) string {
	t.Helper()
	list := map[string][]string{}
	for _, image := range images {
		list[image] = []string{}
	}
	return allowListWith(t, map[string]any{"account": account, "regions": strings.Fields(regions), "images": list})
}

// misspelt is an allow list that fits, but for keys that the review does not know.
func misspelt(t *testing.T, names ...string) string {
	t.Helper()
	keys := map[string]any{}
	for _, name := range names {
		keys[name] = []string{"kr-west1"}
	}
	return allowListWith(t, keys)
}

// emptyEast makes kr-east1 a region without images.
func emptyEast(f *emulator.Fixtures) { f.Regions = map[string]emulator.Region{"kr-east1": {}} }

// findingsVerdicts are those of a review that was made.
func findingsVerdicts(t *testing.T) []verdictCase {
	t.Helper()
	const (
		check   = "First check the keys of the pipeline, the account and the regions. Leave the allow list as it is until they are right."
		nothing = "The account owns no image in any of the regions."
		access  = "- 1 not allowed: remove the member in SCP"
		orAllow = ", or, if it is right, add the account to the image in the allow list."
	)
	// Nothing says so as long as the keys or the region can be wrong.
	editIt := []string{"remove it", "to the allow list", "to the image in the allow list", "to public"}
	ended, ends, far := day(-1), day(29), day(31)
	return []verdictCase{
		{name: "as allowed", never: []string{"Findings."},
			says: []string{"As allowed. The images are shared as the allow list says.", "4 images: kr-west1 4; no finding", "No earlier report."}},
		{name: "one more", edit: oneMore, code: 2,
			says: []string{"Findings.", access + orAllow, stranger, "No earlier report. | finding | image |"}},
		{name: "many findings: the accounts come first", code: 2, edit: func(f *emulator.Fixtures) {
			for i := range 11 {
				share(f, image, fmt.Sprintf("%032d", i))
			}
		}, says: []string{"11 not allowed: 11 accounts on 1 image", "No earlier report. | account | images |"}},
		{name: "open", edit: visible(scratch, "public"), code: 2, never: editIt[:3],
			says: []string{"- 1 open to everybody: make the image private in SCP, or, if everybody may use it, add it to `public`."}},
		{name: "expired, and over", edit: oneMore, code: 2, never: editIt[1:],
			images: allowListWith(t, map[string]any{"until": map[string]string{image + "/" + stranger: ended}}),
			says: []string{
				"- 1 expired: remove the member in SCP, or, if it is still right, change the date in `until`.",
				"- In `until`, but over: `db-base` `" + image + "` `" + stranger + "` until " + ended + ".",
			}},
		{name: "near its end", edit: oneMore, says: []string{
			"As allowed.", "- Allowed for less than 30 days more: `db-base` `" + image + "` `" + stranger + "` until " + ends + ".",
		}, never: []string{far, "but over"},
			images: allowListWith(t, map[string]any{"until": map[string]string{image + "/" + stranger: ends, image + "/" + accepted1: far}})},
		{name: "a new image", edit: visible(scratch, "shared"), code: 2, never: editIt[2:],
			says: []string{
				"- 1 not in the file: make the image private in SCP, or, if it is right, add it to the allow list, with [] if it is for no one.",
			}},
		{name: "an old API version", env: []string{"SCP_TF_API_VERSION=1.0"}, never: []string{"Findings."},
			says: []string{"As allowed.", "- API Version Past Its Guaranteed Date: ", "1.0"}},
		{name: "an address that is not SCP's", says: []string{
			"## platform Not SCP's own address: `kr-west1` at `127.0.0.1:", "/kr-west1` (unencrypted). As allowed.",
		}},
		{name: "without a region", images: allows(t, account, "default", image), code: 2, says: []string{"4 images: default 4;"}},
		{name: "one missing", edit: func(f *emulator.Fixtures) { find(f, image).Members = find(f, image).Members[1:] }, code: 2,
			says: []string{"- 1 image not shared with each account that the allow list names."}, never: editIt},
		{name: "one image gone", edit: remove(other), code: 2, never: []string{check},
			says: []string{
				"- One image is not in SCP's list: `" + other + "`. It was deleted, or it is hidden, and a hidden image is still shared. " +
					"Before you remove it from the allow list, read its members by its ID: Image Not Found means deleted.",
			}},
		{name: "being deleted", edit: func(f *emulator.Fixtures) { find(f, other).Status = "pending_delete" }, code: 2,
			says: []string{"- 1 image being deleted: its members were not read."}, never: editIt},
		{name: "two images gone, and one more", edit: both(remove(other), remove(unshared), oneMore), code: 2,
			says: []string{"- 2 images in the allow list: not in SCP's list.", check, access + "."}, never: editIt},
		{name: "keys of another account", env: keysOf(t, partner), code: 2, says: []string{nothing, check}, never: editIt},
		{name: "another account in the file", images: allows(t, partner, "kr-west1", image, other), code: 2,
			says: []string{"- 2 images in the allow list: the owner is another account.", check}, never: editIt},
		{name: "a region without images", edit: both(emptyEast, remove(other), func(f *emulator.Fixtures) { find(f, image).Members = nil }),
			images: allows(t, account, "kr-east1 kr-west1", image, unshared),
			says:   []string{"As allowed.", "3 images: kr-east1 0, kr-west1 3; no finding"}},
		{name: "the wrong region", edit: emptyEast, images: allows(t, account, "kr-east1", image, other, unshared), code: 2,
			says: []string{nothing, "- 3 images in the allow list: not in SCP's list.", check}, never: editIt},
	}
}

// causeVerdicts are those of a review that was not made.
func causeVerdicts(t *testing.T) []verdictCase {
	t.Helper()
	outage := []string{"- SCP, or a proxy in front of it, failed or was too slow. Run again later."}
	address := []string{"- SCP was not found at this address. Check regions in the allow list"}
	allowList := []string{"- The allow list has an error."}
	const unknown = "- The allow list has a key that the review does not know: `"
	clock := emulator.Fault{Clock: emulator.Duration(-time.Hour)}
	list := func(fault emulator.Fault) func(*emulator.Fixtures) {
		return func(f *emulator.Fixtures) { f.Faults = map[string]*emulator.Fault{"/v1/images": &fault} }
	}
	hostile := `{"errors": [{"code": "x", "detail": "` + "```" + `\n::error::a ##[error]b ##vso[d ##teamcity[e ::add-mask::c"}]}`
	return []verdictCase{
		{name: "a wrong key", env: []string{"SCP_TF_SECRET_KEY=wrong"}, says: []string{"- SCP rejected the keys."}},
		{name: "no key", env: []string{"SCP_TF_SECRET_KEY="}, says: []string{"- The keys are not set"}},
		{name: "no permission", edit: list(emulator.Fault{Status: 403}), says: []string{"- The keys lack a permission"}},
		{name: "a wrong clock", edit: list(clock), says: []string{"- The clock of this machine is wrong"}},
		{name: "a wrong address", edit: list(emulator.Fault{Kind: "gateway-404"}), says: address},
		{name: "no region", images: allows(t, account, "default"), env: []string{"SCP_TF_DEFAULT_REGION="}, says: address},
		{name: "no API version", env: []string{"SCP_TF_API_VERSION=one"}, says: []string{"- SCP does not accept the API version that is set."}},
		{name: "no network", env: []string{"SCP_TF_ENDPOINT_OVERRIDE=http://127.0.0.1:1/{region}"}, says: []string{"- SCP could not be reached"}},
		{name: "an outage", edit: list(emulator.Fault{Status: 503}), says: outage},
		{name: "too slow", edit: list(emulator.Fault{Kind: "hang"}), env: []string{"SCP_TF_REQUEST_TIMEOUT=1s"}, says: outage},
		{name: "too many requests", edit: list(emulator.Fault{Status: 429}), says: outage},
		{name: "an unclear response", edit: list(emulator.Fault{Kind: "html"}), says: []string{"- A response was not clear."}},
		{name: "deleted during the review", edit: memberFaults(404), says: []string{"- An image changed while the review ran."}},
		{name: "an old version", edit: list(emulator.Fault{Status: 406}), says: []string{"- SCP does not accept the API version"}},
		{name: "several causes", edit: memberFaults(403, 500, 404),
			says: []string{"There are several causes:", "- An image changed", outage[0], "- The keys lack a permission"}},
		{name: "null in the allow list", images: `{"account": "a", "images": {"` + image + `": null}}`, says: allowList},
		{name: "an empty allow list", images: " ", says: allowList},
		{name: "a misspelt key", images: misspelt(t, "Regions"), says: []string{unknown + "Regions`"}, never: []string{"failed", "an error"}},
		{
			name: "several misspelt keys, and one more", images: misspelt(t, "a", "b", "c\"`\n::error::"), edit: oneMore,
			says: []string{unknown, "1 other variable(s)"}, never: []string{"Findings."},
		},
		{name: "a hostile key", images: misspelt(t, "c`\n::error::"), says: []string{unknown + `c'\n: :error: :`}, never: []string{"::error"}},
		{name: "another recipe", file: "recipes/review/main.tf",
			text:   "variable \"account\" {}\nvariable \"regions\" {}\nvariable \"images\" {}\n",
			images: allows(t, account, "kr-west1", image), says: []string{"- The review itself failed."}},
		{name: "a hostile response", edit: list(emulator.Fault{Status: 403, Body: &hostile}),
			says: []string{"- The keys lack a permission"}, never: []string{"::error", "##[", "##vso[", "##teamcity["}},
	}
}

// Each verdict, with what brings it about.
func TestRecipesVerdicts(t *testing.T) {
	cases := findingsVerdicts(t)
	for _, c := range causeVerdicts(t) {
		c.code, c.says = 1, append(c.says, "Not reviewed.")
		if !strings.HasPrefix(c.name, "several") {
			c.never = append(c.never, "several causes")
		}
		cases = append(cases, c)
	}
	for _, c := range cases {
		inParallel(t, "review", c.name, func(t *testing.T, r *row) {
			tf := reviewFolder(t, c.images)
			if c.file != "" {
				tf.Write(t, c.file, c.text)
			}
			summary, _, code := runReview(t, tf, append(newService(t, c.edit).env, c.env...), reviewScript)
			wanted := want{code: c.code, says: append(c.says, "## platform"), never: c.never}
			r.check(t, wanted, strings.ReplaceAll(summary, "**", ""), code)
		})
	}
}
