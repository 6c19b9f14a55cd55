// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"regexp"
	"strings"
	"testing"
)

// notInPowerShell is what sh and PowerShell do not read alike. Version 5.1 of PowerShell is the one that Windows has.
var notInPowerShell = []struct {
	pattern *regexp.Regexp
	because string
}{
	{regexp.MustCompile(`(^|\s)-[\w-]+=[^\s'"]*\.`), "PowerShell splits -x=y.z at the dot: -x y.z"},
	{regexp.MustCompile(`(^|\s)-chdir=`), "-chdir= takes no blank, so quote it: '-chdir=…'"},
	{regexp.MustCompile(`'[^']*"[^']*'|"[^"]*'[^"]*'[^"]*"`), "PowerShell drops inner quotes"},
	{regexp.MustCompile(`&&|\|\|`), "PowerShell has no && and ||"},
	{regexp.MustCompile(`^(export|unset|case)\b`), "PowerShell does not have it"},
	{regexp.MustCompile(`^\w+=\S* \w`), "PowerShell has no variables in front of a command"},
	{regexp.MustCompile(`\$\(`), "PowerShell reads $(…) differently"},
	{regexp.MustCompile(`\\$`), "PowerShell has no \\ at the end of a line"},
	{regexp.MustCompile(`>`), "PowerShell writes UTF-16 with >"},
	{regexp.MustCompile(`\.sh\b`), "PowerShell does not run it"},
}

// bashOnWindows says where the commands of a block run on Windows.
var bashOnWindows = regexp.MustCompile(`Git\s+Bash\s+or\s+WSL|Git\s+Bash나\s+WSL`)

var (
	fence      = regexp.MustCompile("(?ms)^ *```(\\w*)\n(.*?)^ *```$")
	comments   = regexp.MustCompile(`(?m)^#   ((?:terraform|tofu|jq|\./\w+\.sh) .*|\S+\.sh .*)$`)
	inline     = regexp.MustCompile("`(terraform [^`\n]*)`")
	commentEnd = regexp.MustCompile(` {3,}.*$`) // what a command in a comment is for
)

// powerShellReads returns why PowerShell does not read a command as sh does, or nothing.
func powerShellReads(command string) (because []string) {
	command, _, _ = strings.Cut(strings.TrimSpace(command), "   #")
	for _, rule := range notInPowerShell {
		if rule.pattern.MatchString(command) {
			because = append(because, rule.because)
		}
	}
	return because
}

// Every command of the guides, the READMEs and the recipes' comments works in sh and in PowerShell, or is marked bash, in a section that
// says where to run it on Windows.
func TestCommandsInEveryShell(t *testing.T) {
	t.Parallel()
	commands := 0
	check := func(file, command string) {
		commands++
		for _, because := range powerShellReads(command) {
			t.Errorf("%s has a command for sh alone: %s:\n%s", file, because, command)
		}
	}
	for _, file := range append(below(t, "templates", ".tmpl"), "README.md", "README.ko.md") {
		text := readFile(t, file)
		for _, at := range fence.FindAllStringSubmatchIndex(text, -1) {
			section := text[strings.LastIndex(text[:at[0]], "\n## ")+1 : at[0]]
			switch language := text[at[2]:at[3]]; language {
			case "sh":
				for command := range strings.Lines(text[at[4]:at[5]]) {
					check(file, strings.TrimSpace(command))
				}
			case "bash":
				if !bashOnWindows.MatchString(section) {
					t.Errorf("%s has a bash block in a section that does not say Git Bash or WSL:\n%s", file, text[at[0]:at[1]])
				}
			case "terraform", "text", "json", "nginx", "powershell":
			default:
				t.Errorf("%s has a block marked %q: is it sh, or bash?", file, language)
			}
		}
		for _, command := range inline.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			check(file, command[1])
		}
	}
	for _, file := range below(t, "examples/recipes", ".jq", ".tf", ".rego") {
		text := readFile(t, file)
		if header, _, _ := strings.Cut(text, "\n\n"); !bashOnWindows.MatchString(header) {
			for _, comment := range comments.FindAllStringSubmatch(text, -1) {
				check(file, commentEnd.ReplaceAllString(comment[1], ""))
			}
		}
	}
	if commands < 40 {
		t.Errorf("only %d commands were found: this test looks in the wrong places", commands)
	}
}

func TestCommandsThatPowerShellReads(t *testing.T) {
	t.Parallel()
	for command, rules := range map[string]int{
		"terraform plan -var-file images.json":                      0,
		"terraform plan -var-file=images.json":                      1,
		"terraform plan '-var-file=images.json'":                    0,
		"terraform plan -lockfile=readonly":                         0,
		"terraform -chdir=review init":                              1,
		"terraform '-chdir=review' init":                            0,
		`terraform plan -var 'regions=["kr-west1"]'`:                1,
		`make mirror PLATFORMS="linux_amd64 windows_amd64"`:         0,
		"cd review && terraform init":                               1,
		"export A=1":                                                1,
		"TF_LOG=DEBUG terraform plan":                               1,
		`echo "$(terraform version)"`:                               1,
		`terraform plan \`:                                          1,
		"terraform show -json plan.bin >plan.json":                  1,
		"./review.sh images.json reports":                           1,
		"make demo   # an image's members, and \"what\" > they say": 0,
	} {
		if because := powerShellReads(command); len(because) != rules {
			t.Errorf("%s: %q, want %d rules", command, because, rules)
		}
	}
}
