# Tests the policy with plans that terraform made from an emulator's responses, and with changed copies: opa test .
# images.json does not matter here: each plan comes with what is allowed.

package main_test

import data.main

golden := "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"

other := "70a599e0-31e7-49b7-b260-868f441e862b"

unshared := "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"

golden_accounts := [
	"0c6e1d5a9b3f4827b1a2c3d4e5f60718", "5d2f8e1c7a604b39a8b7c6d5e4f30291",
	"9a7b6c5d4e3f42108f9e8d7c6b5a4938", "f4d3a0c2b1e84796a5d8c7b6e9f01234",
]

allowed := {golden: golden_accounts, other: ["a8f10467abfc4b87b64614ab36eb9ae4"], unshared: []}

fleet_read := [resource | some resource in data.plans.allowed.prior_state.values.root_module.resources; resource.type == "scp_virtualserver_image_members"][0]

at(nanoseconds) := time.format([time.now_ns() + nanoseconds, "UTC", "RFC3339"])

# A recorded plan as if it had been made now, with changes.
plan(name, changes) := object.union(object.union(data.plans[name], {"timestamp": at(0)}), changes)

with_reads(reads) := plan("allowed", {
	"configuration": {"root_module": {"resources": reads}},
	"prior_state": {"values": {"root_module": {"resources": reads}}},
	"checks": [passed(read.address) | some read in reads],
})

passed(address) := {
	"address": {"to_display": address}, "status": "pass",
	"instances": [{"address": {"to_display": address}, "status": "pass"}],
}

reading(values) := [object.union(fleet_read, {"values": values})]

deny(input_plan, images) := reasons if reasons := main.deny with input as input_plan with data.images as images

test_allows_what_the_file_allows if {
	main.verdict == "ALLOWED" with input as plan("allowed", {}) with data.images as allowed
}

test_finds_a_read_in_a_module if {
	deny(plan("child", {}), {golden: golden_accounts}) == set()
	count(deny(plan("child", {}), {golden: []})) == 4
}

test_denies_one_more if {
	fewer := object.union(allowed, {golden: array.slice(golden_accounts, 1, 4)})
	deny(plan("allowed", {}), fewer) == {sprintf("%s/%s not allowed", [golden, golden_accounts[0]])}
}

test_denies_one_missing if {
	more := object.union(allowed, {unshared: ["stranger"]})
	deny(plan("allowed", {}), more) == {sprintf("%s/stranger missing", [unshared])}
}

test_denies_accounts_that_are_swapped if {
	swapped := object.union(allowed, {golden: allowed[other], other: golden_accounts})
	count(deny(plan("allowed", {}), swapped)) == 10
}

test_denies_an_image_that_is_not_named if {
	deny(plan("allowed", {}), object.remove(allowed, [unshared])) == {sprintf("images.json does not name image %s, which the plan reads", [unshared])}
}

test_denies_an_image_that_is_not_read if {
	deny(plan("allowed", {}), object.union(allowed, {"more": []})) == {"the plan does not show who image more is shared with"}
}

test_denies_a_read_that_waits if {
	some reason in deny(plan("deferred", {}), {golden: golden_accounts})
	startswith(reason, "data.scp_virtualserver_image_members.golden is only read on apply")
}

# A value from an earlier run in the state does not replace a read that waits.
test_denies_a_read_that_waits_with_an_old_value if {
	some reason in deny(plan("deferred", {"prior_state": data.plans.allowed.prior_state}), allowed)
	startswith(reason, "data.scp_virtualserver_image_members.golden is only read on apply")
}

# Nor does it replace a read that the plan leaves out.
test_denies_what_an_earlier_run_read if {
	every checks in [[], [{"instances": [{"address": {"to_display": fleet_read.address}, "status": "unknown"}]}]] {
		some reason in deny(plan("allowed", {"checks": checks}), allowed)
		startswith(reason, sprintf("the plan does not prove that %s was read for it", [fleet_read.address]))
	}
}

# Neither count = 0, nor a check that passed without an instance, nor one of another instance proves a read. OpenTofu's plan has no
# "complete".
test_denies_what_was_not_read if {
	listed := with_reads([fleet_read, listing("shared")])
	deny(object.remove(listed, ["complete"]), allowed) == set()
	every check in [
		object.union(passed("data.scp_virtualserver_images.all"), {"instances": []}),
		object.union(passed("data.scp_virtualserver_images.all"), {"status": "unknown"}),
		object.union(passed("data.scp_virtualserver_images.other"), {"address": {"to_display": "data.scp_virtualserver_images.all"}}),
		passed("module.x.data.scp_virtualserver_images.all"),
	] {
		some reason in deny(object.union(listed, {"checks": [passed(fleet_read.address), check]}), allowed)
		startswith(reason, "the plan does not prove that data.scp_virtualserver_images.all was read for it")
	}
}

half(from, to) := object.union(fleet_read, {
	"address": sprintf("data.scp_virtualserver_image_members.golden[%d]", [from]),
	"values": {"image_id": golden, "members": [{"image_id": golden, "member_id": account} | some account in array.slice(golden_accounts, from, to)]},
})

test_denies_two_reads_of_which_neither_is_complete if {
	count(deny(with_reads([half(0, 2), half(2, 4)]), {golden: golden_accounts})) == 4
}

test_denies_a_member_of_an_image_that_was_not_asked_for if {
	values := {"image_id": null, "image_ids": [unshared], "members": [{"image_id": golden, "member_id": golden_accounts[0]}]}
	reasons := deny(with_reads(reading(values)), {unshared: []})
	reasons == {sprintf("%s has a member of an image that it does not name: %s/%s", [fleet_read.address, golden, golden_accounts[0]])}
}

test_denies_an_answer_of_another_provider if {
	every name in ["registry.terraform.io/someone/else", sprintf("example.com/%s", ["scp-community/scp"])] {
		count(deny(with_reads([object.union(fleet_read, {"provider_name": name})]), allowed)) == 4
	}
}

test_denies_allowed_accounts_that_are_no_list if {
	no_one := with_reads(reading({"image_id": golden, "members": []}))
	deny(no_one, {golden: []}) == set()
	every accounts in ["abc", null, 5, true, {}] {
		count(deny(no_one, {golden: accounts})) == 1
	}
}

test_denies_settings_of_a_provider_block if {
	every setting in ["access_key", "secret_key", "auth_token", "auth_url", "default_region", "endpoint_override", "environment", "a_later_one"] {
		block := {"full_name": "registry.terraform.io/scp-community/scp", "expressions": {setting: {}, "max_retries": {}}}
		set_plan := plan("allowed", {"configuration": {"provider_config": {"module.x:scp": block}}})
		deny(set_plan, allowed) == {sprintf("provider block module.x:scp sets %s, which images.json does not allow it to set", [setting])}
		main.verdict == "ALLOWED" with input as set_plan with data.images as allowed with data.provider_settings as [setting]
	}
}

test_denies_an_old_plan if {
	stale := {"the plan is older than an hour, or does not say when it was made: plan again"}
	every time in [at(-3601 * 1000000000), at(3601 * 1000000000), "", null, 5] {
		deny(plan("allowed", {"timestamp": time}), allowed) == stale
	}
	deny(object.remove(plan("allowed", {}), ["timestamp"]), allowed) == stale
	deny(plan("allowed", {"timestamp": at(-3500 * 1000000000)}), allowed) == set()
}

test_denies_a_read_in_a_check_block if count(deny(plan("nested", {}), {golden: golden_accounts})) > 0

test_denies_without_a_plan if {
	count(deny({}, allowed)) == 4
	count(deny(null, allowed)) == 4
	count(deny(with_reads([]), allowed)) == 3
}

test_denies_where_nothing_is_to_be_checked if {
	some reason in deny(plan("allowed", {}), {})
	startswith(reason, "images.json names no image")
}

test_denies_an_incomplete_plan if {
	count(deny(plan("allowed", {"complete": false}), allowed)) == 1
	count(deny(plan("allowed", {"errored": true}), allowed)) == 1
}

listing(visibility) := {
	"mode": "data", "type": "scp_virtualserver_images", "address": "data.scp_virtualserver_images.all",
	"provider_name": "registry.terraform.io/scp-community/scp", "values": {"images": [{"id": golden, "visibility": visibility}]},
}

with_visibility(visibility) := with_reads([fleet_read, listing(visibility)])

test_denies_an_image_that_is_open_where_the_plan_shows_it if {
	every visibility in ["public", "community"] {
		deny(with_visibility(visibility), allowed) == {sprintf("%s open to everybody: %s", [golden, visibility])}
		main.verdict == "ALLOWED" with input as with_visibility(visibility) with data.images as allowed with data.public as [golden]
	}
	deny(with_visibility("Public"), allowed) == {sprintf("%s visibility unknown: Public", [golden])}
	deny(with_visibility(null), allowed) == {sprintf("%s visibility unknown: null", [golden])}
	deny(with_visibility("shared"), allowed) == set()
}

# golden is shared with four accounts, and the file allows the last three.
fewer := object.union(allowed, {golden: array.slice(golden_accounts, 1, 4)})

first := concat("/", [golden, golden_accounts[0]])

test_allows_trusted_accounts if {
	main.verdict == "ALLOWED" with input as plan("allowed", {}) with data.images as fewer with data.trusted as [golden_accounts[0]]
}

day(days) := substring(at((days * 86400) * 1000000000), 0, 10)

test_allows_an_account_until_its_last_day if {
	every date in [day(0), day(1), "2999-12-31"] {
		main.verdict == "ALLOWED" with input as plan("allowed", {}) with data.images as fewer with data.until as {first: date}
	}
}

test_denies_an_account_after_its_last_day if {
	every date in [day(-1), "2999-12-31T00:00:00Z", "later", null, 5] {
		every images in [allowed, fewer] {
			main.deny == {sprintf("%s expired on %v", [first, date])} with input as plan("allowed", {}) with data.images as images with data.until as {first: date}
		}
	}
}

test_does_not_miss_an_account_after_its_last_day if {
	gone := object.union(allowed, {unshared: ["stranger"]})
	main.verdict == "ALLOWED" with input as plan("allowed", {}) with data.images as gone with data.until as {concat("/", [unshared, "stranger"]): day(-1)}
}
