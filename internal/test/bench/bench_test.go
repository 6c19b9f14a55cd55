// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Package bench compares the provider with a floor: the least that a provider can do for the same lists. It needs BENCH=1.
package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/provider"
	"github.com/scp-community/terraform-provider-scp/internal/test/acc"
)

func TestMain(m *testing.M) { os.Exit(acc.Main(m, provider.Source)) }

// pairs is how often each plan of the provider is run, each time followed by one of the floor.
const pairs = 7

// TestBenchFloor prints what plans take with the provider and with the floor, and checks only that they succeed. It runs the two in turn,
// so that the machine's speed cancels out. Processor time is that of the whole plan with its provider processes; the peak is the largest
// of one provider process.
func TestBenchFloor(t *testing.T) {
	if os.Getenv("BENCH") == "" {
		t.Skip("set BENCH=1, or run make bench")
	}
	server := httptest.NewServer(http.HandlerFunc(serveLists))
	t.Cleanup(server.Close)
	ours := newContestant(t, "scp", "../../..", server.URL)
	floor := newContestant(t, "floor", "./floor", server.URL)

	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "terraform plan of\tprocessor ms\tfloor\tratio\tprovider ms\tfloor\tratio\tpeak MiB\tfloor\t")
	for _, work := range []struct {
		name   string
		args   []string
		images []string // to read the members of
		list   bool     // of images
	}{
		{name: "the schema alone", args: []string{"providers", "schema", "-json"}},
		{name: "1 member", images: []string{"n1"}},
		{name: "1,000 members", images: []string{"n1000"}},
		{name: "10,000 members", images: []string{"n10000"}},
		{name: "50,000 members", images: []string{"n50000"}},
		{name: "1,000 images in one block", images: fleet(1000)},
		{name: "a list of 10,000 images", list: true},
	} {
		args := work.args
		if args == nil {
			args = []string{"plan", "-no-color", "-input=false"}
		}
		ours.write(t, ourConfiguration(work.images, work.list))
		floor.write(t, floorConfiguration(server.URL, work.images, work.list))
		var a, b []usage
		for range pairs {
			a, b = append(a, ours.run(t, args)), append(b, floor.run(t, args))
		}
		us, them := median(a), median(b)
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%.2f\t%d\t%d\t%.2f\t%.1f\t%.1f\t\n", work.name,
			us.whole.Milliseconds(), them.whole.Milliseconds(), float64(us.whole)/float64(them.whole),
			us.provider.Milliseconds(), them.provider.Milliseconds(), float64(us.provider)/float64(them.provider), us.peak, them.peak)
	}
	_ = table.Flush()
}

// fleet returns the IDs of n images of two members each.
func fleet(n int) []string {
	images := make([]string, n)
	for i := range images {
		images[i] = fmt.Sprintf("fleet-%04d_n2", i)
	}
	return images
}

const listPages, imagesPerPage = 10, 1000

// serveLists serves as many members as the image's ID ends in, and pages of images.
func serveLists(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	var items []string
	list := "members"
	if id, isMembers := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/v1/images/"), "/members"); isMembers {
		n, _ := strconv.Atoi(id[strings.LastIndex(id, "n")+1:])
		for i := range n {
			items = append(items, fmt.Sprintf(`{"created_at":"2025-07-22T09:00:00Z","image_id":%q,"member_id":"%032x","status":"accepted",`+
				`"updated_at":"2025-07-26T12:00:00Z"}`, id, i*7919%n))
		}
	} else {
		list = "images"
		page, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Query().Get("marker"), "image-"))
		if strings.HasSuffix(r.URL.Query().Get("sort"), ":desc") { // for the newest image
			page = listPages*imagesPerPage - 1
		}
		for i := page + 1; i <= page+imagesPerPage && i <= listPages*imagesPerPage; i++ {
			items = append(items, fmt.Sprintf(`{"checksum":"6e6a8b1c0a7b4d5f","container_format":"bare","created_at":"2025-07-22T09:00:00Z",`+
				`"disk_format":"qcow2","id":"image-%05d","min_disk":10,"name":"golden","os_distro":"alma",`+
				`"owner":"3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6","owner_account_name":"demo","protected":false,"scp_image_type":"CUSTOM",`+
				`"scp_original_image_type":"STANDARD","size":21474836480,"status":"active",`+
				`"updated_at":"2025-07-26T12:00:00Z","url":"https://object.example.com/a/b/c","virtual_size":21474836480,"visibility":"shared"}`, i))
		}
	}
	_, _ = fmt.Fprintf(w, `{%q:[%s]}`, list, strings.Join(items, ","))
}

func ourConfiguration(images []string, list bool) string {
	switch {
	case list:
		return `data "scp_virtualserver_images" "x" {}`
	case len(images) == 1:
		return fmt.Sprintf("data \"scp_virtualserver_image_members\" \"x\" {\n  image_id = %q\n}\n", images[0])
	case len(images) > 1:
		return fmt.Sprintf("data \"scp_virtualserver_image_members\" \"x\" {\n  image_ids = [\"%s\"]\n}\n", strings.Join(images, `", "`))
	}
	return ""
}

func floorConfiguration(url string, images []string, list bool) string {
	if list {
		return fmt.Sprintf("data \"floor_images\" \"x\" {\n  urls = [\"%s/v1/images\"]\n}\n", url)
	}
	if len(images) == 0 {
		return ""
	}
	var urls []string
	for _, image := range images {
		urls = append(urls, url+"/v1/images/"+image+"/members")
	}
	return fmt.Sprintf("data \"floor_members\" \"x\" {\n  urls = [\"%s\"]\n}\n", strings.Join(urls, `", "`))
}

// candidate is a folder in which terraform runs with one of the two providers.
type candidate struct {
	name  string
	tf    acc.Terraform
	usage string // the file that each provider process adds its usage to
	env   []string
}

func newContestant(t *testing.T, name, source, url string) candidate {
	t.Helper()
	dir := t.TempDir()
	for binary, from := range map[string]string{"terraform-provider-" + name: "./usage", "real": source} {
		build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "grpcnotrace", "-ldflags", "-s -w",
			"-o", filepath.Join(dir, binary), from)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, output)
		}
	}
	c := candidate{name: name, usage: filepath.Join(dir, "usage")}
	c.tf = acc.NewTerraform(t, map[string]string{
		"cli.tfrc": fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"scp-community/%s\" = %q\n  }\n}\n", name, dir),
	})
	c.env = []string{"BENCH_USAGE=" + c.usage, "SCP_TF_ENDPOINT_OVERRIDE=" + url, "SCP_TF_ACCESS_KEY=benchmark", "SCP_TF_SECRET_KEY=benchmark"}
	return c
}

func (c candidate) write(t *testing.T, configuration string) {
	t.Helper()
	c.tf.Write(t, "main.tf", fmt.Sprintf("terraform {\n  required_providers {\n    %s = {\n      source = \"scp-community/%s\"\n    }\n  "+
		"}\n}\n\n%s", c.name, c.name, configuration))
}

// usage is the time and memory of one run of terraform.
type usage struct {
	whole, provider time.Duration // of processors
	peak            float64       // in MiB
}

func (c candidate) run(t *testing.T, args []string) usage {
	t.Helper()
	_ = os.Remove(c.usage)
	command := c.tf.Command(t, c.env, args...)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("terraform %s with %s: %v\n%.2000s", args[0], c.name, err, output)
	}
	// This includes the processes that terraform has waited for.
	took := usage{whole: command.ProcessState.UserTime() + command.ProcessState.SystemTime()}
	text, err := os.ReadFile(c.usage)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var microseconds, kib int64
		if _, err := fmt.Sscan(line, &microseconds, &kib); err != nil {
			t.Fatal(err)
		}
		took.provider += time.Duration(microseconds) * time.Microsecond
		took.peak = max(took.peak, float64(kib)/1024)
	}
	return took
}

// median returns the median of each figure.
func median(runs []usage) usage {
	middle := func(less func(a, b usage) int) usage {
		slices.SortFunc(runs, less)
		return runs[len(runs)/2]
	}
	return usage{
		whole:    middle(func(a, b usage) int { return int(a.whole - b.whole) }).whole,
		provider: middle(func(a, b usage) int { return int(a.provider - b.provider) }).provider,
		peak:     middle(func(a, b usage) int { return int(a.peak*1024 - b.peak*1024) }).peak,
	}
}
