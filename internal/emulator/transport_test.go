// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// A region can be a prefix of the path, as of http://127.0.0.1:1234/{region}. The signature is over the URL as sent,
// prefix and all, although the emulator's routes do not see it.
func TestBelowAPrefix(t *testing.T) {
	e := emulator.New(emulator.Default, emulator.Options{})
	mux := http.NewServeMux()
	for _, region := range []string{"/kr-west1", "/kr-east1"} {
		mux.Handle(region+"/", http.StripPrefix(region, e))
	}
	url := serve(t, mux)
	for _, region := range []string{"/kr-west1", "/kr-east1"} {
		c := get(url + region + membersPath(documentImage))
		c.send(t).object(t, http.StatusOK)
		c.signedURL = url + membersPath(documentImage)
		c.send(t).gatewayUnauthorized(t, "HmacValidFail")
		get(url+region+"/v1/images/a%2Fb/members").send(t).serviceError(t, http.StatusNotFound, "NotFound")
		get(url + region + "/v1/volumes").send(t).gatewayNotFound(t)
		call{method: http.MethodGet, url: url + region + "/", edit: unsigned}.send(t).object(t, http.StatusOK)
	}
	c := get(url + "/kr-west1" + membersPath(documentImage))
	c.signedURL = url + "/kr-east1" + membersPath(documentImage)
	c.send(t).gatewayUnauthorized(t, "HmacValidFail")
	// The record has the URI as sent: a test sees which region was asked.
	if got := e.Requests()[0].URI; got != "/kr-west1"+membersPath(documentImage) {
		t.Errorf("the URI is %q", got)
	}
}

func TestOverTLS(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(emulator.New(emulator.Default, emulator.Options{}))
			server.EnableHTTP2 = http2
			server.StartTLS()
			t.Cleanup(server.Close)
			c := get(server.URL + membersPath(documentImage))
			response, err := server.Client().Do(c.request(t))
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK || response.Proto != name {
				t.Errorf("the answer is %d by %s", response.StatusCode, response.Proto)
			}
			c.signedURL = "http" + server.URL[len("https"):] + membersPath(documentImage)
			c.sendBy(t, server.Client()).gatewayUnauthorized(t, "HmacValidFail")
		})
	}
}

// A proxy, or a hosts file, can bring a request to the emulator that names another host: that name is what was signed.
func TestHostAsSent(t *testing.T) {
	const host = "virtualserver.kr-west1.e.samsungsdscloud.com"
	c := get(start(t, emulator.Options{}) + membersPath(documentImage))
	c.edit = func(r *http.Request) { r.Host = host }
	c.send(t).gatewayUnauthorized(t, "HmacValidFail")
	c.signedURL = "http://" + host + membersPath(documentImage)
	c.send(t).object(t, http.StatusOK)
}

// Many clients at once: for the race detector, and for the counts, which must not lose a request.
func TestManyAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fixtures.json")
	if err := os.WriteFile(file, emulator.DefaultJSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	const clients, calls, failing = 8, 10, 30
	e := emulator.New(emulator.File(file), emulator.Options{Fault: &emulator.Fault{Status: http.StatusServiceUnavailable, First: failing}})
	url := serve(t, e)
	statuses := make(chan int, clients*calls)
	var running sync.WaitGroup
	for range clients {
		running.Go(func() {
			for range calls {
				response, err := plain.Do(get(url + membersPath(documentImage)).request(t))
				if err != nil {
					t.Error(err)
					return
				}
				_ = response.Body.Close()
				statuses <- response.StatusCode
				_ = e.Requests()
			}
		})
	}
	running.Wait()
	close(statuses)
	counts := map[int]int{}
	for status := range statuses {
		counts[status]++
	}
	want := map[int]int{http.StatusServiceUnavailable: failing, http.StatusOK: clients*calls - failing}
	if !maps.Equal(counts, want) {
		t.Errorf("the statuses are %v, want %v", counts, want)
	}
	if got := len(e.Requests()); got != clients*calls {
		t.Errorf("%d requests are recorded, want %d", got, clients*calls)
	}
}

func TestEnvironment(t *testing.T) {
	fixtures := emulator.Fixtures{AccessKey: "a=b", SecretKey: "s 's"}
	want := []string{"SCP_TF_ENDPOINT_OVERRIDE=http://127.0.0.1:1", "SCP_TF_ACCESS_KEY=a=b", "SCP_TF_SECRET_KEY=s 's"}
	if got := emulator.Environment("http://127.0.0.1:1", fixtures); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("the environment is %q, want %q", got, want)
	}
	fixtures.AuthToken = "t"
	if got := emulator.Environment("http://127.0.0.1:1", fixtures); len(got) != 4 || got[3] != "SCP_TF_AUTH_TOKEN=t" {
		t.Errorf("the environment is %q", got)
	}
}
