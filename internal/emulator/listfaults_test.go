// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// pageOf is one page, as its ids or its status.
func pageOf(t *testing.T, url, query string) string {
	t.Helper()
	got := as("a", url+"/v1/images?sort=id:asc&limit=2"+query).send(t)
	if got.status != http.StatusOK {
		return http.StatusText(got.status)
	}
	return strings.Join(got.ids(t, "images", "id"), " ")
}

// Each fault of a list, with what a client that follows the pages of four images sees.
func TestListFaults(t *testing.T) {
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  []string // the pages without marker, behind 2, behind 4
	}{
		"none":                       {emulator.Fault{}, []string{"1 2", "3 4", ""}},
		"marker-ignored":             {emulator.Fault{Kind: "marker-ignored"}, []string{"1 2", "1 2", "1 2"}},
		"marker-ignored for one":     {emulator.Fault{Kind: "marker-ignored", After: 1, First: 1}, []string{"1 2", "1 2", ""}},
		"repeat":                     {emulator.Fault{Kind: "repeat"}, []string{"1 2", "2 3", "4"}},
		"vanish":                     {emulator.Fault{Kind: "vanish"}, []string{"1 2", "Bad Request", "Bad Request"}},
		"vanish later":               {emulator.Fault{Kind: "vanish", After: 2}, []string{"1 2", "3 4", "Bad Request"}},
		"a page fails":               {emulator.Fault{Status: 503, After: 1, First: 1}, []string{"1 2", "Service Unavailable", ""}},
		"all from a page on":         {emulator.Fault{Status: 429, After: 1}, []string{"1 2", "Too Many Requests", "Too Many Requests"}},
		"every second behind one":    {emulator.Fault{Status: 500, After: 1, Every: 2}, []string{"1 2", "3 4", "Internal Server Error"}},
		"empty-page":                 {emulator.Fault{Kind: "empty-page"}, []string{"1 2", "", ""}},
		"filter-ignored, no filters": {emulator.Fault{Kind: "filter-ignored"}, []string{"1 2", "3 4", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			own := several()
			own.Faults = map[string]*emulator.Fault{"/v1/images": &test.fault}
			for where, e := range map[string]*emulator.Emulator{
				"options":  emulator.New(emulator.Fixed(several()), emulator.Options{Fault: &test.fault}),
				"fixtures": emulator.New(emulator.Fixed(own), emulator.Options{Fault: &emulator.Fault{Status: http.StatusBadGateway}}),
			} {
				url := serve(t, e)
				got := []string{pageOf(t, url, ""), pageOf(t, url, "&marker=2"), pageOf(t, url, "&marker=4")}
				if !slices.Equal(got, test.want) {
					t.Errorf("by the %s the pages are %q, want %q", where, got, test.want)
				}
			}
		})
	}
}

func TestFilterIgnoredFault(t *testing.T) {
	url := serve(t, emulator.New(emulator.Fixed(several()), emulator.Options{Fault: &emulator.Fault{Kind: "filter-ignored"}}))
	if got := as("a", url+"/v1/images?visibility=private&name=none").send(t).ids(t, "images", "id"); len(got) != 4 {
		t.Errorf("the images are %q", got)
	}
	fixtures := paged()
	fixtures.Images = []emulator.Image{{ID: "pending", Owner: "a", Members: []emulator.Member{{MemberID: "b", Status: "pending"}}}}
	fixtures.Faults = map[string]*emulator.Fault{"/v1/pending-images": {Kind: "filter-ignored"}}
	url = serve(t, emulator.New(emulator.Fixed(fixtures), emulator.Options{}))
	if got := as("b", url+"/v1/pending-images?scp_image_type=none").send(t).ids(t, "images", "id"); !slices.Equal(got, []string{"pending"}) {
		t.Errorf("the pending images are %q", got)
	}
	if got := as("b", url+"/v1/images?scp_image_type=none").send(t).ids(t, "images", "id"); len(got) != 0 {
		t.Errorf("the fault of one list is another's: %q", got)
	}
}

// An empty page is not the end: who asks again behind the same image gets the rest, or never does. What has no marker, as the
// newest image, stays as it is.
func TestEmptyPageFault(t *testing.T) {
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  []string // behind 2, then behind 2 again, then the newest image
	}{
		"once":   {emulator.Fault{Kind: "empty-page", After: 1, First: 1}, []string{"", "3 4", "3"}},
		"always": {emulator.Fault{Kind: "empty-page"}, []string{"", "", "3"}},
	} {
		url := serve(t, emulator.New(emulator.Fixed(several()), emulator.Options{Fault: &test.fault}))
		if got := pageOf(t, url, ""); got != "1 2" {
			t.Errorf("%s: the first page is %s", name, got)
		}
		got := []string{pageOf(t, url, "&marker=2"), pageOf(t, url, "&marker=2")}
		newest := as("a", url+"/v1/images?sort=created_at:desc&limit=1").send(t).ids(t, "images", "id")
		if got = append(got, newest...); !slices.Equal(got, test.want) {
			t.Errorf("%s: the pages are %q, want %q", name, got, test.want)
		}
	}
}

// Only the page without images has a next one: a client that reads on until then must not take it for the end.
func TestNextOnEmptyFault(t *testing.T) {
	url := serve(t, emulator.New(emulator.Fixed(several()), emulator.Options{Fault: &emulator.Fault{Kind: "next-on-empty"}}))
	hasKeys(t, "the first page", as("a", url+"/v1/images").send(t).object(t, http.StatusOK), "images")
	last := as("a", url+"/v1/images?sort=id:asc&marker=4").send(t).object(t, http.StatusOK)
	if next, _ := last["next"].(string); len(last["images"].([]any)) != 0 || !strings.HasPrefix(next, "/v1/images?marker=") {
		t.Errorf("the last page is %v", last)
	}
}

// Extra keys are added to any answer, and not to the one after it.
func TestExtraFault(t *testing.T) {
	fault := emulator.Fault{Extra: map[string]any{"total_count": 3, "partial": true}, First: 1}
	for path, usual := range map[string]string{
		"/v1/images": "images", membersPath(documentImage): "members", "/": "versions", membersPath("unknown"): "errors",
	} {
		c := get(start(t, emulator.Options{Fault: &fault}) + path)
		for _, want := range [][]string{{usual, "total_count", "partial"}, {usual}} {
			got := c.send(t)
			hasKeys(t, path, got.object(t, got.status), want...)
		}
	}
	// The gateway's 404 is one value for all requests: the first must not change it.
	c := get(start(t, emulator.Options{Fault: &fault}) + "/nowhere")
	if got := c.send(t); !strings.Contains(got.body, "total_count") {
		t.Errorf("the answer is %s", got.body)
	}
	c.send(t).gatewayNotFound(t)
}

// The permission that a 403 names is the operation's.
func TestForbiddenLists(t *testing.T) {
	url := start(t, emulator.Options{Fault: &emulator.Fault{Status: http.StatusForbidden}})
	for path, want := range map[string]string{
		"/v1/images": "virtualserver:ListImages", "/v1/pending-images": "virtualserver:ListPendingImages", membersPath("x"): "virtualserver:ListImageMembers",
	} {
		response, _ := get(url+path).send(t).serviceError(t, http.StatusForbidden, "Forbidden")["response"].(map[string]any)
		if response["action_name"] != want {
			t.Errorf("%s asks for %v, want %s", path, response["action_name"], want)
		}
	}
}

func TestEndlessLists(t *testing.T) {
	url := start(t, emulator.Options{Fault: &emulator.Fault{Kind: "endless"}})
	for _, path := range []string{"/v1/images", "/kr-east1/v1/images", "/v1/pending-images"} {
		response, err := plain.Do(get(url + path).request(t))
		if err != nil {
			t.Fatal(err)
		}
		begin := make([]byte, 30)
		_, err = io.ReadFull(response.Body, begin)
		_ = response.Body.Close()
		if err != nil || !strings.HasPrefix(string(begin), `{"images":[{"id":"`) {
			t.Errorf("%s begins with %q, %v", path, begin, err)
		}
	}
}

func TestFaultsOfOperationsThatAreRefused(t *testing.T) {
	refused(t, `{"faults":{"/v1/image":{"status":503}}}`, `"/v1/image"`)
	refused(t, `{"faults":{"/v1/images":{"kind":"vanishes"}}}`, `/v1/images: there is no kind of fault "vanishes"`)
	refused(t, `{"faults":{"/v1/images":{"after":-1}}}`, "negative")
}

// A fault that is null is none: that of the options is in force.
func TestFaultOfAnOperationThatIsNull(t *testing.T) {
	file := t.TempDir() + "/fixtures.json"
	write(t, file, `{"access_key":"demo-access-key","secret_key":"demo-secret-key","versions":[{"id":"v1.3"}],"images":[],"faults":{"/v1/images":null,"/":{"status":404}}}`)
	url := serve(t, emulator.New(emulator.File(file), emulator.Options{Fault: &emulator.Fault{Status: http.StatusBadGateway}}))
	get(url+"/v1/images").send(t).serviceError(t, http.StatusBadGateway, "ContactAdminForAssistance")
	get(url+"/").send(t).serviceError(t, http.StatusNotFound, "NotFound")
}
