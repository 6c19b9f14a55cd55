// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// readFleet reads ids in one data source and returns "image/member" for each member.
func readFleet(t testing.TB, server protocolServer, ids []string) (members []string, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()
	list := make([]tftypes.Value, len(ids))
	for i, id := range ids {
		list[i] = tftypes.NewValue(tftypes.String, id)
	}
	resp := server.read(t, imageMembersName, map[string]any{"image_ids": list})
	if len(resp.Diagnostics) > 0 {
		return nil, resp.Diagnostics
	}
	values, err := server.list(imageMembersName, resp.State, "members")
	if err != nil {
		t.Fatal(err)
	}
	members = []string{}
	for _, value := range values {
		members = append(members, strings.Replace(textsOf(t, value, "image_id", "member_id"), " ", "/", 1))
	}
	return members, nil
}

// A thousand images are read with one request each, over no more connections than concurrent requests.
func TestFleet(t *testing.T) {
	t.Parallel()
	fixtures, ids := fleet(t, 1000)
	e := emulator.New(emulator.Fixed(fixtures), emulator.Options{Fault: &emulator.Fault{Latency: emulator.Duration(50 * time.Millisecond)}})
	var mu sync.Mutex
	connections := map[net.Conn]bool{}
	server := httptest.NewUnstartedServer(e)
	server.Config.ConnState = func(connection net.Conn, state http.ConnState) {
		mu.Lock()
		defer mu.Unlock()
		connections[connection] = true
	}
	server.Start()
	t.Cleanup(server.Close)
	provider := newProtocolServer(t, variables{}.set(emulator.Environment(server.URL, fixtures)...))
	provider.configure(t, nil)
	slices.Reverse(ids)
	start := time.Now()
	members, diagnostics := readFleet(t, provider, append(ids, ids[:10]...))
	if len(diagnostics) > 0 {
		t.Fatal(diagnostics[0].Detail)
	}
	elapsed := time.Since(start).Round(10 * time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	t.Logf("%d images in %s over %d connections", len(ids), elapsed, len(connections))
	if len(members) != 2000 || !slices.IsSorted(members) {
		t.Errorf("got %d members, sorted: %t; want 2000, sorted by image and member", len(members), slices.IsSorted(members))
	}
	if got := len(e.Requests()); got != 1000 {
		t.Errorf("%d requests were sent, want 1000", got)
	}
	if len(connections) > 16 {
		t.Errorf("%d connections were used, want 16 at most", len(connections))
	}
}

func TestFleetSpellings(t *testing.T) {
	t.Parallel()
	fixtures := defaultFixtures(t)
	fixtures.Images = append(fixtures.Images,
		emulator.Image{ID: "TWIN", Members: []emulator.Member{{MemberID: "member-of-upper"}}},
		emulator.Image{ID: "twin", Members: []emulator.Member{{MemberID: "member-of-lower"}}})
	tests := map[string]struct {
		ids      []string
		want     []string
		requests int
	}{
		"none":           {[]string{}, []string{}, 0},
		"twice":          {[]string{documentImage, documentImage}, []string{documentImage + "/a8f10467abfc4b87b64614ab36eb9ae4"}, 1},
		"differ in case": {[]string{"TWIN", "twin"}, []string{"TWIN/member-of-upper", "twin/member-of-lower"}, 2},
		"no members":     {[]string{unsharedImage}, []string{}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, env := startEmulator(t, fixtures, emulator.Options{})
			server := startProvider(t, env)
			got, diagnostics := readFleet(t, server, test.ids)
			if len(diagnostics) > 0 || !slices.Equal(got, test.want) || len(e.Requests()) != test.requests {
				t.Errorf("got %v and %v with %d requests, want %v with %d", got, describe(diagnostics), len(e.Requests()), test.want, test.requests)
			}
		})
	}
}

// The diagnostic names every image that failed, in groups, and no members are returned.
func TestFleetFailures(t *testing.T) {
	t.Parallel()
	fixtures, ids := fleet(t, 1000)
	one := fixtures
	one.Images = slices.Clone(fixtures.Images)
	one.Images[500].Fault = &emulator.Fault{Kind: "html"}
	two := fixtures
	two.Images = slices.Clone(fixtures.Images)
	two.Images[500].Fault = &emulator.Fault{Kind: "html"}
	two.Images[7].Visibility = "private"
	two.Images[8].Visibility = "private"
	tests := map[string]struct {
		fixtures emulator.Fixtures
		fault    *emulator.Fault
		want     []string
		named    int
		at       string // the id that is pointed at, not the whole list, which terraform would quote
	}{
		"one": {
			one, nil, []string{"1 of 1000 images", "Unusable Response (1 of 1000):\nimage-0500\n", "/v1/images/image-0500/members"}, 1, "image-0500",
		},
		"two kinds": {
			two, nil,
			[]string{"3 of 1000 images", "Image Is Not Shared (2 of 1000):\nimage-0007, image-0008\n",
				"Unusable Response (1 of 1000):\nimage-0500\n"},
			3, "image-0007",
		},
		"all": {
			fixtures, &emulator.Fault{Status: 403}, []string{"1000 of 1000 images", "Permission Denied (1000 of 1000):\n" +
				"image-0000, image-0001,"}, 1000,
			"image-0000",
		},
		"another image's": {
			fixtures, &emulator.Fault{Body: new(`{"members":[{"member_id":"a","image_id":"image-0001"}]}`)},
			[]string{"999 of 1000 images", "belongs to another image"}, 999, "image-0000",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, env := startEmulator(t, test.fixtures, emulator.Options{Fault: test.fault})
			server := startProvider(t, env)
			members, diagnostics := readFleet(t, server, ids)
			if len(members) != 0 || len(diagnostics) != 1 {
				t.Fatalf("got %d members and %d diagnostics, want one diagnostic", len(members), len(diagnostics))
			}
			at := tftypes.NewAttributePath().WithAttributeName("image_ids").WithElementKeyInt(slices.Index(ids, test.at))
			if got := diagnostics[0].Attribute; !got.Equal(at) {
				t.Errorf("the diagnostic is at %s, want %s", got, at)
			}
			detail := diagnostics[0].Detail
			for _, want := range test.want {
				if !strings.Contains(detail, want) {
					t.Errorf("the diagnostic does not say %q:\n%.2000s", want, detail)
				}
			}
			named := 0
			for _, id := range ids {
				if strings.Contains(detail, id+",") || strings.Contains(detail, id+"\n") {
					named++
				}
			}
			if requests := strings.Count(detail, "  Request: "); named != test.named || requests > 2 {
				t.Errorf("%d images are named with %d requests, want %d with two at most", named, requests, test.named)
			}
		})
	}
}

// A key in place of an ID is not shown, next to other failures neither.
func TestFleetDoesNotShowKeys(t *testing.T) {
	t.Parallel()
	_, env := startEmulator(t, defaultFixtures(t), emulator.Options{})
	const key = "0123456789abcdef0123"
	env["SCP_TF_SECRET_KEY"] = key
	server := startProvider(t, env)
	_, ofFleet := readFleet(t, server, []string{key})
	ofOne := server.read(t, imageMembersName, map[string]any{"image_id": key}).Diagnostics
	for _, diagnostics := range [][]*tfprotov6.Diagnostic{ofFleet, ofOne} {
		got := describe(diagnostics)
		if len(diagnostics) != 1 || strings.Contains(got, key) || !strings.Contains(got, "a key or token, which is not sent") {
			t.Errorf("got %s", got)
		}
	}
}

// Reads that timed out while rate limited are one group, whatever their last status. What was given the failure of another image is in no
// group, but if all were, one of them is.
func TestGroupFailures(t *testing.T) {
	t.Parallel()
	failure := func(id string, kind scp.Kind, status, attempts int) imageFailure {
		return imageFailure{id, &scp.Error{Kind: kind, StatusCode: status, Attempts: attempts}}
	}
	for want, failures := range map[string][]imageFailure{
		"a b c": {failure("a", scp.KindHeldBack, 0, 0), failure("b", scp.KindHeldBack, 429, 1), failure("c", scp.KindHeldBack, 503, 1)},
		"b d, e": {
			failure("a", scp.KindUnauthorized, 401, 0), failure("b", scp.KindUnauthorized, 401, 1), failure("c", scp.KindUnauthorized, 401, 0),
			failure("d", scp.KindUnauthorized, 401, 1), failure("e", scp.KindForbidden, 403, 1),
		},
		"a":      {failure("a", scp.KindUnauthorized, 401, 0), failure("b", scp.KindUnauthorized, 401, 0)},
		"b c, a": {failure("a", scp.KindForeign, 502, 1), failure("b", scp.KindForeign, 403, 1), failure("c", scp.KindForeign, 403, 1)},
		"":       nil,
	} {
		var got []string
		for _, group := range groupFailures(failures) {
			var images []string
			for _, failure := range group {
				images = append(images, failure.imageID)
			}
			got = append(got, strings.Join(images, " "))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Wrong keys are sent once, by ten data sources and by a fleet after them too, and each of them says so.
func TestWrongKeysAreSentOnce(t *testing.T) {
	t.Parallel()
	fixtures, ids := fleet(t, 10)
	e, env := startEmulator(t, fixtures, emulator.Options{})
	env["SCP_TF_SECRET_KEY"] = "wrong"
	server := startProvider(t, env)
	var given atomic.Int64
	var readers sync.WaitGroup
	for _, id := range ids {
		readers.Go(func() {
			resp := server.read(t, imageMembersName, map[string]any{"image_id": id})
			got := describe(resp.Diagnostics)
			if !strings.Contains(got, "Authentication Failed") || !strings.Contains(got, "/"+id+"/members") {
				t.Errorf("%s: got %s", id, got)
			}
			if strings.Contains(got, "\n  Attempts: none: the same failed ") {
				given.Add(1)
			}
		})
	}
	readers.Wait()
	_, diagnostics := readFleet(t, server, ids)
	want := regexp.MustCompile(`(?s)1 of 10 images .*\nSkipped: 9 of 10 images, .*\nAuthentication Failed \(1 of 10\).*: the same failed `)
	if got := describe(diagnostics); !want.MatchString(got) {
		t.Errorf("the fleet got %s", got)
	}
	if sent := len(e.Requests()); sent != 1 || given.Load() != 9 {
		t.Errorf("%d requests were sent, and %d reads were given the failure, want 1 and 9", sent, given.Load())
	}
}

// Wrong keys are sent once by a fleet, also while the server takes long to reject them: they can lock an account.
func TestFleetOfASlowServer(t *testing.T) {
	t.Parallel()
	fixtures, ids := fleet(t, 300)
	e, env := startEmulator(t, fixtures, emulator.Options{Fault: &emulator.Fault{Latency: emulator.Duration(1500 * time.Millisecond)}})
	env["SCP_TF_SECRET_KEY"] = "wrong"
	_, diagnostics := readFleet(t, startProvider(t, env), ids)
	want := regexp.MustCompile(`: 1 of 300 images .*\nSkipped: 299 of 300 images, .*\n\nAuthentication Failed \(1 of 300\)`)
	if got, sent := describe(diagnostics), len(e.Requests()); len(diagnostics) != 1 || !want.MatchString(got) || sent != 1 {
		t.Errorf("%d requests were sent, want 1, and it says %.1500s", sent, got)
	}
}
