// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
)

// The tables of settings, in both languages, have the settings of the code and no others.
func TestSettingsTables(t *testing.T) {
	t.Parallel()
	for page, inLanguage := range map[string]*strings.Replacer{
		"templates/index.md.tmpl": strings.NewReplacer(),
		"README.ko.md": strings.NewReplacer(
			"| required |", "| 필수 |", "| none |", "| 없음 |", "from `auth_url`", "`auth_url`에서 결정",
		),
	} {
		var want []string
		for _, s := range config.Settings() {
			file := ""
			if s.File != "" {
				file = s.File + ", `" + s.Key + "` "
			}
			want = append(want, inLanguage.Replace(fmt.Sprintf("| `%s` | `%s` | %s| %s |", s.Attribute, s.Env, file, s.Default)))
		}
		var got []string
		for line := range strings.Lines(readFile(t, page)) {
			if strings.HasPrefix(line, "| `") && strings.Contains(line, "`SCP_TF_") {
				cells := strings.SplitAfterN(strings.TrimSpace(line), "|", 6) // the last one explains the setting
				got = append(got, strings.Join(cells[:5], ""))
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s has the settings\n%s\nand the code has\n%s", page, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
