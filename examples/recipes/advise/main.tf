# Warn, and let the plan continue, while an image is shared with other accounts than images.json names for it.
#
#   terraform plan -var-file=images.json
#
#   exit code 0   with the warning "Check block assertion failed" that names each image/account that is not agreed or is
#                 missing, or without a warning; with -detailed-exitcode, 2 instead of 0 if there is one
#   exit code 1   an image could not be read, and the error names it
#
# Keep the data source outside the check block. Inside it, a failed read would only be a warning, and apply would always read
# again, so that plan -detailed-exitcode would always exit with 2.

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
  description = "Names of accounts by id, for the warning. Not every account needs one."
  type        = map(string)
  default     = {}
}

data "scp_virtualserver_image_members" "fleet" {
  image_ids = keys(var.images)
}

locals {
  members = { for m in data.scp_virtualserver_image_members.fleet.members : m.image_id => m.member_id... }

  findings = flatten([for image, agreed in var.images : [
    [for account in setsubtract(try(local.members[image], []), agreed) :
    trimspace("${image}/${account} not agreed, but shared ${lookup(var.accounts, account, "")}")],
    [for account in setsubtract(agreed, try(local.members[image], [])) :
    trimspace("${image}/${account} agreed, but not shared ${lookup(var.accounts, account, "")}")],
  ]])
}

check "images_are_shared_as_agreed" {
  assert {
    condition     = length(local.findings) == 0
    error_message = join("\n  ", concat(["Images are not shared as agreed:"], local.findings))
  }
}

output "findings" {
  description = "A line for each image/account that is too many or missing. Null if there is none."
  value       = length(local.findings) > 0 ? local.findings : null
}
