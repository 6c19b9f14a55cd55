package recipes

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/acctest"
	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

func TestRecipesOneLiners(t *testing.T) {
	days := func(n int) string { return time.Now().UTC().AddDate(0, 0, -n).Format(time.RFC3339) }
	s := newService(t, func(fixtures *emulator.Fixtures) {
		*members(t, fixtures) = append(*members(t, fixtures),
			emulator.Member{MemberID: "new", Status: "pending", CreatedAt: days(3)},
			emulator.Member{MemberID: "slow", Status: "pending", CreatedAt: days(8)},
			emulator.Member{MemberID: "odd", Status: "on-hold", CreatedAt: days(30)})
		for i := range *members(t, fixtures) {
			if member := &(*members(t, fixtures))[i]; member.MemberID == pending {
				member.CreatedAt = days(20)
			}
		}
	})
	tf := acctest.NewTerraform(t, files(t, "one-liners"))
	args := append([]string{"apply", "-auto-approve", "-no-color", "-input=false"}, allowing(append(everyone, "absent")...)...)

	output, code := tf.Run(t, s.outage, args...)
	check(t, "one-liners", "outage", outageSays, output, code)
	output, code = tf.Run(t, s.env, args...)
	check(t, "one-liners", "four and three members", want{code: 0, says: []string{"Outputs:"}}, output, code)

	text, err := tf.Command(t, nil, "output", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var outputs map[string]struct{ Value any }
	if err := json.Unmarshal(text, &outputs); err != nil {
		t.Fatal(err)
	}
	byID := map[string]any{}
	for _, member := range *members(t, s.fixtures.Load()) {
		byID[member.MemberID] = map[string]any{
			"created_at": member.CreatedAt, "image_id": image, "member_id": member.MemberID, "status": member.Status, "updated_at": member.UpdatedAt,
		}
	}
	statuses := strings.ReplaceAll(fmt.Sprintf(`[[I,%q,"accepted"],[I,%q,"accepted"],[I,%q,"pending"],[I,%q,"rejected"],[I,"new","pending"],[I,"odd","on-hold"],[I,"slow","pending"]]`,
		accepted1, accepted2, pending, rejected), "I", strconv.Quote(image))
	wanted := map[string]any{
		"by_id":                 byID,
		"accepted":              []any{accepted1, accepted2},
		"count_by_status":       map[string]any{"accepted": 2.0, "on-hold": 1.0, "pending": 3.0, "rejected": 1.0},
		"unexpected":            []any{"new", "odd", "slow"},
		"missing":               []any{"absent"},
		"fingerprint":           fmt.Sprintf("%x", sha256.Sum256([]byte(statuses))),
		"pending_too_long":      []any{pending, "slow"},
		"added_since_last_week": []any{"new"},
	}
	for name, value := range wanted {
		t.Run(name, func(t *testing.T) {
			code := 0
			if !reflect.DeepEqual(outputs[name].Value, value) {
				t.Errorf("got  %v\nwant %v", outputs[name].Value, value)
				code = 1
			}
			check(t, "one-liners", name, want{code: 0}, "", code)
		})
	}
	if len(outputs) != len(wanted) {
		t.Errorf("%d outputs are checked, the recipe has %d", len(wanted), len(outputs))
	}
}
