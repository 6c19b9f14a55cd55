// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"encoding/json"
	"maps"
	"testing"
)

// allowListWith is the text of the allow list of the default fixtures, with other keys or none.
func allowListWith(t *testing.T, keys map[string]any) string {
	t.Helper()
	list := map[string]any{
		"account": account, "regions": []string{"kr-west1"},
		"images": map[string]any{image: everyone, other: []string{otherMember}, unshared: []string{}},
	}
	maps.Copy(list, keys)
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each wrong form of the file has a message of its own, and nothing is compared.
func TestRecipesAllowList(t *testing.T) {
	images := func(images any) map[string]any { return map[string]any{"images": images} }
	key := func(name string, value any) map[string]any { return map[string]any{name: value} }
	const (
		notAccount = "images has an account that is not the ID of an account"
		notPair    = "not an image and an account with one / between them"
		notDate    = "a value that is not a date"
	)
	until := func(pair string, date any) map[string]any { return key("until", map[string]any{pair: date}) }
	var cases []attempt
	for _, c := range []struct {
		name string
		keys map[string]any
		says string
	}{
		{"no account", key("account", ""), "account must be the ID of the account"},
		{"null for the account", key("account", nil), "var.account"},
		{"an account that is a name", key("account", "our platform"), "account must be the ID of the account"},
		{"no regions", key("regions", nil), "var.regions"},
		{"no region", key("regions", []string{}), "regions is empty"},
		{"default beside a region", key("regions", []string{"default", "kr-west1"}), "regions has default beside other regions"},
		{"an empty region", key("regions", []string{""}), "regions contains null or an empty string"},
		{"null for a region", key("regions", []any{nil}), "regions contains null or an empty string"},
		{"a region in place of a list", key("regions", "kr-west1"), "list of string required"},
		{"null for the images", images(nil), "var.images"},
		{"a list of images", images([]string{image}), "map of list of string required"},
		{"null in place of a list", images(map[string]any{image: nil}), "null in place of a list of accounts"},
		{"a list of null", images(map[string]any{image: []any{nil}}), "a list that contains null"},
		{"an account in place of a list", images(map[string]any{image: stranger}), "list of string required"},
		{"an empty account", images(map[string]any{image: []string{""}}), notAccount},
		{"two accounts in one", images(map[string]any{image: []string{accepted1 + ", " + accepted2}}), notAccount},
		{"a pair as an account", images(map[string]any{image: []string{image + "/" + accepted1}}), notAccount},
		{"a pair as an image", images(map[string]any{image + "/" + accepted1: []string{}}), "a key that is not the ID of an image"},
		{"an image in two spellings", images(map[string]any{image: everyone, "1B0C9E526A434D1C9F0E2F7C5D8A4E11": []string{}}),
			"in two spellings"},
		{"an account with _", images(map[string]any{image: []string{"team_a"}}), notAccount},
		{"an account with a letter that looks like another", images(map[string]any{image: []string{"\u0430ccount"}}), notAccount},
		{"a name for no account", key("accounts", map[string]any{"team a": "a"}), "accounts has a key that is not the ID of an account"},
		{"an account with _ in until", until(image+"/team_a", "2027-03-31"), notPair},
		{"trusted as an object", key("trusted", map[string]any{stranger: "us"}), "list of string required"},
		{"null in trusted", key("trusted", []any{nil}), "trusted contains something that is not the ID of an account"},
		{"two accounts in one in trusted", key("trusted", []string{accepted1 + " " + accepted2}),
			"trusted contains something that is not the ID of an account"},
		{"a pattern in public", key("public", []string{"*"}), "public contains something that is not the ID of an image"},
		{"an image alone in until", until(image, "2027-03-31"), notPair},
		{"a region in until", until("kr-west1/"+image+"/"+stranger, "2027-03-31"), notPair},
		{"no date in until", until(image+"/"+stranger, nil), notDate},
		{"a day that does not exist", until(image+"/"+stranger, "2027-02-29"), notDate},
		{"a date in another form", until(image+"/"+stranger, "31.3.2027"), notDate},
		{"a time in until", until(image+"/"+stranger, "2027-03-31T00:00:00Z"), notDate},
		{"a day too late to compare", until(image+"/"+stranger, "9999-12-31"), "until has the date 9999-12-31"},
	} {
		wanted := want{code: 1, says: []string{c.says}, found: []string{}}
		cases = append(cases, attempt{name: "the file has " + c.name, keys: c.keys, edit: oneMore, want: wanted})
	}
	runAttempts(t, cases)
}

// No recipe warns of a key that it does not declare.
func TestRecipesDeclareAllKeys(t *testing.T) {
	all := map[string]any{
		"accounts": map[string]string{accepted1: "build"}, "trusted": []string{stranger}, "public": []string{unshared},
		"until": map[string]string{image + "/" + accepted1: "2999-12-31"},
		"notes": map[string]any{image: "for the build farm", "who": []string{"us"}},
	}
	for _, recipe := range []string{"review", "block", "advise", "changes", "opa"} {
		inParallel(t, recipe, "a file with all keys", func(t *testing.T, r *row) {
			env := newService(t, nil).env
			for name, value := range map[string]any{"regions": []string{"kr-west1"}, "accounts": nil} {
				tf := review(t, recipe)
				all := maps.Clone(all)
				all[name] = value
				tf.Write(t, "images.json", allowListWith(t, all))
				output, code := tf.Run(t, env, planArguments...)
				r.check(t, want{code: 0, never: []string{"Value for undeclared variable", "Error"}}, output, code)
			}
		})
	}
}
