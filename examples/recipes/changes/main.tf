# What has changed since the last terraform apply? The state has the members of that time.
#
#   terraform apply -var-file=images.json                     saves the current members in the state
#   terraform plan -var-file=images.json -detailed-exitcode
#
#   exit code 0   nothing has changed
#   exit code 2   the diff has a line for each account that was added, was removed or has answered
#   exit code 1   an image could not be read, so the others are not compared either
#
# Give it a folder and a state of its own: every apply saves the current members, and any other change exits with 2 too. This
# recipe uses only the image ids in the file. The accounts in it are for the recipes "block" and "drift".

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
}

# A map in a map, so that a new account is one line in the diff. In a list, every account after it would show as changed.
output "members" {
  description = "The accounts that each image is shared with, and what they answered when. An image that is shared with no one is there too."
  value = { for image in keys(var.images) : image => {
    for m in try(local.members[image], []) :
    m.member_id => "${coalesce(m.status, "no status")} since ${coalesce(m.updated_at, "an unknown time")}"
  } }
}
