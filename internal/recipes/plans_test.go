package recipes

import (
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/acctest"
	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// planCase is a plan of a recipe in a fresh folder.
type planCase struct {
	name   string
	env    []string
	edit   func(*emulator.Fixtures)
	args   []string
	outage bool
	want   want
}

func runPlans(t *testing.T, recipe string, cases []planCase) {
	t.Helper()
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			s := newService(t, test.edit)
			env := s.environment(test.outage)
			args := append([]string{"plan", "-no-color", "-input=false"}, test.args...)
			output, code := acctest.NewTerraform(t, files(t, recipe)).Run(t, append(env, test.env...), args...)
			check(t, recipe, test.name, test.want, output, code)
		})
	}
}

// since sets when the image was shared with the account that has not answered.
func since(t *testing.T, days int) func(*emulator.Fixtures) {
	return func(fixtures *emulator.Fixtures) {
		list := *members(t, fixtures)
		for i := range list {
			if list[i].MemberID == pending {
				list[i].CreatedAt = time.Now().UTC().AddDate(0, 0, -days).Format(time.RFC3339)
			}
		}
	}
}

func allowing(accounts ...string) []string {
	return []string{"-var", "image_id=" + image, "-var", "allowed_accounts=" + quoted(accounts...)}
}

func TestRecipesBlock(t *testing.T) {
	runPlans(t, "block", []planCase{
		{name: "as agreed", edit: since(t, 3), args: allowing(everyone...), want: want{code: 0, never: []string{"Error", "Warning: Check"}}},
		{name: "unexpected account", edit: since(t, 3), args: allowing(accepted1, pending, rejected), want: want{
			code: 1, says: []string{"not allowed: " + accepted2 + "."}, never: []string{"not shared with", "without an answer"},
		}},
		{name: "missing account", edit: since(t, 3), args: allowing(append(everyone, stranger)...), want: want{
			code: 1, says: []string{"not shared with these accounts: " + stranger + "."}, never: []string{"not allowed", "without an answer"},
		}},
		{name: "pending too long", edit: since(t, 8), args: allowing(everyone...), want: want{
			code: 1, says: []string{"without an answer yet, to: " + pending + "."}, never: []string{"not allowed", "not shared with"},
		}},
		{name: "-refresh-only", edit: since(t, 3), args: append(allowing(accepted1), "-refresh-only"), want: want{
			code: 0, says: []string{"Warning: Resource postcondition failed", "not allowed: "},
		}},
		{name: "-destroy", edit: since(t, 3), args: append(allowing(accepted1), "-destroy"), want: want{code: 0, says: []string{"No changes."}}},
		{name: "outage", args: allowing(everyone...), outage: true, want: outageSays},
	})
}

func TestRecipesAdvise(t *testing.T) {
	runPlans(t, "advise", []planCase{
		{name: "as agreed", args: allowing(everyone...), want: want{code: 0, never: []string{"Check block assertion failed"}}},
		{name: "as agreed, by exit code", args: append(allowing(everyone...), "-detailed-exitcode"), want: want{code: 0}},
		{name: "unexpected account", args: allowing(accepted1, pending, rejected), want: want{
			code: 0, says: []string{"Warning: Check block assertion failed", "not allowed: " + accepted2 + "."},
		}},
		{name: "outage", args: allowing(everyone...), outage: true, want: outageSays},
	})
}

// listed are the service's versions with 1.3 in a status, so many days before its date.
func listed(status string, days int) func(*emulator.Fixtures) {
	return func(fixtures *emulator.Fixtures) {
		fixtures.Versions = []emulator.Version{
			{ID: "v1.5", Status: "CURRENT", NotBefore: "2026-02-23"},
			{ID: "v1.3", Status: status, NotBefore: time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)},
		}
	}
}

func TestRecipesAPIVersions(t *testing.T) {
	const warning = "Warning: Check block assertion failed"
	silent := want{code: 0, never: []string{warning, "Error"}}
	runPlans(t, "api-versions", []planCase{
		{name: "the document's list", want: silent},
		{name: "200 days left", edit: listed("SUPPORTED", 200), want: silent},
		{name: "current, its date past", edit: listed("CURRENT", -30), want: silent},
		{name: "60 days left", edit: listed("DEPRECATED", 60), want: want{
			code: 0, says: []string{warning, "until " + time.Now().UTC().AddDate(0, 0, 60).Format(time.DateOnly) + " only"},
		}},
		{name: "supported, its date past", edit: listed("SUPPORTED", -1), want: want{code: 0, says: []string{warning}}},
		{name: "no longer listed", edit: func(fixtures *emulator.Fixtures) {
			fixtures.Versions = []emulator.Version{{ID: "v1.5", Status: "CURRENT"}, {ID: "v1.6", Status: "SUPPORTED"}}
		}, want: want{code: 1, says: []string{"no longer lists API version 1.3", "one of: 1.5, 1.6."}}},
		{name: "deprecated, without a date", edit: func(fixtures *emulator.Fixtures) {
			fixtures.Versions = []emulator.Version{{ID: "v1.3", Status: "DEPRECATED"}}
		}, want: want{code: 1, says: []string{"not a valid RFC3339 timestamp"}}},
		{name: "outage", outage: true, want: outageSays},
	})
}
