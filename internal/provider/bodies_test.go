// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// bodies are answers of the emulator that have the right status and the wrong body.
var bodies = map[string]string{
	"broken JSON":           `{"members":[{]}`,
	"members missing":       `{}`,
	"members null":          `{"members":null}`,
	"members an object":     `{"members":{}}`,
	"members a string":      `{"members":"none"}`,
	"members twice":         `{"members":[{"member_id":"a"}],"members":[]}`,
	"members in capitals":   `{"Members":[]}`,
	"empty":                 ``,
	"an error too":          `{"members":[],"error":"database is down"}`,
	"Errors too":            `{"members":[],"Errors":[{"code":"X"}]}`,
	"a failed result":       `{"members":[],"result":"FAILURE"}`,
	"partial":               `{"members":[],"partial":true}`,
	"warnings":              `{"members":[],"warnings":["one shard did not answer"]}`,
	"a next page":           `{"members":[],"next":"/v1/images/x/members?marker=a"}`,
	"another total":         `{"members":[],"total_count":3}`,
	"another count":         `{"members":[],"count":5}`,
	"a link to a next page": `{"members":[],"members_links":[{"rel":"next","href":"x"}]}`,
	"twice, different":      `{"members":[{"member_id":"a","status":"pending"},{"member_id":"a","status":"accepted"}]}`,
	"an array":              `[]`,
	"no member_id":          `{"members":[{"status":"accepted"}]}`,
	"a member that's null":  `{"members":[null]}`,
	"errors first":          `{"errors":[{"code":"X"}],"members":[]}`,
	"another image":         `{"members":[{"member_id":"a","image_id":"another"}]}`,
	"invalid UTF-8":         "{\"members\":[{\"member_id\":\"\xff\"}]}",
	"more after the end":    `{"members":[]}{"members":[]}`,
}

// Each of them is an error that says so, after one request, and never a list.
func TestUnusableBodies(t *testing.T) {
	t.Parallel()
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, env := startEmulator(t, defaultFixtures(t), emulator.Options{Fault: &emulator.Fault{Body: &body}})
			server := newProtocolServer(t, env)
			server.configure(t, nil)
			resp := server.read(t, imageMembersName, map[string]any{"image_id": documentImage}, false)
			if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Unusable Answer" ||
				!strings.Contains(resp.Diagnostics[0].Detail, "not as an empty list") {
				t.Fatalf("got %v, want that the answer is unusable", resp.Diagnostics)
			}
			if members, err := server.members(resp.State); err == nil && members != nil {
				t.Errorf("there are members, %v, and an error", members)
			}
			if got := len(e.Requests()); got != 1 {
				t.Errorf("%d requests were sent, want 1", got)
			}
		})
	}
}
