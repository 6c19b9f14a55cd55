// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

// TestBenchRecipes prints what the recipes take for a fleet of 1,000 images of 30 members, and the read alone. The last row has
// 30,000 accounts that are not allowed and 30,000 that are missing. It needs BENCH=1.
func TestBenchRecipes(t *testing.T) {
	if os.Getenv("BENCH") == "" {
		t.Skip("set BENCH=1, or run make bench")
	}
	policyTool(t, "jq")
	allowed, others := map[string][]string{}, map[string][]string{}
	fleet := func(f *emulator.Fixtures) {
		f.Images = nil
		for i := range 1000 {
			image := emulator.Image{ID: fmt.Sprintf("%08x-0000-4000-8000-000000000000", i)}
			accounts, strangers := []string{}, []string{}
			for j := range 30 {
				account := fmt.Sprintf("%032x", i*7+j*1009)
				image.Members = append(image.Members, emulator.Member{MemberID: account, Status: "accepted"})
				accounts, strangers = append(accounts, account), append(strangers, "f"+account[1:])
			}
			f.Images, allowed[image.ID], others[image.ID] = append(f.Images, image), accounts, strangers
		}
	}
	s := newService(t, fleet)
	median := func(run func()) time.Duration {
		var times []time.Duration
		for range 3 {
			start := time.Now()
			run()
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		return times[1]
	}

	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "1,000 images of 30 members\tplan, median of 3\treport\t")
	alone := acc.NewTerraform(t, map[string]string{"images.json": allowList(t, allowed), "main.tf": `
terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

variable "images" {}

data "scp_virtualserver_image_members" "fleet" {
  image_ids = keys(var.images)
}
`})
	reading := median(func() { prepare(t, alone, s.env, planArguments...) })
	_, _ = fmt.Fprintf(table, "reading alone\t%s\t\t\n", reading.Round(10*time.Millisecond))
	for _, c := range []struct {
		recipe string
		images map[string][]string
		report bool
	}{{"block", allowed, false}, {"review", allowed, true}, {"changes", allowed, true}, {"review", others, true}} {
		tf := review(t, c.recipe)
		tf.Write(t, "images.json", allowList(t, c.images))
		if c.recipe == "changes" {
			accept(t, tf, s.env)
		}
		arguments := append(slices.Clone(planArguments), "-out=plan.bin")
		plan, report := median(func() { prepare(t, tf, s.env, arguments...) }), ""
		if c.report {
			prepareReport := func() {
				if output, code := runScript(t, tf, nil, []string{"jq"}, "-ec", "jq -rf report.jq plan.json"); code != 0 {
					t.Fatalf("the report exits with %d:\n%s", code, output)
				}
			}
			if output, code := runScript(t, tf, nil, nil, "-ec", "terraform show -json plan.bin >plan.json"); code != 0 {
				t.Fatal(output)
			}
			report = median(prepareReport).Round(10 * time.Millisecond).String()
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t\n", c.recipe, plan.Round(10*time.Millisecond), report)
	}
	_ = table.Flush()
}
