// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// What the verdicts say, and what none may say that is not sure of the cause.
const (
	firstCheck = "First check the keys of the pipeline, the account and the regions. Leave the allow list as it is until they are right."
)

// fault gives an operation a fault.
func fault(path string, fault emulator.Fault) func(*emulator.Fixtures) {
	return func(f *emulator.Fixtures) { f.Faults = map[string]*emulator.Fault{path: &fault} }
}

// memberFaults gives the images with members a fault each.
func memberFaults(faults ...emulator.Fault) func(*emulator.Fixtures) {
	return func(f *emulator.Fixtures) {
		for i, id := range []string{image, other, unshared}[:len(faults)] {
			find(f, id).Fault = &faults[i]
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

// Each verdict, with what brings it about.
func TestRecipesVerdicts(t *testing.T) {
	pipelines := readPipelines(t)
	const list = "/v1/images"
	remove3, addIt, notReviewed := "If it was deleted on purpose, remove it from the allow list.", "add it to the allow list", "Not reviewed."
	unsure := []string{"remove it", addIt}
	nothing := "The account owns no image in any of the regions."
	for _, c := range []struct {
		name   string
		edit   func(*emulator.Fixtures)
		images string // the allow list, in place of images.json
		env    []string
		files  map[string]string
		want   want
	}{
		{name: "as allowed", want: want{says: []string{"As allowed. The images are shared as the allow list says.", "4 images reviewed, no finding"}, never: []string{"Findings."}}},
		{name: "variables of the runner", edit: oneMore, env: []string{`TF_VAR_trusted=["` + stranger + `"]`, "TF_CLI_ARGS_plan=-var-file=other.json"}, want: want{code: 2, says: []string{"1 not allowed"}}},
		{name: "one more", edit: oneMore, want: want{code: 2, says: []string{"Findings.", "- 1 finding about who can use an image: undo the sharing in SCP, or, if it is right, add it to the allow list.", stranger}}},
		{name: "open", edit: visible(scratch, "public"), want: want{code: 2, says: []string{"1 finding about who can use an image", "open to everybody"}, never: []string{"remove it"}}},
		{name: "one missing", edit: fleetCases[3].edit, want: want{code: 2, says: []string{"- 1 image not shared with each account that the allow list names."}, never: unsure}},
		{name: "one image gone", edit: remove(other), want: want{code: 2, says: []string{"- One image is not in SCP's list: " + other + ". " + remove3}, never: []string{firstCheck}}},
		{name: "being deleted", edit: func(f *emulator.Fixtures) { find(f, other).Status = "pending_delete" }, want: want{code: 2, says: []string{"- 1 image being deleted."}, never: unsure}},
		{name: "two images gone, and one more", edit: both(remove(other), remove(unshared), oneMore),
			want: want{code: 2, says: []string{"- 2 images in the allow list: not in SCP's list.", firstCheck, "- 1 finding about who can use an image: undo the sharing in SCP."}, never: unsure}},
		{name: "keys of another account", env: keysOf(t, partner),
			want: want{code: 2, says: []string{nothing, firstCheck}, never: unsure}},
		{name: "another account in the file", images: `{"account": "` + partner + `", "images": {"` + image + `": [], "` + other + `": []}}`,
			want: want{code: 2, says: []string{"- 2 images in the allow list: the owner is another account.", firstCheck}, never: unsure}},
		{name: "a region without images", images: `{"account": "` + account + `", "regions": ["kr-east1", "kr-west1"], "images": {}}`,
			edit: func(f *emulator.Fixtures) { f.Regions = map[string]emulator.Region{"kr-east1": {}} },
			want: want{code: 2, says: []string{"- The account owns no image in kr-east1.", firstCheck}, never: unsure}},
		{name: "the wrong region", images: `{"account": "` + account + `", "regions": ["kr-east1"], "images": {"` + image + `": [], "` + other + `": [], "` + unshared + `": []}}`,
			edit: func(f *emulator.Fixtures) { f.Regions = map[string]emulator.Region{"kr-east1": {}} },
			want: want{code: 2, says: []string{nothing, "- 3 images in the allow list: not in SCP's list.", firstCheck}, never: unsure}},
		{name: "a wrong key", env: []string{"SCP_TF_SECRET_KEY=wrong"}, want: want{code: 1, says: []string{notReviewed, "- SCP rejected the keys."}, never: []string{"several causes"}}},
		{name: "no key", env: []string{"SCP_TF_SECRET_KEY="}, want: want{code: 1, says: []string{notReviewed, "- The keys are not set"}}},
		{name: "no permission", edit: fault(list, emulator.Fault{Status: 403}), want: want{code: 1, says: []string{notReviewed, "- The keys lack a permission"}}},
		{name: "a wrong clock", edit: fault(list, emulator.Fault{Clock: emulator.Duration(-3600e9)}), want: want{code: 1, says: []string{notReviewed, "- The clock of this machine is wrong"}}},
		{name: "a wrong address", edit: fault(list, emulator.Fault{Kind: "gateway-404"}), want: want{code: 1, says: []string{notReviewed, "- There is no SCP at this address."}}},
		{name: "no region at all", images: `{"account": "` + account + `", "images": {}}`, env: []string{"SCP_TF_DEFAULT_REGION="},
			want: want{code: 1, says: []string{notReviewed, "- There is no SCP at this address. Check regions in the allow list"}}},
		{name: "no network", env: []string{"SCP_TF_ENDPOINT_OVERRIDE=http://127.0.0.1:1/{region}"}, want: want{code: 1, says: []string{notReviewed, "- SCP could not be reached"}}},
		{name: "an outage", edit: fault(list, emulator.Fault{Status: 503}), want: want{code: 1, says: []string{notReviewed, "- SCP, or a proxy in front of it, failed or was too slow."}}},
		{name: "too slow", edit: fault(list, emulator.Fault{Kind: "hang"}), env: []string{"SCP_TF_REQUEST_TIMEOUT=1s"}, want: want{code: 1, says: []string{notReviewed, "- SCP, or a proxy in front of it, failed or was too slow."}}},
		{name: "too many requests", edit: fault(list, emulator.Fault{Status: 429}), want: want{code: 1, says: []string{notReviewed, "- SCP, or a proxy in front of it, failed or was too slow."}}},
		{name: "an unclear response", edit: fault(list, emulator.Fault{Kind: "html"}), want: want{code: 1, says: []string{notReviewed, "- A response was not clear."}}},
		{name: "deleted during the review", edit: memberFaults(emulator.Fault{Status: 404}), want: want{code: 1, says: []string{notReviewed, "- An image changed while the review ran."}, never: []string{"several causes"}}},
		{name: "an old version", edit: fault(list, emulator.Fault{Status: 406}), want: want{code: 1, says: []string{notReviewed, "- SCP no longer accepts the API version"}}},
		{name: "several causes", edit: memberFaults(emulator.Fault{Status: 403}, emulator.Fault{Status: 500}, emulator.Fault{Status: 404}),
			want: want{code: 1, says: []string{notReviewed, "There are several causes:", "- An image changed", "- SCP, or a proxy in front of it", "- The keys lack a permission"}}},
		{name: "an allow list with an error", images: `{"account": "` + account + `", "images": {"` + image + `": null}}`, want: want{code: 1, says: []string{notReviewed, "- The allow list has an error."}, never: []string{"several causes"}}},
		{name: "an empty allow list", images: " ", want: want{code: 1, says: []string{notReviewed, "- The allow list has an error."}, never: []string{"several causes"}}},
		{name: "something else in the folder", files: map[string]string{"other.tf": `output "other" { value = plantimestamp() }`},
			want: want{code: 1, says: []string{"Not reviewed. The plan has changes, but the review has no finding"}}},
		{name: "another recipe", files: map[string]string{"main.tf": `variable "account" {}` + "\n" + `variable "images" {}`}, want: want{code: 1, says: []string{notReviewed, "- The review itself failed."}}},
		{name: "a hostile response", edit: func(f *emulator.Fixtures) {
			body := `{"errors": [{"code": "x", "detail": "` + "```" + `\n::error::a ##[error]b ::add-mask::c"}]}`
			fault(list, emulator.Fault{Status: 403, Body: &body})(f)
		}, want: want{code: 1, says: []string{notReviewed, "- The keys lack a permission"}, never: []string{"::error", "##[error"}}},
	} {
		for _, name := range []string{"github", "gitlab"} {
			// Both call the same script, so for most causes one of them is enough.
			if name == "gitlab" && !slices.Contains([]string{"as allowed", "one more", "an outage"}, c.name) {
				continue
			}
			inParallel(t, "review", name+": "+c.name, func(t *testing.T, r *row) {
				policyTool(t, "jq")
				tf := pipelineFolder(t, c.images)
				for file, text := range c.files {
					tf.Write(t, filepath.Join("provider/examples/recipes/review", file), text)
				}
				s := newService(t, c.edit)
				summary, code := pipelines[name].run(t, tf, append(inRegions(s.env), c.env...))
				c.want.says = append(c.want.says, "## platform")
				slices.Reverse(c.want.says)
				r.check(t, c.want, strings.ReplaceAll(summary, "**", ""), code)
			})
		}
	}
}

// renamed are titles that are about to have another spelling: as long as the provider has one of the two, verdict.jq may know both.
var renamed = map[string]string{
	"Authentication Failed":             "Authentication Failed",
	"Permission Denied":                 "Permission Denied",
	"TLS Connection Failed":             "TLS Connection Failed",
	"Request Timed Out":                 "Request Timed Out",
	"Read Timed Out While Rate Limited": "Read Timed Out While Rate Limited",
	"Region Has No Effect":              "Region Has No Effect",
}

// A verdict that knows a title that the provider no longer has would miss its cause.
func TestVerdictKnowsTheTitles(t *testing.T) {
	text := files(t, "review")["verdict.jq"]
	var known []string
	for _, list := range regexp.MustCompile(`(?s)titles: \[(.*?)\]`).FindAllStringSubmatch(text, -1) {
		for _, title := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(list[1], -1) {
			known = append(known, title[1])
		}
	}
	if len(known) < 30 || !strings.Contains(text, `"Images Could Not Be Read"`) {
		t.Fatalf("verdict.jq has the titles %q", known)
	}
	source := providerStrings(t)
	for _, title := range append(known, "Images Could Not Be Read") {
		has := func(title string) bool {
			if source[title] {
				return true
			}
			// "Missing access_key" and the like are made of two.
			kind, setting, _ := strings.Cut(title, " ")
			return source[kind+" "] && source[setting]
		}
		found := has(title)
		for older, newer := range renamed {
			found = found || title == newer && has(older) && slices.Contains(known, older) || title == older && has(newer) && slices.Contains(known, newer)
		}
		if !found {
			t.Errorf("verdict.jq knows the title %q, which the provider does not have", title)
		}
	}
}

// providerStrings are the strings in the provider's source.
func providerStrings(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir("../../provider", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, literal := range regexp.MustCompile(`"([^"\\\n]*)"`).FindAllStringSubmatch(string(text), -1) {
			found[literal[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
