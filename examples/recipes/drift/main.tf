# Are the images shared as agreed? images.json says what was agreed: there is no state, no backend and no apply. To accept a
# difference, edit the file.
#
#   terraform plan -var-file=images.json -state=none.tfstate -detailed-exitcode
#
#   exit code 0   each image is shared with exactly the accounts that the file names for it
#   exit code 2   one is not, and the diff has a line for each image/account that is not agreed or is missing
#   exit code 1   an image could not be read, so the others are not compared either
#
# If nothing differs, the output is null, and a plan with an empty state does not show an output that is null. So never apply
# this: after an apply, the plan no longer shows the differences. -state=none.tfstate makes sure that the state is empty.
# Terraform 1.11 and 1.16 warn that the flag is deprecated. In a fresh checkout you can leave it out.

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

variable "images" {
  description = "Each image, by its id as SCP writes it, with all the accounts that it may be shared with. [] is for no one."
  type        = map(set(string))
  nullable    = false

  validation {
    condition     = length(var.images) > 0 && alltrue([for accounts in values(var.images) : accounts != null])
    error_message = "Name at least one image, and give each one a list of accounts, or [] for no one."
  }

  validation {
    condition     = length(var.images) == length(distinct([for image in keys(var.images) : lower(replace(image, "-", ""))]))
    error_message = "An image is listed twice, in two spellings of its id."
  }
}

variable "accounts" {
  description = "Names of accounts by id, for report.jq. Not every account needs one."
  type        = map(string)
  default     = {}
}

variable "image_names" {
  description = "Whether to read the images' names for report.jq. The keys then need the permission to list images."
  type        = bool
  default     = false
}

data "scp_virtualserver_image_members" "fleet" {
  image_ids = keys(var.images)
}

data "scp_virtualserver_images" "names" {
  count      = var.image_names ? 1 : 0
  visibility = "shared"
}

locals {
  members = { for m in data.scp_virtualserver_image_members.fleet.members : m.image_id => m... }
  shared  = { for image in keys(var.images) : image => { for m in try(local.members[image], []) : m.member_id => m } }

  drift = merge(flatten([for image, agreed in var.images : [
    { for account in setsubtract(keys(local.shared[image]), agreed) : "${image}/${account}" => join(" ", [
      "not agreed, but shared:", coalesce(local.shared[image][account].status, "no status"),
      "since", coalesce(local.shared[image][account].updated_at, "an unknown time"),
    ]) },
    { for account in setsubtract(agreed, keys(local.shared[image])) : "${image}/${account}" => "agreed, but not shared" },
  ]])...)
}

output "drift" {
  description = "Each image/account that is too many or missing, and which of the two. Null if there is none."
  value       = length(local.drift) > 0 ? local.drift : null
}
