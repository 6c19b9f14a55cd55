// SPDX-License-Identifier: MPL-2.0

package build

import (
	"regexp"
	"strings"
	"testing"
)

// A release is built by the goreleaser that make release-check runs, and only the job that makes it may attest where its files come from.
func TestReleaseWorkflow(t *testing.T) {
	t.Parallel()
	const release = ".github/workflows/release.yml"
	runs := regexp.MustCompile(`\n          version: (\S+)\n`).FindStringSubmatch(readFile(t, release))
	checks := regexp.MustCompile(`github.com/goreleaser/goreleaser/v2 (\S+)`).FindStringSubmatch(readFile(t, "internal/tools/release/go.mod"))
	if runs == nil || checks == nil || runs[1] != checks[1] {
		t.Errorf("%s runs goreleaser %v, and make release-check %v", release, runs, checks)
	}
	for _, workflow := range glob(t, ".github/workflows/*.yml", 6) {
		_, job, _ := strings.Cut(readFile(t, workflow), "\n  release:\n")
		for _, permission := range []string{"id-token: write", "attestations: write"} {
			want := 0
			if workflow == release {
				want = 1
			}
			if inJob, all := strings.Count(job, permission), strings.Count(readFile(t, workflow), permission); inJob != want || all != want {
				t.Errorf("%s has %q %d times, %d of them in the job release, want %d", workflow, permission, all, inJob, want)
			}
		}
	}
	if attested := readFile(t, release); !regexp.MustCompile(`uses: actions/attest@[0-9a-f]{40} `).MatchString(attested) {
		t.Errorf("%s attests nothing", release)
	}
}

// No job runs an action that somebody else can change: each is named by its commit.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^(\./\S+|[\w./-]+@[0-9a-f]{40} # v[0-9.]+)$`)
	for _, workflow := range append(glob(t, ".github/workflows/*.yml", 6), "examples/recipes/review/github.yml") {
		for _, uses := range regexp.MustCompile(`(?m)uses: (.*)$`).FindAllStringSubmatch(readFile(t, workflow), -1) {
			if !pinned.MatchString(uses[1]) {
				t.Errorf("%s runs %s, which is not named by its commit", workflow, uses[1])
			}
		}
	}
}
