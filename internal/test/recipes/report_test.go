// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// planJSON plans in tf and returns the plan in JSON.
func planJSON(t *testing.T, tf acc.Terraform, env []string, args ...string) string {
	t.Helper()
	prepare(t, tf, env, slices.Concat(planArguments, args, []string{"-out=plan.bin"})...)
	text, err := tf.Command(t, nil, "show", "-json", "plan.bin").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// everyFinding makes a finding of each kind that the emulator can play.
func everyFinding(f *emulator.Fixtures) {
	oneMore(f)
	find(f, image).Members = find(f, image).Members[1:] // rejected is missing
	visible(scratch, "public")(f)
	find(f, other).Status = "pending_delete"
	f.Images = append(f.Images, emulator.Image{ID: "new", Name: "new-base", Members: []emulator.Member{
		{MemberID: stranger, Status: "pending", CreatedAt: "2026-10-01T00:00:00Z", UpdatedAt: "2026-10-01T00:00:00Z"},
	}})
}

const everyFindingImages = `{"account": "` + account + `", "regions": ["kr-west1"],
	"images": {"` + image + `": ["` + accepted2 + `", "` + pending + `", "` + rejected + `"],
		"` + other + `": ["` + otherMember + `"], "` + unshared + `": [], "` + partners + `": [], "gone": []},
	"accounts": {"` + accepted2 + `": "production", "` + account + `": "platform"},
	"trusted": ["` + accepted2 + `"], "until": {"` + image + `/` + accepted1 + `": "2026-01-31"}, "notes": {"why": "a test"}}`

func TestRecipesReport(t *testing.T) {
	policyTool(t, "jq")
	tf := review(t, "review")
	tf.Write(t, "images.json", everyFindingImages)
	plan := planJSON(t, tf, newService(t, everyFinding).env)
	for form, want := range map[string]string{
		"table": `| finding | image | account | region |
| --- | --- | --- | --- |
| **open to everybody** ~public~ | ~scratch~ ~` + scratch + `~ | every account | ~kr-west1~ |
| **belongs to account** ~` + partner + `: these keys do not see all members~ | ~partner-gateway~ ~` + partners + `~ |  |  |
| **not allowed** ~pending since 2026-11-01T00:00:00Z~ | ~db-base~ ~` + image + `~ | ~` + stranger + `~ | ~kr-west1~ |
| **not allowed** ~pending since 2026-10-01T00:00:00Z~ | ~new-base~ ~new~ | ~` + stranger + `~ | ~kr-west1~ |
| **expired** ~on 2026-01-31: accepted since 2026-02-12T00:05:00Z~ | ~db-base~ ~` + image + `~ | ~` + accepted1 + `~ | ~kr-west1~ |
| **not in the file** | ~new-base~ ~new~ |  | ~kr-west1~ |
| missing | ~db-base~ ~` + image + `~ | ~` + rejected + `~ | ~kr-west1~ |
| not in SCP's list ~deleted, hidden, or in another region or account~ | ~gone~ |  |  |
| being deleted | ~web-base~ ~` + other + `~ |  | ~kr-west1~ |
`,
		"accounts": `| account | images | not allowed | pending | since |
| --- | --- | --- | --- | --- |
| every account | 1 | **1** |  |  |
| ~` + stranger + `~ | 2 | **2** | 2 | ~2026-10-01T00:00:00Z~ |
| ~` + accepted1 + `~ | 1 | **1** | 0 | ~2026-02-11T04:30:00Z~ |
| ~production~ ~` + accepted2 + `~ (trusted) | 1 | 0 | 0 | ~2026-01-19T02:00:00Z~ |
| ~` + pending + `~ | 1 | 0 | 1 | ~2026-10-30T06:00:00Z~ |
`,
		"matrix": `| image | region | every account | ~77777777…~ | ~0c6e1d5a…~ | ~production~ | ~9a7b6c5d…~ | ~f4d3a0c2…~ |
| --- | --- | --- | --- | --- | --- | --- | --- |
| ~scratch~ ~e8a4b2c6…~ | ~kr-west1~ | ✓ **!** | · | · | · | · | · |
| ~db-base~ ~1b0c9e52…~ | ~kr-west1~ |  | … **!** | ✓ **!** | ✓ | … | − |
| ~new-base~ ~new…~ | ~kr-west1~ |  | … **!** |  |  |  |  |
| ~web-base~ ~70a599e0…~ | ~kr-west1~ |  | · | · | · | · | · |

✓ accepted, … pending, ✗ rejected, ? another status, **!** not allowed, − missing, · its members were not read. ` +
			`Images that are shared with no one and have no finding: 1.
`,
	} {
		head := "**5 images: kr-west1 5; 9 findings; 1 open to everybody; 1 belongs to account; 2 not allowed: 1 account on 2 images; " +
			"1 expired; 1 not in the file; 1 missing; 1 not in SCP's list; 1 being deleted**\n\n" +
			"account `" + account + "` `platform`, `kr-west1` at `127.0.0.1:"
		output := reportOf(t, form, plan)
		if _, rest, found := strings.Cut(output, head); !found || !strings.HasSuffix(rest, "Z\n\n"+strings.ReplaceAll(want, "~", "`")) {
			t.Errorf("as %s it prints\n%s", form, output)
		}
		checkMarkdown(t, output)
	}
	if line := reportOf(t, "line", plan); !strings.HasPrefix(line, "not SCP's own address: kr-west1 at 127.0.0.1:") ||
		!strings.Contains(line, "/kr-west1 (unencrypted); 5 images: kr-west1 5; 9 findings; 1 open to everybody; ") ||
		!strings.Contains(line, "; account "+account+" platform, kr-west1 at 127.0.0.1:") {
		t.Errorf("the line is %q", line)
	}
	checkPrograms(t, plan)
}

// checkPrograms compares the forms for programs with the findings of everyFinding.
func checkPrograms(t *testing.T, plan string) {
	t.Helper()
	var found struct {
		Time, Account string
		Regions       []string
		Images        int
		Findings      []struct{ Kind, Region, Image, Account string }
	}
	if err := json.Unmarshal([]byte(reportOf(t, "json", plan)), &found); err != nil {
		t.Fatal(err)
	}
	if found.Account != account || !slices.Equal(found.Regions, []string{"kr-west1"}) || !strings.HasPrefix(found.Time, "20") ||
		found.Images != 5 || len(found.Findings) != 9 {
		t.Errorf("as json: %+v", found)
	}
	junit := reportOf(t, "junit", plan)
	checkXML(t, junit)
	junit = html.UnescapeString(junit)
	var failures []string
	for _, finding := range found.Findings {
		failures = append(failures, `<failure type="`+finding.Kind+`" message="`+finding.Kind)
	}
	cases := regexp.MustCompile(`<testcase classname="[^"]*" name="[^"]*"`).FindAllString(junit, -1)
	slices.Sort(cases)
	head := `<testsuite name="account ` + account + ` platform, kr-west1" timestamp="` + found.Time + `" tests="10" failures="9">`
	if !strings.Contains(junit, head) || len(slices.Compact(cases)) != 10 ||
		!slices.Equal(regexp.MustCompile(`<failure type="[^"]*" message="[^":]*`).FindAllString(junit, -1), failures) {
		t.Errorf("as junit:\n%s", junit)
	}
}
