# Advise: say in every plan that an image is shared with an account that is not on the list, and let the plan go on.
#
#   terraform plan -var image_id=ID -var 'allowed_accounts=["ACCOUNT", "ACCOUNT"]'
#
#   exit code 0   with the warning "Check block assertion failed" that names the accounts, or without one
#   exit code 1   SCP gave no clear answer
#
# The data source stands outside of the check block, and has to: nested in it, a read that fails would be no more than a
# warning, and a read that succeeds would wait for apply in every plan, so that plan -detailed-exitcode always exits with
# 2 and says nothing about drift any more.

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

variable "image_id" {
  description = "The image to check."
  type        = string
}

variable "allowed_accounts" {
  description = "The accounts that the image may be shared with."
  type        = set(string)
}

data "scp_virtualserver_image_members" "checked" {
  image_id = var.image_id
}

locals {
  unexpected = setsubtract(data.scp_virtualserver_image_members.checked.members[*].member_id, var.allowed_accounts)
}

check "image_is_shared_as_agreed" {
  assert {
    condition     = length(local.unexpected) == 0
    error_message = "Image ${var.image_id} is shared with accounts that are not allowed: ${join(", ", local.unexpected)}."
  }
}
