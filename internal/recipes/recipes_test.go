// Package recipes runs each recipe under examples/recipes with the real terraform against an emulator: where it is to
// pass, where it is to fail, and in an outage, in which none may pass.
package recipes

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"

	"github.com/scp-community/terraform-provider-scp/internal/acctest"
	"github.com/scp-community/terraform-provider-scp/internal/emulator"
	"github.com/scp-community/terraform-provider-scp/internal/provider"
)

const (
	recipes = "../../examples/recipes"

	// image is the emulator's image with these four members.
	image     = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
	accepted1 = "0c6e1d5a9b3f4827b1a2c3d4e5f60718"
	accepted2 = "5d2f8e1c7a604b39a8b7c6d5e4f30291"
	pending   = "9a7b6c5d4e3f42108f9e8d7c6b5a4938"
	rejected  = "f4d3a0c2b1e84796a5d8c7b6e9f01234"

	stranger = "77777777777777777777777777777777"

	// unshared is the emulator's image that is shared with no one.
	unshared = "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"
)

var everyone = []string{accepted1, accepted2, pending, rejected}

func TestMain(m *testing.M) {
	code := acctest.Main(m, provider.Source)
	if testing.Verbose() {
		printReport()
	}
	os.Exit(code)
}

// row is a line of the report.
type row struct{ recipe, name, want, got, verdict string }

var report struct {
	sync.Mutex
	rows []row
}

func printReport() {
	slices.SortStableFunc(report.rows, func(a, b row) int { return cmp.Compare(a.recipe, b.recipe) })
	if !strings.HasPrefix(acctest.Engine, "OpenTofu") {
		report.rows = append(report.rows, row{"(all)", "under OpenTofu", "a run", "this run is of " + acctest.Engine + "; make opentofu", "NOT RUN"})
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "\nRECIPE\tCASE\tEXPECTED\tGOT\t")
	for _, r := range report.rows {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.recipe, r.name, r.want, r.got, r.verdict)
	}
	_ = table.Flush()
}

// want is what a recipe promises of a run.
type want struct {
	code  int
	says  []string // what is to be in the output, however its lines are broken
	never []string // and what is not
}

// check compares a run with what is wanted of it, and adds a line to the report.
func check(t *testing.T, recipe, name string, want want, output string, code int) {
	t.Helper()
	expected, got := fmt.Sprint("exit ", want.code), fmt.Sprint("exit ", code)
	flat := strings.Join(strings.Fields(output), " ")
	for _, text := range want.says {
		expected += ", " + text
		if strings.Contains(flat, text) {
			got += ", said"
		} else {
			got += ", NOT SAID"
		}
	}
	for _, text := range want.never {
		if strings.Contains(flat, text) {
			got += ", SAID " + text
		}
	}
	verdict := "ok"
	if code != want.code || strings.Contains(got, "SAID") {
		verdict = "FAILED"
		t.Errorf("got %s, want %s; the output:\n%s", got, expected, output)
	}
	add(row{recipe, name, expected, got, verdict})
}

// skip skips a test, and does not keep quiet about it.
func skip(t *testing.T, recipe, why string) {
	t.Helper()
	add(row{recipe, "all", "a run", why, "NOT RUN"})
	t.Skip("NOT RUN: " + why)
}

func add(r row) {
	report.Lock()
	defer report.Unlock()
	report.rows = append(report.rows, r)
}

// prepare runs terraform for what a case needs before it: it has to succeed.
func prepare(t *testing.T, tf acctest.Terraform, env []string, args ...string) {
	t.Helper()
	if output, code := tf.Run(t, env, args...); code != 0 {
		t.Fatalf("terraform %s exits with %d:\n%s", args[0], code, output)
	}
}

// files returns the files of a recipe, by name.
func files(t *testing.T, recipe string) map[string]string {
	t.Helper()
	return folder(t, filepath.Join(recipes, recipe))
}

func folder(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		found[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// service is an emulator whose fixtures may be replaced between two runs.
type service struct {
	fixtures atomic.Pointer[emulator.Fixtures]
	env      []string
	outage   []string
}

// newService starts a service with the default fixtures, changed by edit if there is one.
func newService(t *testing.T, edit func(*emulator.Fixtures)) *service {
	t.Helper()
	s := &service{}
	s.edit(t, edit)
	read := func() (emulator.Fixtures, error) { return *s.fixtures.Load(), nil }
	start := func(fault *emulator.Fault) []string {
		var handler http.Handler = emulator.New(read, emulator.Options{Fault: fault})
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return append(emulator.Environment(server.URL, *s.fixtures.Load()), "SCP_TF_MAX_RETRIES=0", "TF_VAR_endpoint="+server.URL)
	}
	s.env, s.outage = start(nil), start(&emulator.Fault{Status: http.StatusServiceUnavailable})
	return s
}

// environment points the provider at the service or, in an outage, at one that answers 503.
func (s *service) environment(outage bool) []string {
	if outage {
		return s.outage
	}
	return s.env
}

// edit replaces the fixtures by the default ones, changed.
func (s *service) edit(t *testing.T, edit func(*emulator.Fixtures)) {
	t.Helper()
	fixtures, err := emulator.Default()
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(&fixtures)
	}
	s.fixtures.Store(&fixtures)
}

// members returns the members of image in fixtures.
func members(t *testing.T, fixtures *emulator.Fixtures) *[]emulator.Member {
	t.Helper()
	for i := range fixtures.Images {
		if fixtures.Images[i].ID == image {
			return &fixtures.Images[i].Members
		}
	}
	t.Fatal("the fixtures have no image " + image)
	return nil
}

// quoted is a list of accounts as a variable's value.
func quoted(accounts ...string) string {
	if len(accounts) == 0 {
		return "[]"
	}
	return `["` + strings.Join(accounts, `","`) + `"]`
}

// outageSays is how every recipe that reads is to fail in an outage.
var outageSays = want{code: 1, says: []string{"SCP Server Error"}}
