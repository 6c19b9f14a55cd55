// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Of a plan that failed, or that is something else, there is no report: exit code 5, nothing on the output, and one line that says so.
func TestRecipesReportOfAFailedPlan(t *testing.T) {
	change := func(change func(map[string]any)) string {
		plan := newPlan()
		plan.change = change
		return plan.json(t)
	}
	review := func(plan map[string]any) map[string]any {
		return plan["output_changes"].(map[string]any)["review"].(map[string]any)
	}
	module := func(plan map[string]any) map[string]any {
		return plan["prior_state"].(map[string]any)["values"].(map[string]any)["root_module"].(map[string]any)
	}
	plans := map[string]string{
		"something else":     `{"configuration": {"root_module": {}}}`,
		"a list":             `[]`,
		"errored":            change(func(plan map[string]any) { plan["errored"] = true }),
		"without the output": change(func(plan map[string]any) { delete(plan, "output_changes") }),
		"not known yet":      change(func(plan map[string]any) { review(plan)["after_unknown"] = true }),
		"nothing read":       change(func(plan map[string]any) { delete(plan, "prior_state") }),
		"members not read":   change(func(plan map[string]any) { module(plan)["resources"] = module(plan)["resources"].([]any)[1:] }),
		"images not read":    change(func(plan map[string]any) { module(plan)["resources"] = module(plan)["resources"].([]any)[:1] }),
		"one region not read": change(func(plan map[string]any) {
			plan["variables"].(map[string]any)["regions"] = map[string]any{"value": []string{"default", "kr-west1"}}
		}),
	}
	for name, plan := range plans {
		t.Run(name, func(t *testing.T) {
			for _, form := range []string{"table", "line", "junit", "file"} {
				noReport(t, form, plan, "")
			}
		})
	}
	noReport(t, "sarif", newPlan().json(t), "table, accounts, matrix")
}

// Without findings, each form says so.
func TestRecipesReportWithoutFindings(t *testing.T) {
	plan := newPlan()
	for i := range 60 {
		plan.image(map[string]any{"id": fmt.Sprint("image-", i), "visibility": "private"})
	}
	for form, want := range map[string]string{
		"line": "60 images: default 60; no finding; account " + account +
			", default at virtualserver.kr-west1.e.samsungsdscloud.com, 2026-11-26T01:00:00Z\n",
		"table":    "**60 images: default 60; no finding**",
		"accounts": "**60 images: default 60; no finding**",
		"matrix":   "have no finding: 60.",
		"junit":    `tests="60" failures="0"`,
		"json":     `"findings": []`,
	} {
		if output := reportOf(t, form, plan.json(t)); !strings.Contains(output, want) {
			t.Errorf("as %s it lacks %q:\n%s", form, want, output)
		}
	}
}

// Each report says who answered, and first of all if that is not exactly SCP's own name for the region.
func TestRecipesReportAddress(t *testing.T) {
	for _, c := range []struct{ region, endpoint, begins, says string }{
		{"kr-west1", "https://virtualserver.kr-west1.e.samsungsdscloud.com", "1 image: ",
			"kr-west1 at virtualserver.kr-west1.e.samsungsdscloud.com, 20"},
		{"kr-west1", "https://virtualserver.kr-east1.e.samsungsdscloud.com", "not SCP's own address: ", ""},
		{"kr-west1", "http://virtualserver.kr-west1.e.samsungsdscloud.com", "not SCP's own address: ", "samsungsdscloud.com (unencrypted)"},
		{"kr-west1", "https://virtualserver.kr-west1.e.samsungsdscloud.com:8443", "not SCP's own address: ", ":8443"},
		{"kr-west1", "https://virtualserver.kr-west1.e.samsungsdscloud.com.evil", "not SCP's own address: ", ".evil"},
		{"kr-west1", "https://virtualserver.kr-west1.e.samsungsdscloud.com/kr-west1", "not SCP's own address: ", "com/kr-west1"},
		{"kr-west1", "https://xvirtualserver.kr-west1.e.samsungsdscloud.com", "not SCP's own address: ", ""},
		{"kr-west1", "https://127.0.0.1:4000/kr-west1", "not SCP's own address: ", "kr-west1 at 127.0.0.1:4000/kr-west1;"},
		{"kr-west1", "", "not SCP's own address: ", "kr-west1 at an unknown address"},
		{"default", "https://virtualserver.kr-east1.e.samsungsdscloud.com", "1 image: ", "default at virtualserver.kr-east1"},
	} {
		plan := newPlan()
		plan.endpoint = c.endpoint
		plan.image(map[string]any{"id": image, "visibility": "private"})
		plan.change = func(plan map[string]any) {
			root := plan["prior_state"].(map[string]any)["values"].(map[string]any)["root_module"].(map[string]any)
			for _, read := range root["resources"].([]any) {
				read.(map[string]any)["index"] = c.region
			}
		}
		line := reportOf(t, "line", plan.json(t))
		if !strings.HasPrefix(line, c.begins) || !strings.Contains(line, c.says) || strings.Contains(line, "://") {
			t.Errorf("%s: the line is %q", c.endpoint, line)
		}
		warned := strings.Contains(reportOf(t, "json", plan.json(t)), "**Not SCP's own address:**")
		if warned != strings.HasPrefix(c.begins, "not") {
			t.Errorf("%s: the warning of the verdict: %v", c.endpoint, warned)
		}
	}
}

// Comments and summaries have bounds, so the Markdown forms have one and count what they leave out. The others are whole.
func TestRecipesReportOfManyFindings(t *testing.T) {
	const images, accounts = 600, 40
	plan, name := newPlan(), strings.Repeat("가", 80)
	for i := range images {
		id := fmt.Sprintf("%08x-0000-4000-8000-000000000000", i)
		plan.image(map[string]any{"id": id, "name": name, "visibility": "shared"})
		for j := range 3 {
			member := fmt.Sprintf("%032x", (i+j)%accounts)
			plan.names[member] = name
			plan.member(map[string]any{"image_id": id, "member_id": member, "status": "accepted", "created_at": "2026-04-01T00:00:00Z"})
			plan.findings["default/"+id+"/"+member] = "not allowed: accepted since 2026-04-01T00:00:00Z (" + name + ")"
		}
	}
	count := func(text, pattern string) int {
		found := regexp.MustCompile(pattern).FindStringSubmatch(text)
		if found == nil {
			return 0
		}
		n, _ := strconv.Atoi(found[1])
		return n
	}
	for form, rows := range map[string]int{"table": images * 3, "accounts": accounts, "matrix": images} {
		output := reportOf(t, form, plan.json(t))
		checkMarkdown(t, output)
		shown, left := strings.Count(output, "\n| ")-2, count(output, `(?m)^Left out: (\d+) (?:not allowed|images?|accounts?)\b`)
		if len(output) > 60000 || shown+left != rows || form != "accounts" && (left == 0 || len(output) < 50000) {
			t.Errorf("as %s: %d bytes, %d rows shown and %d left out of %d", form, len(output), shown, left, rows)
		}
		if form == "matrix" && count(output, `Left out: .*, (\d+) accounts`) != accounts-30 {
			t.Errorf("as %s it does not count the accounts that it leaves out", form)
		}
	}
	if output := reportOf(t, "junit", plan.json(t)); strings.Count(output, "<failure") != images*3 {
		t.Error("junit leaves something out")
	}
	if output := reportOf(t, "json", plan.json(t)); strings.Count(output, `"kind"`) != images*3 {
		t.Error("json leaves something out")
	}
}

// The allow list that report.jq writes allows what is shared now, and no more: whoever uses it has no finding but what no list may hide.
func TestRecipesReportFile(t *testing.T) {
	inParallel(t, "review", "the allow list that report.jq writes", func(t *testing.T, r *row) {
		policyTool(t, "jq")
		s, tf := newService(t, everyFinding), review(t, "review")
		tf.Write(t, "images.json", everyFindingImages)
		written := reportOf(t, "file", planJSON(t, tf, s.env))
		tf.Write(t, "images.json", written)
		output, code := tf.Run(t, s.env, append(planArguments, reviewArguments...)...)
		r.check(t, finds(2, " = ", "kr-west1/"+scratch+" open to everybody: public",
			"kr-west1/"+image+"/"+accepted1+" expired on 2026-01-31", "kr-west1/"+other+" being deleted"), output, code)
		// An account that is trusted, or allowed until a day, does not become one of the image's for ever.
		for _, never := range []string{`"` + accepted2 + `",`, `"` + accepted1 + `"`, partners, "gone", scratch} {
			if strings.Contains(written, never) {
				t.Errorf("the file has %s:\n%s", never, written)
			}
		}
		for _, kept := range []string{
			`"why": "a test"`, `"public": []`, `"` + image + "/" + accepted1 + `": "2026-01-31"`,
			`"` + unshared + `": []`, `"` + otherMember + `"`, `"kr-west1"`,
		} {
			if !strings.Contains(written, kept) {
				t.Errorf("the file lacks %s:\n%s", kept, written)
			}
		}
	})
}

// The first list comes from a plan with none, and the review then finds nothing.
func TestRecipesReportFirstFile(t *testing.T) {
	policyTool(t, "jq")
	s, tf := newService(t, nil), review(t, "review")
	tf.Write(t, "images.json", `{"account": "`+account+`", "regions": ["kr-west1"], "images": {}}`)
	tf.Write(t, "images.json", reportOf(t, "file", planJSON(t, tf, s.env)))
	output, code := tf.Run(t, s.env, append(planArguments, reviewArguments...)...)
	add("review", "the first allow list").check(t, want{code: 0, says: none, found: []string{}}, output, code)

	// Wrong keys see no image of the account: an empty list would then look like the right one.
	tf.Write(t, "images.json", `{"account": "none", "regions": ["kr-west1"], "images": {}}`)
	noReport(t, "file", planJSON(t, tf, s.env), "owns no image")
}

// A plan of "changes" compares with what was applied.
func TestRecipesReportOfChanges(t *testing.T) {
	inParallel(t, "changes", "report", func(t *testing.T, r *row) {
		policyTool(t, "jq")
		s, tf := newService(t, nil), review(t, "changes")
		noReport(t, "table", planJSON(t, tf, s.env), "nothing was applied")
		accept(t, tf, s.env)
		if line := reportOf(t, "line", planJSON(t, tf, s.env)); !strings.HasPrefix(line, "not SCP's own address: kr-west1 at 127.0.0.1:") {
			t.Errorf("nothing has changed, and the line is %q", line)
		}
		s.edit(t, everyFinding)
		plan := planJSON(t, tf, s.env)
		r.check(t, want{says: []string{
			"5 images: kr-west1 5; 7 changes; 1 open to everybody; 2 new account: 1 account on 2 images; 1 new image; 1 changed; " +
				"2 account removed: 2 accounts on 2 images",
			"| **open to everybody** `public` | `scratch` `" + scratch + "` | every account |",
			"| **new account** `pending since 2026-11-01T00:00:00Z` | `db-base` `" + image + "` | `" + stranger + "` |",
			"| changed `being deleted, was shared` | `web-base` `" + other + "` |",
			"| account removed `was rejected since 2026-03-02T08:40:00Z` | `db-base` `" + image + "` | `" + rejected + "` |",
		}}, reportOf(t, "table", plan), 0)
		noReport(t, "junit", plan, "table, line or json")
	})
}
