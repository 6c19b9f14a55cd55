# May a plan of somebody else's configuration continue? Only if it shows that each image is shared with exactly the accounts that
# images.json allows. On Windows, use Git Bash or WSL. It needs OPA 1.0 or later, or a conftest built with it: tested with OPA 1.22.2 and conftest 0.71.1.
#
#   ./check.sh ../images.json -var-file ../images.json      plans, and checks the plan with opa
#   ./conftest.sh ../images.json -var-file ../images.json   the same with conftest
#
#   exit code 0   ALLOWED is the last line
#   any other     DENIED is the last line, after the reasons; or there is no plan, because SCP gave no usable response
#
# A data source's values are in the plan's prior_state, not in resource_changes, where most policies look. But prior_state
# also has values from an earlier run, if this run read nothing: with -target, -exclude or -destroy -refresh=false. So the
# policy requires proof that each data source of the configuration was read for this plan: a postcondition on it, as in main.tf, that
# has passed. list.rego judges images.json itself.
#
# The policy denies what the plan does not prove. Some things no plan shows, and whoever runs this policy has to ensure them:
#
#   - SCP_TF_ENDPOINT_OVERRIDE and ~/.scpconf/ on the runner must not lead to another service
#   - the keys have to be those of the images' owner: only the owner sees all members. With several owners, the author must not
#     choose the keys: run the policy once for each owner, in a job that has the keys and the images.json of that owner only
#   - whether an image is open to everybody: only a plan that reads scp_virtualserver_images too, as main.tf does, shows it
#   - images that the configuration does not read, and regions: the recipe "review" looks at the whole account
#   - a configuration can run programs during the plan (terraform.d/plugins, the external data source): fix
#     provider_installation, and take this folder and images.json from elsewhere after the plan
#   - with a cloud block (HCP Terraform), what terraform show -json prints comes from that host: reject it, or trust the host

package main

ours := {"registry.terraform.io/scp-community/scp", "registry.opentofu.org/scp-community/scp"}

# The settings that every provider block may have. "provider_settings" in images.json can allow more, such as "default_region".
# Do not allow access_key and secret_key: with other keys, a configuration sees other members, or none.
settings := {"api_version", "max_concurrency", "max_retries", "request_timeout"} | {name | some name in data.provider_settings}

# The data sources that say who can use an image, and what each of them has read.
result := {"scp_virtualserver_image_members": "members", "scp_virtualserver_images": "images"}

# Those whose values are in the plan, in the root module and in all modules below it.
held contains resource if {
	walk(input.prior_state.values.root_module, [path, module])
	not "values" in path # those are what resources have, not modules
	some resource in module.resources
	resource.mode == "data"
	resource.provider_name in ours
	is_array(resource.values[result[resource.type]])
}

held_addresses := {resource.address | some resource in held}

# Those of the configuration, by their address there: "module.NAME.data.TYPE.NAME", without keys of count and for_each.
configured contains concat(".", array.concat(modules, [resource.address])) if {
	walk(input.configuration.root_module, [path, module])
	some resource in module.resources
	resource.mode == "data"
	result[resource.type]
	modules := [sprintf("module.%s", [path[i]]) | some i, _ in path; i % 3 == 1] # module_calls, NAME, module
}

# Each instance of them was read for this plan. OpenTofu's plan does not say that it is complete, and with count = 0 there is none.
proven contains check.address.to_display if {
	some check in input.checks
	check.status == "pass"
	count(check.instances) > 0
	every instance in check.instances {
		instance.status == "pass"
		instance.address.to_display in held_addresses
	}
}

checked contains instance.address.to_display if {
	some check in input.checks
	some instance in check.instances
	instance.status == "pass"
}

# The reads of members that were made for this plan, by address. Each is one object: OPA would evaluate a rule with a key again for
# each key.
reads := {resource.address: resource.values |
	some resource in held
	resource.type == "scp_virtualserver_image_members"
	resource.address in checked
}

# Images that are not private or shared, as far as the plan shows it.
open contains [image.id, image.visibility] if {
	some resource in held
	some image in resource.values.images
	not image.visibility in {"private", "shared"}
	not image.id in public
}

public := {image | some image in data.public}

# The images that each read asks for.
asked := {address: images_of(values) | some address, values in reads}

images_of(values) := {values.image_id} if is_string(values.image_id)

images_of(values) := {image | some image in values.image_ids} if not is_string(values.image_id)

asked_by_any contains image if some image in asked[_]

# Image and account are compared as pairs, separately for each read: no image and no read can hide a finding in another.
shared := {address: pairs |
	some address, values in reads
	pairs := {[image_of(values, member), member.member_id] | some member in values.members}
}

image_of(values, _) := values.image_id if is_string(values.image_id)

image_of(values, member) := member.image_id if not is_string(values.image_id)

allowed := {address: pairs |
	some address, images in asked
	pairs := {[image, account] |
		some image in images
		some account in data.images[image]
		not concat("/", [image, account]) in ended
	}
}

# The last day of a pair is in "until", and ends in UTC.
today := time.format([time.now_ns(), "UTC", "2006-01-02"])

lasting contains pair if {
	some pair, date in data.until
	regex.match(`^\d{4}-\d\d-\d\d$`, date)
	date >= today
}

ended contains pair if {
	some pair, _ in data.until
	not pair in lasting
}

may_use(pair) if pair[1] in data.trusted

may_use(pair) if concat("/", pair) in lasting

# The reads that wait for apply: the plan does not have their values.
waiting contains change.address if {
	some change in input.resource_changes
	result[change.type]
	"read" in change.change.actions
}

waiting contains change.address if {
	some change in input.resource_changes
	object.get(change.change, ["after_unknown", result[change.type]], false) != false
}

waiting contains deferred.resource_change.address if {
	some deferred in input.deferred_changes
	result[deferred.resource_change.type]
}

# An hour, in both directions, because the clocks of two machines can differ.
fresh if abs(time.now_ns() - time.parse_rfc3339_ns(input.timestamp)) < 3600 * 1000000000

verdict := "ALLOWED" if count(deny) == 0

verdict := concat("\n", deny) if count(deny) > 0

deny contains "images.json names no image, so nothing would be checked" if not names_images

names_images if {
	some _ in data.images
}

deny contains sprintf("images.json has no list of accounts for image %s", [image]) if {
	some image, accounts in data.images
	not is_array(accounts)
}

deny contains sprintf("provider block %s sets %s, which images.json does not allow it to set", [name, setting]) if {
	some name, block in input.configuration.provider_config
	block.full_name in ours
	some setting, _ in block.expressions
	not setting in settings
}

deny contains "the plan is not complete: plan without -target" if input.complete == false

deny contains "the plan ended in an error" if input.errored == true

deny contains "the plan is older than an hour, or does not say when it was made: plan again" if not fresh

deny contains sprintf("%s is only read on apply, so the plan does not show who the image is shared with: plan again after what it depends on has been applied, and keep it out of check blocks", [address]) if {
	some address in waiting
}

deny contains sprintf("the plan does not prove that %s was read for it: give it a postcondition, no count = 0, and plan without -target, -exclude and -destroy", [address]) if {
	some address in configured
	not address in proven
}

deny contains sprintf("the plan does not show who image %s is shared with", [image]) if {
	some image, _ in data.images
	not image in asked_by_any
}

deny contains sprintf("images.json does not name image %s, which the plan reads", [image]) if {
	some image in asked_by_any
	not data.images[image]
}

deny contains sprintf("%s not allowed", [concat("/", pair)]) if {
	some address, pairs in shared
	some pair in (pairs - allowed[address])
	pair[0] in asked[address]
	not may_use(pair)
	not concat("/", pair) in ended
}

deny contains sprintf("%s expired on %v", [concat("/", pair), data.until[concat("/", pair)]]) if {
	some address, pairs in shared
	some pair in pairs
	pair[0] in asked[address]
	concat("/", pair) in ended
	not may_use(pair)
}

deny contains sprintf("%s missing", [concat("/", pair)]) if {
	some address, pairs in shared
	some pair in (allowed[address] - pairs)
	not pair[0] in public
}

deny contains sprintf("%s open to everybody: %s", pair) if {
	some pair in open
	pair[0] in asked_by_any
	pair[1] in {"public", "community"}
}

deny contains sprintf("%s visibility unknown: %v", pair) if {
	some pair in open
	pair[0] in asked_by_any
	not pair[1] in {"public", "community"}
}

deny contains sprintf("%s has a member of an image that it does not name: %s", [address, concat("/", pair)]) if {
	some address, pairs in shared
	some pair in pairs
	not pair[0] in asked[address]
}
