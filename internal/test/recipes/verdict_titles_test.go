// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
)

// A verdict that knows a title that the provider no longer has would miss its cause.
func TestRecipesVerdictTitles(t *testing.T) {
	titles, err := os.ReadFile("../../provider/title/title.go")
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"Images Could Not Be Read"}
	text := files(t, "review")["verdict.jq"]
	for _, list := range regexp.MustCompile(`(?s)titles: \[(.*?)\]`).FindAllStringSubmatch(text, -1) {
		for _, title := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(list[1], -1) {
			known = append(known, title[1])
		}
	}
	if len(known) < 25 || !strings.Contains(text, `"`+known[0]+`"`) {
		t.Fatalf("verdict.jq has the titles %q", known)
	}
	for _, title := range known {
		kind, setting, _ := strings.Cut(title, " ") // of "Missing access_key" and the like, the provider has the two words
		if _, ok := config.Attributes()[setting]; ok {
			title = kind + " "
		}
		if !strings.Contains(string(titles), ` = "`+title+`"`) {
			t.Errorf("verdict.jq knows the title %q, which the provider does not have", title)
		}
	}
}
