# Deny a plan unless it shows that each image is shared with exactly the accounts that images.json names.
#
#   ./check.sh      plans, and puts the plan's JSON to this policy with opa
#   ./conftest.sh   the same with conftest, which looks for deny in package main too
#
#   exit code 0     nothing to deny
#   any other       what is denied is printed; or there is no plan, for SCP gave no clear answer
#
# What a data source read stands in the plan's prior_state; most policies look at resource_changes, where it is not,
# unless the read waits for apply. But prior_state also holds what an earlier run read, if this one did not read: with
# -target, -exclude or -destroy -refresh=false. So this policy wants a proof, a check of the data source that has passed.
# Any postcondition will do (a precondition alone will not); no plan made with -destroy evaluates it, so none passes:
#
#   lifecycle {
#     postcondition {
#       condition     = self.members != null
#       error_message = "The members were not read."
#     }
#   }
#
# It fails closed: what the plan does not show is denied. What no plan shows, whoever runs this policy has to see to:
#
#   - SCP_TF_ENDPOINT_OVERRIDE and ~/.scpconf/ of the run could lead to another service
#   - the keys, in the provider block too, have to be those of the images' owner, who alone sees all members
#   - a configuration can bring programs that run during plan (terraform.d/plugins, the external data source): against its
#     author, fix provider_installation, and take this file and images.json from elsewhere, after the plan

package main

ours := {"registry.terraform.io/scp-community/scp", "registry.opentofu.org/scp-community/scp"}

# The data sources that the plan holds values of, in the root module and in all of its descendants.
held contains resource if {
	walk(input.prior_state.values.root_module, [path, module])
	not "values" in path # those are what resources hold, not modules
	some resource in module.resources
	resource.mode == "data"
	resource.type == "scp_virtualserver_image_members"
	resource.provider_name in ours
	is_array(resource.values.members)
}

# Those that were read for this plan.
reads contains resource if {
	some resource in held
	resource.address in checked
}

checked contains instance.address.to_display if {
	some check in input.checks
	some instance in check.instances
	instance.status == "pass"
}

# Whose members a read holds: an image's, or those of several at once.
images_of(resource) := {resource.values.image_id} if is_string(resource.values.image_id)

images_of(resource) := {id | some id in resource.values.image_ids} if not is_string(resource.values.image_id)

# With whom a read says that one of its images is shared.
shared_by(resource, image) := {member.member_id |
	some member in resource.values.members
	image in {resource.values.image_id, member.image_id}
}

read contains image if {
	some resource in reads
	some image in images_of(resource)
}

# The reads that the plan does not hold the values of yet.
waiting contains change if {
	some change in input.resource_changes
	change.type == "scp_virtualserver_image_members"
	"read" in change.change.actions
}

waiting contains change if {
	some change in input.resource_changes
	change.type == "scp_virtualserver_image_members"
	object.get(change.change, ["after_unknown", "members"], false) != false
}

waiting contains deferred.resource_change if {
	some deferred in input.deferred_changes
	deferred.resource_change.type == "scp_virtualserver_image_members"
}

# Defined or not, never false: opa eval --fail takes any value for a pass, and exec passes where there is no policy at all.
allow if count(deny) == 0

deny contains "images.json names no image, so nothing would be checked" if not names_images

names_images if {
	some _ in data.images
}

deny contains sprintf("images.json has no list of accounts for image %s", [image]) if {
	some image, accounts in data.images
	not is_array(accounts)
}

deny contains sprintf("provider block %s sets endpoint_override: whom it asks is not for the configuration to choose", [name]) if {
	some name, block in input.configuration.provider_config
	block.full_name in ours
	block.expressions.endpoint_override
}

deny contains "the plan is not complete: plan without -target" if input.complete == false

deny contains "the plan ended in an error" if input.errored == true

deny contains sprintf("%s is only read on apply, so this plan does not show whom the image is shared with: plan again once what it waits for is there, and keep it out of check blocks", [change.address]) if {
	some change in waiting
}

deny contains sprintf("the plan does not prove that %s was read for it: give it a postcondition, and plan without -target, -exclude and -destroy", [resource.address]) if {
	some resource in held
	not resource.address in checked
}

deny contains sprintf("the plan does not show whom image %s is shared with", [image]) if {
	some image, _ in data.images
	not image in read
}

deny contains sprintf("images.json does not name image %s, which the plan reads", [image]) if {
	some image in read
	not data.images[image]
}

deny contains sprintf("image %s is shared with account %s, which is not allowed", [image, account]) if {
	some image, accounts in data.images
	some resource in reads
	image in images_of(resource)
	some account in shared_by(resource, image)
	not account in accounts
}

# In each read of the image: two that are not complete do not make up for each other.
deny contains sprintf("image %s is not shared with account %s", [image, account]) if {
	some image, accounts in data.images
	some resource in reads
	image in images_of(resource)
	some account in accounts
	not account in shared_by(resource, image)
}

deny contains sprintf("%s has a member of an image that it does not name: account %s", [resource.address, member.member_id]) if {
	some resource in reads
	some member in resource.values.members
	not is_string(resource.values.image_id)
	not member.image_id in images_of(resource)
}
