// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Command bench compares plans with the provider and with a floor, the least that a provider can do for the same lists, and prints one
// table. It runs the two in turn, so that the machine's speed cancels out; it checks only that the plans succeed.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// pairs is how often each plan of the provider is run, each time followed by one of the floor.
const pairs = 7

const account = "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6"

// work is what both plans read: members of so many images, a list of them, or both as the review does.
type work struct {
	name            string
	images, members int
	latency         time.Duration // of each response
	list, review    bool
	args            []string // in place of a plan
}

var works = []work{
	{name: "no read: how quiet the machine is"},
	{name: "the schema", args: []string{"providers", "schema", "-json"}},
	{name: "one read", images: 1, members: 1},
	{name: "10,000 members", images: 1, members: 10_000},
	{name: "a list of 10,000 images", images: 10_000, list: true},
	{name: "1,000 images at 50 ms", images: 1000, members: 2, latency: 50 * time.Millisecond},
	{name: "review of 1,000 × 30", images: 1000, members: 30, list: true, review: true},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	server := httptest.NewServer(http.HandlerFunc(serve))
	defer server.Close()
	ours, err := newProvider(filepath.Join(dir, "scp"), ".")
	if err != nil {
		return err
	}
	floor, err := newProvider(filepath.Join(dir, "floor"), "./internal/test/bench/floor")
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "processor ms\tterraform\tfloor\tratio\tprovider\tfloor\tratio\tboth\twall s\tfloor\tratio\tpeak MiB\tfloor\t")
	for _, w := range works {
		var us, them []usage
		for range pairs {
			for provider, runs := range map[*provider]*[]usage{ours: &us, floor: &them} {
				took, err := provider.run(w, server.URL)
				if err != nil {
					return fmt.Errorf("%s: %w", w.name, err)
				}
				*runs = append(*runs, took)
			}
		}
		a, b := median(us), median(them)
		ratio := func(a, b time.Duration) string { return fmt.Sprintf("%.2f", float64(a)/float64(max(b, 1))) }
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%d\t%d\t%s\t%s\t%.2f\t%.2f\t%s\t%.1f\t%.1f\t\n", w.name,
			a.terraform.Milliseconds(), b.terraform.Milliseconds(), ratio(a.terraform, b.terraform),
			a.provider.Milliseconds(), b.provider.Milliseconds(), ratio(a.provider, b.provider),
			ratio(a.terraform+a.provider, b.terraform+b.provider),
			a.wall.Seconds(), b.wall.Seconds(), ratio(a.wall, b.wall), a.peak, b.peak)
	}
	return table.Flush()
}

// id is that of an image of an endpoint, which the first part of its path describes: images, members of each, milliseconds of latency.
func id(i int) string { return fmt.Sprintf("image-%05d", i) }

func (w work) endpoint(url string) string {
	return fmt.Sprintf("%s/%d-%d-%d", url, w.images, w.members, w.latency.Milliseconds())
}

// serve serves members, and images in pages of 1,000.
func serve(response http.ResponseWriter, r *http.Request) {
	var images, members, latency int
	_, _ = fmt.Sscanf(r.URL.Path, "/%d-%d-%d/", &images, &members, &latency)
	time.Sleep(time.Duration(latency) * time.Millisecond)
	var items []string
	list := "members"
	if path, isMembers := strings.CutSuffix(r.URL.Path, "/members"); isMembers {
		for i := range members {
			items = append(items, fmt.Sprintf(`{"created_at":"2025-07-22T09:00:00Z","image_id":%q,"member_id":"%032x","status":"accepted",`+
				`"updated_at":"2025-07-26T12:00:00Z"}`, filepath.Base(path), i*7919%members))
		}
	} else {
		list = "images"
		from := 0
		if marker := r.URL.Query().Get("marker"); marker != "" {
			last, _ := strconv.Atoi(strings.TrimPrefix(marker, "image-"))
			from = last + 1
		}
		if strings.HasSuffix(r.URL.Query().Get("sort"), ":desc") { // for the newest image
			from = images - 1
		}
		for i := from; i < min(from+1000, images); i++ {
			items = append(items, fmt.Sprintf(`{"checksum":"6e6a8b1c0a7b4d5f","container_format":"bare","created_at":"2025-07-22T09:00:00Z",`+
				`"disk_format":"qcow2","id":%q,"min_disk":10,"name":"golden","os_distro":"alma","os_hidden":false,"owner":%q,`+
				`"owner_account_name":"demo","protected":false,"scp_image_type":"CUSTOM","scp_original_image_type":"STANDARD",`+
				`"size":21474836480,"status":"active","updated_at":"2025-07-26T12:00:00Z","url":"https://object.example.com/a/b/c",`+
				`"virtual_size":21474836480,"visibility":"shared"}`, id(i), account))
		}
	}
	response.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(response, `{%q:[%s]}`, list, strings.Join(items, ",")) //nolint:gosec // no page
}

// configuration is what the provider of a name reads for the work, and the files beside it.
func (w work) configuration(name, url string) (files map[string]string, err error) {
	var ids, urls []string
	for i := range w.images {
		ids, urls = append(ids, id(i)), append(urls, w.endpoint(url)+"/v1/images/"+id(i)+"/members")
	}
	text := "output \"nothing\" {\n  value = 1\n}\n"
	quoted := func(items []string) string { return `["` + strings.Join(items, `", "`) + `"]` }
	switch {
	case name == "floor" && w.images > 0:
		text = ""
		if w.list {
			text = fmt.Sprintf("data \"floor_images\" \"x\" {\n  urls = [\"%s/v1/images\"]\n}\n", w.endpoint(url))
		}
		if w.members > 0 {
			text += "data \"floor_members\" \"x\" {\n  urls = " + quoted(urls) + "\n}\n"
		}
	case w.review:
		recipe, err := os.ReadFile("examples/recipes/review/main.tf")
		allowed := map[string][]string{}
		for _, image := range ids {
			for i := range w.members {
				allowed[image] = append(allowed[image], fmt.Sprintf("%032x", i))
			}
		}
		allowList, _ := json.Marshal(map[string]any{"account": account, "regions": []string{"kr-west1"}, "images": allowed})
		return map[string]string{"main.tf": string(recipe), "images.auto.tfvars.json": string(allowList)}, err
	case w.list:
		text = `data "scp_virtualserver_images" "x" {}`
	case w.images > 0:
		text = "data \"scp_virtualserver_image_members\" \"x\" {\n  image_ids = " + quoted(ids) + "\n}\n"
	}
	head := fmt.Sprintf("terraform {\n  required_providers {\n    %s = {\n      source = \"scp-community/%[1]s\"\n    }\n  }\n}\n\n", name)
	return map[string]string{"main.tf": head + text, "images.auto.tfvars.json": "{}"}, nil
}

// provider is a folder in which terraform runs with one of the two.
type provider struct{ name, dir string }

func newProvider(dir, source string) (*provider, error) {
	p := &provider{filepath.Base(dir), dir}
	for binary, from := range map[string]string{"terraform-provider-" + p.name: "./internal/test/bench/usage", "real": source} {
		build := exec.CommandContext(context.Background(), "go", "build", "-trimpath", "-buildvcs=false", //nolint:gosec // two of our own
			"-tags", "grpcnotrace", "-ldflags", "-s -w", "-o", filepath.Join(dir, binary), from)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go build: %w\n%s", err, output)
		}
	}
	return p, p.write("cli.tfrc",
		fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"scp-community/%s\" = %q\n  }\n}\n", p.name, dir))
}

func (p *provider) write(name, text string) error {
	return os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600)
}

// usage is the time and memory of one run of terraform.
type usage struct {
	terraform, provider time.Duration // of processors
	wall                time.Duration
	peak                float64 // of a provider process, in MiB
}

func (p *provider) run(w work, url string) (took usage, err error) {
	files, err := w.configuration(p.name, url)
	if err != nil {
		return took, err
	}
	for name, text := range files {
		if err := p.write(name, text); err != nil {
			return took, err
		}
	}
	endpoint := w.endpoint(url)
	if w.review {
		endpoint += "/{region}"
	}
	file := filepath.Join(p.dir, "usage")
	_ = os.Remove(file)
	args := w.args
	if args == nil {
		args = []string{"plan", "-no-color", "-input=false"}
	}
	terraform := cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")
	command := exec.CommandContext(context.Background(), terraform, args...) //nolint:gosec // as make says
	command.Dir = p.dir
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(p.dir, "cli.tfrc"), "CHECKPOINT_DISABLE=1", "BENCH_USAGE="+file,
		"SCP_TF_ENDPOINT_OVERRIDE="+endpoint, "SCP_TF_ACCESS_KEY=benchmark", "SCP_TF_SECRET_KEY=benchmark")
	start := time.Now()
	if output, err := command.CombinedOutput(); err != nil {
		return took, fmt.Errorf("terraform %s with %s: %w\n%.2000s", args[0], p.name, err, output)
	}
	took.wall = time.Since(start)
	text, _ := os.ReadFile(file) //nolint:gosec // written above; not there if terraform started no provider
	for line := range strings.Lines(string(text)) {
		var microseconds, kib int64
		if _, err := fmt.Sscan(line, &microseconds, &kib); err != nil {
			return took, err
		}
		took.provider += time.Duration(microseconds) * time.Microsecond
		took.peak = max(took.peak, float64(kib)/1024)
	}
	// That of the command includes the processes that it has waited for.
	took.terraform = command.ProcessState.UserTime() + command.ProcessState.SystemTime() - took.provider
	return took, nil
}

// median returns the median of each figure.
func median(runs []usage) (m usage) {
	by := func(figure func(usage) float64) usage {
		slices.SortFunc(runs, func(a, b usage) int { return cmp.Compare(figure(a), figure(b)) })
		return runs[len(runs)/2]
	}
	m.terraform = by(func(u usage) float64 { return float64(u.terraform) }).terraform
	m.provider = by(func(u usage) float64 { return float64(u.provider) }).provider
	m.wall = by(func(u usage) float64 { return float64(u.wall) }).wall
	m.peak = by(func(u usage) float64 { return u.peak }).peak
	return m
}
