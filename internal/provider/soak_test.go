// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"go.uber.org/goleak"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// soakFaults returns faults by image. Each fails one request in five; one image has no fault.
func soakFaults() map[string]*emulator.Fault {
	faults := map[string]*emulator.Fault{
		"reset":       {Kind: "reset"},
		"cut-off":     {Kind: "cut-off"},
		"hang":        {Kind: "hang"},
		"trickle":     {Kind: "trickle"},
		"html":        {Kind: "html"},
		"gateway-404": {Kind: "gateway-404"},
		"retry-after": {Status: 429, Header: map[string]string{"Retry-After": "1"}},
		"no-content":  {Status: 206, Body: new(`{"members":[]}`)},
		"redirect":    {Status: 302, Header: map[string]string{"Location": "https://login.example.com/"}},
		"media-type":  {Header: map[string]string{"Content-Type": "text/html"}},
		"total":       {Header: map[string]string{"X-Total-Count": "8"}, Body: new(`{"members":[]}`)},
		"link":        {Header: map[string]string{"Link": `<x>; rel="next"`}, Body: new(`{"members":[]}`)},
	}
	// Not 401, nor a clock that brings one: after it, no other read is sent for a minute.
	for _, status := range []int{400, 403, 404, 406, 408, 425, 429, 500, 502, 503, 504} {
		faults["status-"+strconv.Itoa(status)] = &emulator.Fault{Status: status}
	}
	for i, body := range []string{
		`{"members":[{]}`, `{}`, `{"members":null}`, `{"members":[{"member_id":"a"}],"members":[]}`, `{"Members":[]}`, ``, `[]`,
		`{"members":[],"error":"database is down"}`, `{"members":[],"partial":true}`, `{"members":[],"total_count":3}`,
		`{"members":[{"status":"accepted"}]}`, `{"members":[{"member_id":"a","image_id":"another"}]}`,
	} {
		faults["body-"+strconv.Itoa(i)] = &emulator.Fault{Body: &body}
	}
	for _, fault := range faults {
		fault.Every = 5
	}
	faults["well"] = nil
	return faults
}

// soakTally counts outcomes.
type soakTally struct {
	mu                   sync.Mutex
	right, failed, wrong int
	summaries            map[string]int
	firstWrong           string
}

func (s *soakTally) count(want int, resp *tfprotov6.ReadDataSourceResponse, list []tftypes.Value, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil && len(resp.Diagnostics) == 0 && len(list) == want:
		s.right++
	case err == nil && len(resp.Diagnostics) > 0 && len(list) == 0:
		s.failed++
		s.summaries[resp.Diagnostics[0].Summary]++
	default:
		s.wrong++
		s.firstWrong = fmt.Sprintf("%d of %d, %v", len(list), want, err)
	}
}

// TestSoak reads again and again while one request in five fails. It needs SOAK_READS, the number of reads: make soak reads 20,000 times.
func TestSoak(t *testing.T) {
	reads, err := strconv.Atoi(os.Getenv("SOAK_READS"))
	if err != nil {
		t.Skip("set SOAK_READS, or run make soak")
	}
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		goleak.VerifyNone(t, before,
			goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
			goleak.IgnoreAnyFunction("net/http.(*conn).serve"), goleak.IgnoreAnyFunction("net/http.(*Server).Serve"))
	})
	fixtures := defaultFixtures(t)
	fixtures.Images = nil
	var images []string
	const perImage = 7
	for name, fault := range soakFaults() {
		image := emulator.Image{ID: name, Fault: fault}
		for i := range perImage {
			image.Members = append(image.Members, emulator.Member{MemberID: strconv.Itoa(i), Status: "accepted"})
		}
		fixtures.Images, images = append(fixtures.Images, image), append(images, name)
	}
	// The list of all these images is read too; one page in three is cut off.
	const theList = "the list"
	images = append(images, theList)
	fixtures.Faults = map[string]*emulator.Fault{"/v1/images": {Kind: "cut-off", Every: 3}}
	_, env := startEmulator(t, fixtures, emulator.Options{DiscardRequests: true, PageLimit: 20})
	server := newProtocolServer(t, env)
	if diagnostics := server.configure(t, map[string]any{"max_retries": 1, "request_timeout": "250ms"}); len(diagnostics) != 0 {
		t.Fatal(diagnostics[0].Summary)
	}

	tally := &soakTally{summaries: map[string]int{}}
	next := make(chan string)
	var readers sync.WaitGroup
	for range 64 {
		readers.Go(func() {
			for image := range next {
				name, arguments, attribute, want := imageMembersName, map[string]any{"image_id": image}, "members", perImage
				if image == theList {
					name, arguments, attribute, want = imagesName, nil, "images", len(fixtures.Images)
				}
				resp := server.read(t, name, arguments)
				list, err := server.list(name, resp.State, attribute)
				tally.count(want, resp, list, err)
			}
		})
	}
	start := time.Now()
	var heaps []string
	for i := range reads {
		next <- images[i%len(images)]
		if i%(max(reads/5, 1)) == 0 {
			heaps = append(heaps, fmt.Sprintf("%.1f", liveHeap()))
		}
	}
	close(next)
	readers.Wait()
	grown := liveHeap()
	runtime.KeepAlive(server)
	heaps = append(heaps, fmt.Sprintf("%.1f", grown))
	t.Logf("%d reads in %s: %d right, %d errors, %d wrong",
		reads, time.Since(start).Round(time.Second), tally.right, tally.failed, tally.wrong)
	t.Logf("errors: %v", tally.summaries)
	t.Logf("live heap in MiB, from start to end: %v", heaps)

	if tally.wrong > 0 {
		t.Errorf("%d reads gave neither the right members nor an error; the last: %s", tally.wrong, tally.firstWrong)
	}
	if tally.right < reads/2 || tally.failed == 0 {
		t.Errorf("%d reads were right and %d failed; a soak needs both, and most of them right", tally.right, tally.failed)
	}
	// The framework keeps the context of each read until it is stopped.
	if most := 8 + float64(reads)/2000; grown > most {
		t.Errorf("%.1f MiB are live at the end, want no more than %.1f", grown, most)
	}
}

// liveHeap returns the memory in use after a garbage collection, in MiB.
func liveHeap() float64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc) / (1 << 20)
}
