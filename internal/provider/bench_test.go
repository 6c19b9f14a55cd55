// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// manyMembers returns fixtures with an image of n members, and its ID.
func manyMembers(b testing.TB, n int) (emulator.Fixtures, string) {
	b.Helper()
	fixtures := defaultFixtures(b)
	image := emulator.Image{ID: "many-members"}
	for i := range n {
		image.Members = append(image.Members, emulator.Member{
			MemberID: fmt.Sprintf("%032x", i*7919%n), Status: "accepted", CreatedAt: "2025-07-22T09:00:00Z", UpdatedAt: "2025-07-26T12:00:00Z",
		})
	}
	fixtures.Images = append(fixtures.Images, image)
	return fixtures, image.ID
}

// benchmarkRead measures one read of n members through the provider's protocol.
func benchmarkRead(b *testing.B, n int) {
	fixtures, image := manyMembers(b, n)
	_, env := startEmulator(b, fixtures, emulator.Options{DiscardRequests: true})
	server := startProvider(b, env)
	b.ReportAllocs()
	for b.Loop() {
		if resp := server.read(b, imageMembersName, map[string]any{"image_id": image}); len(resp.Diagnostics) > 0 {
			b.Fatal(describe(resp.Diagnostics))
		}
	}
}

// benchmarkFloor gets and decodes the same body with the standard library alone.
func benchmarkFloor(b *testing.B, n int) {
	fixtures, image := manyMembers(b, n)
	e, env := startEmulator(b, fixtures, emulator.Options{})
	server := startProvider(b, env)
	server.read(b, imageMembersName, map[string]any{"image_id": image})
	signed := e.Requests()[0]
	b.ReportAllocs()
	for b.Loop() {
		request, err := http.NewRequest(http.MethodGet, "http://"+signed.Host+signed.URI, nil)
		if err != nil {
			b.Fatal(err)
		}
		request.Header = signed.Header.Clone()
		request.Header.Del("Accept-Encoding")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		var answer struct{ Members []emulator.Member }
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Members) != n {
			b.Fatal(err, len(answer.Members))
		}
		_ = response.Body.Close()
	}
}

// benchmarkConversion encodes n members from the API's type for Terraform's protocol.
func benchmarkConversion(b *testing.B, n int) {
	text := "2025-07-22T09:00:00Z"
	members := make([]scp.ImageMember, n)
	for i := range members {
		members[i] = scp.ImageMember{MemberID: strconv.Itoa(i * 7919 % n), ImageID: &text, Status: &text, CreatedAt: &text, UpdatedAt: &text}
	}
	b.ReportAllocs()
	for b.Loop() {
		imageMembers(members)
	}
}

var memberCounts = []int{10, 1000, 10_000, 50_000}

func BenchmarkRead(b *testing.B)       { eachCount(b, benchmarkRead) }
func BenchmarkFloor(b *testing.B)      { eachCount(b, benchmarkFloor) }
func BenchmarkConversion(b *testing.B) { eachCount(b, benchmarkConversion) }

func eachCount(b *testing.B, benchmark func(*testing.B, int)) {
	for _, n := range memberCounts {
		b.Run(strconv.Itoa(n), func(b *testing.B) { benchmark(b, n) })
	}
}

func BenchmarkSchema(b *testing.B) {
	for b.Loop() {
		newProtocolServer(b, nil)
	}
}

// benchmarkImages measures one read of a list of n images, in pages of 1,000, through the provider's protocol.
func benchmarkImages(b *testing.B, n int) {
	_, env := startEmulator(b, manyImages(b, n), emulator.Options{DiscardRequests: true})
	server := startProvider(b, env)
	b.ReportAllocs()
	for b.Loop() {
		if resp := server.read(b, imagesName, nil); len(resp.Diagnostics) > 0 {
			b.Fatal(describe(resp.Diagnostics))
		}
	}
}

// benchmarkImagesFloor gets and decodes the same pages with the standard library alone.
func benchmarkImagesFloor(b *testing.B, n int) {
	e, env := startEmulator(b, manyImages(b, n), emulator.Options{})
	server := startProvider(b, env)
	server.read(b, imagesName, nil)
	pages := e.Requests()
	b.ReportAllocs()
	for b.Loop() {
		images := 0
		for _, page := range pages {
			request, err := http.NewRequest(http.MethodGet, "http://"+page.Host+page.URI, nil)
			if err != nil {
				b.Fatal(err)
			}
			request.Header = page.Header.Clone()
			request.Header.Del("Accept-Encoding")
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				b.Fatal(err)
			}
			var answer struct{ Images []emulator.Image }
			if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
				b.Fatal(err)
			}
			images += len(answer.Images)
			_ = response.Body.Close()
		}
		if images != n {
			b.Fatal(images)
		}
	}
}

func BenchmarkImages(b *testing.B) { b.Run("10000", func(b *testing.B) { benchmarkImages(b, 10_000) }) }
func BenchmarkImagesFloor(b *testing.B) {
	b.Run("10000", func(b *testing.B) { benchmarkImagesFloor(b, 10_000) })
}

// TestBenchTable prints tables and checks nothing but that the reads succeed. Each figure stands next to the floor of its size, from the
// same run, so that the machine's speed cancels out. It needs BENCH=1.
func TestBenchTable(t *testing.T) {
	if os.Getenv("BENCH") == "" {
		t.Skip("set BENCH=1, or run make bench")
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "what\tmembers\ttime\tallocs\tto the floor\t")
	for _, n := range memberCounts {
		floor := testing.Benchmark(func(b *testing.B) { benchmarkFloor(b, n) })
		for _, row := range []struct {
			name   string
			result testing.BenchmarkResult
		}{
			{"http.Get and json.Decode (floor)", floor},
			{"encoding for the protocol", testing.Benchmark(func(b *testing.B) { benchmarkConversion(b, n) })},
			{"a read through the protocol", testing.Benchmark(func(b *testing.B) { benchmarkRead(b, n) })},
		} {
			_, _ = fmt.Fprintf(table, "%s\t%d\t%s\t%d\t%.2f\t\n", row.name, n, time.Duration(row.result.NsPerOp()).Round(time.Microsecond),
				row.result.AllocsPerOp(), float64(row.result.NsPerOp())/float64(floor.NsPerOp()))
		}
	}
	list := testing.Benchmark(func(b *testing.B) { benchmarkImages(b, 10_000) })
	pages := testing.Benchmark(func(b *testing.B) { benchmarkImagesFloor(b, 10_000) })
	_, _ = fmt.Fprintf(table, "a list of images, in ten pages and one\t10000\t%s\t%d\t%.2f\t\n",
		time.Duration(list.NsPerOp()).Round(time.Microsecond),
		list.AllocsPerOp(), float64(list.NsPerOp())/float64(pages.NsPerOp()))
	_ = table.Flush()

	table = tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "terraform plan of\tmedian of 3\tto a plan without a read\t")
	nothing := planTime(t, emulator.Fixtures{}, "output \"nothing\" {\n  value = 1\n}\n")
	row := func(name string, fixtures emulator.Fixtures, configuration string) {
		elapsed := planTime(t, fixtures, configuration)
		_, _ = fmt.Fprintf(table, "%s\t%s\t%.2f\t\n", name, elapsed.Round(time.Millisecond), float64(elapsed)/float64(nothing))
	}
	_, _ = fmt.Fprintf(table, "no read\t%s\t1.00\t\n", nothing.Round(time.Millisecond))
	for _, n := range memberCounts {
		fixtures, image := manyMembers(t, n)
		row(fmt.Sprintf("1 image of %d members", n), fixtures, readConfiguration(image))
	}
	row("a list of 10000 images", manyImages(t, 10_000), `data "scp_virtualserver_images" "test" {}`)
	for _, n := range []int{1, 10, 100, 1000} {
		fixtures, ids := fleet(t, n)
		list := `["` + strings.Join(ids, `", "`) + `"]`
		block := "data \"scp_virtualserver_image_members\" \"test\" {\n"
		row(fmt.Sprintf("%d images in one block", n), fixtures, block+"  image_ids = "+list+"\n}\n")
		row(fmt.Sprintf("%d images by for_each", n), fixtures, block+"  for_each = toset("+list+")\n  image_id = each.key\n}\n")
	}
	_ = table.Flush()
}

// planTime returns the median of three plans, after one that is not counted.
func planTime(t *testing.T, fixtures emulator.Fixtures, configuration string) time.Duration {
	t.Helper()
	if fixtures.AccessKey == "" {
		fixtures = defaultFixtures(t)
	}
	_, env := startEmulator(t, fixtures, emulator.Options{DiscardRequests: true})
	c := newCLI(t, requiredProviders+configuration)
	var times []time.Duration
	for range 4 {
		start := time.Now()
		if output, code := c.Run(t, env.list(), "plan", "-no-color"); code != 0 {
			t.Fatalf("terraform plan exits with %d:\n%s", code, output)
		}
		times = append(times, time.Since(start))
	}
	times = times[1:]
	slices.Sort(times)
	return times[1]
}
