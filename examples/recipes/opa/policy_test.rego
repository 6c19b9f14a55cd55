# The policy over plans that terraform made of an emulator's answers: opa test .

package main_test

import data.main

golden := "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"

golden_read := [resource | some resource in data.plans.allowed.prior_state.values.root_module.resources; resource.mode == "data"][0]

absent := {sprintf("the plan does not show whom image %s is shared with", [golden])}

test_allows_what_is_agreed if main.allow with input as data.plans.allowed

test_finds_a_read_in_a_module if {
	main.allow with input as data.plans.child
	golden in main.read with input as data.plans.child
}

test_denies_in_a_module if {
	count(main.deny) == 4 with input as data.plans.child with data.images as {golden: []}
}

test_finds_a_read_of_several_images if {
	agreed := object.union(data.images, {"c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f": []})
	main.allow with input as data.plans.several with data.images as agreed
}

test_denies_an_image_that_is_not_named if {
	main.deny == {"images.json does not name image c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f, which the plan reads"} with input as data.plans.several
}

test_denies_an_unexpected_account if {
	main.deny == {sprintf("image %s is shared with account 77777777777777777777777777777777, which is not allowed", [golden])} with input as data.plans.unexpected
}

test_denies_a_missing_account if {
	main.deny == {sprintf("image %s is not shared with account f4d3a0c2b1e84796a5d8c7b6e9f01234", [golden])} with input as data.plans.missing
}

test_denies_a_read_that_waits if {
	not main.allow with input as data.plans.deferred
	some reason in main.deny with input as data.plans.deferred
	startswith(reason, "data.scp_virtualserver_image_members.golden is only read on apply")
}

# The state may hold what an earlier run read: that does not make up for a read that waits.
test_denies_a_read_that_waits_with_an_old_value if {
	plan := object.union(data.plans.deferred, {"prior_state": data.plans.allowed.prior_state})
	some reason in main.deny with input as plan
	startswith(reason, "data.scp_virtualserver_image_members.golden is only read on apply")
}

# Nor does it for one that the plan leaves out.
test_denies_what_an_earlier_run_read if {
	every checks in [[], [{"instances": [{"address": {"to_display": golden_read.address}, "status": "unknown"}]}]] {
		plan := object.union(data.plans.allowed, {"checks": checks})
		reasons := main.deny with input as plan
		count(reasons) == 2
		some reason in reasons
		startswith(reason, "the plan does not prove that data.scp_virtualserver_image_members.golden was read for it")
	}
}

half(from, to) := object.union(golden_read, {
	"address": sprintf("data.scp_virtualserver_image_members.golden[%d]", [from]),
	"values": {"image_id": golden, "members": array.slice(golden_read.values.members, from, to)},
})

test_denies_two_reads_of_which_neither_is_complete if {
	resources := [half(0, 2), half(2, 4)]
	plan := object.union(data.plans.allowed, {
		"prior_state": {"values": {"root_module": {"resources": resources}}},
		"checks": [{"instances": [{"address": {"to_display": r.address}, "status": "pass"} | some r in resources]}],
	})
	count(main.deny) == 4 with input as plan
}

test_denies_an_answer_of_another_provider if {
	every name in ["registry.terraform.io/someone/else", sprintf("example.com/%s", ["scp-community/scp"])] {
		other := object.union(golden_read, {"provider_name": name})
		plan := object.union(data.plans.allowed, {"prior_state": {"values": {"root_module": {"resources": [other]}}}})
		main.deny == absent with input as plan
	}
}

test_denies_agreed_accounts_that_are_no_list if {
	no_one := object.union(golden_read, {"values": {"members": []}})
	plan := object.union(data.plans.allowed, {"prior_state": {"values": {"root_module": {"resources": [no_one]}}}})
	main.allow with input as plan with data.images as {golden: []}
	every accounts in ["abc", null, 5, true, {}] {
		reasons := main.deny with input as plan with data.images as {golden: accounts}
		count(reasons) == 1
	}
}

test_denies_a_read_in_a_check_block if not main.allow with input as data.plans.nested

test_denies_where_nothing_is_read if main.deny == absent with input as data.plans.absent

test_denies_without_a_plan if {
	main.deny == absent with input as {}
	main.deny == absent with input as null
}

test_denies_where_nothing_is_to_be_checked if {
	not main.allow with input as data.plans.allowed with data.images as {}
	not main.allow with input as data.plans.absent with data.images as {}
}

test_denies_an_incomplete_plan if {
	not main.allow with input as object.union(data.plans.allowed, {"complete": false})
	not main.allow with input as object.union(data.plans.allowed, {"errored": true})
}
