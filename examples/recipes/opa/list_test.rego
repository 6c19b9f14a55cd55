# Tests what list.rego says of images.json: opa test .

package list_test

import data.list

good := {"images": {"a-1": ["b2"]}}

said(changes) := text if text := list.verdict with input as object.union(good, changes)

test_allows_a_list_without_account_and_regions if {
	said({}) == "ALLOWED"
	said({"trusted": null, "accounts": null, "until": {"a-1/c": "2028-02-29"}, "regions": ["default", "default"], "notes": 5}) == "ALLOWED"
}

# Each with what is said of it.
test_denies_what_is_no_list if {
	every wrong in [
		[{"Trusted": []}, "the key Trusted"],
		[{"trusted": {"b2": "us"}}, "trusted is not a list of texts"],
		[{"trusted": [7.7e31]}, "trusted is not a list of texts"],
		[{"trusted": ["team_a"]}, "team_a is not the ID of an account"],
		[{"public": ["*"]}, "* is not the ID of an image"],
		[{"accounts": {"b2": true}}, "accounts is not an object of texts"],
		[{"accounts": {"team_b": "us"}}, "team_b is not the ID of an account"],
		[{"account": 5}, "account is not the ID of an account"],
		[{"regions": ["default", "kr-west1"]}, "default beside other regions"],
		[{"regions": []}, "regions is empty"],
		[{"regions": [""]}, "regions is empty, has an empty name"],
		[{"until": {"a-1/b2": "2027-02-30"}}, "until has 2027-02-30"],
		[{"until": {"a-1/b2": "9999-12-31"}}, "until has 9999-12-31"],
		[{"until": {"a-1": "2027-02-28"}}, "is not IMAGE/ACCOUNT"],
		[{"images": {"A1": []}}, "two spellings: A1"],
		[{"images": {"a-1": null}}, "no list of accounts for image a-1"],
		[{"images": null}, "no object with images"],
	] {
		contains(said(wrong[0]), wrong[1])
	}
}
