# The policy over plans that terraform made of an emulator's answers: opa test .

package main_test

import data.main

golden := "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"

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
	count(main.deny) == 1 with input as plan
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
