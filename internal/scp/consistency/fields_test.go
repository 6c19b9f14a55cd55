// SPDX-License-Identifier: MPL-2.0

package consistency

import (
	"net/http"
	"slices"
	"testing"
)

func TestValues(t *testing.T) {
	fields := http.Header{"X-Cache": {`MISS, "a, b" ,`, " HIT"}}
	if got := Values(fields, "X-Cache"); !slices.Equal(got, []string{"MISS", `"a, b"`, "HIT"}) {
		t.Errorf("got %q", got)
	}
}

// Of several fields the first by name is told, so that the message is always the same.
func TestTheFirstFieldIsTold(t *testing.T) {
	for range 20 {
		_, err := Check(Response{List: "members", Fields: http.Header{"X-Error": {"1"}, "A-Error": {"1"}, "B-Error": {"1"}}})
		if err == nil || err.Error() != "its header A-Error reports a problem: 1" {
			t.Fatalf("the error is %v", err)
		}
	}
}
