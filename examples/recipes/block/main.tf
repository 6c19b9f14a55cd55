# Block a plan as long as an image is shared otherwise than agreed: with an account that is not on the list, not with
# one that is, or with one that has left the offer pending for too long.
#
#   terraform plan -var image_id=ID -var 'allowed_accounts=["ACCOUNT", "ACCOUNT"]'
#
#   exit code 0   the image is shared as agreed
#   exit code 1   it is not, and the error names the accounts; or SCP gave no clear answer
#
# Only a plain plan blocks. -refresh-only makes a warning of it, exit code 0; -target, -exclude and -destroy leave out the
# check, without a word. An image whose id is only known on apply is checked on apply: the plan goes through,
# the apply fails. For several images use for_each: image_ids would let one image make up for another.

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
  description = "The accounts that the image is to be shared with: all of these, and no others."
  type        = set(string)
}

variable "pending_days" {
  description = "How many days an account may take to answer."
  type        = number
  default     = 7
}

data "scp_virtualserver_image_members" "checked" {
  image_id = var.image_id

  lifecycle {
    postcondition {
      condition     = length(setsubtract(self.members[*].member_id, var.allowed_accounts)) == 0
      error_message = "Image ${self.image_id} is shared with accounts that are not allowed: ${join(", ", setsubtract(self.members[*].member_id, var.allowed_accounts))}."
    }

    postcondition {
      condition     = length(setsubtract(var.allowed_accounts, self.members[*].member_id)) == 0
      error_message = "Image ${self.image_id} is not shared with these accounts: ${join(", ", setsubtract(var.allowed_accounts, self.members[*].member_id))}."
    }

    # One of the few conditions that may hold for an empty list: no one is pending.
    postcondition {
      condition = alltrue([
        for m in self.members : timecmp(plantimestamp(), timeadd(m.created_at, "${24 * var.pending_days}h")) <= 0
        if m.status == "pending"
      ])
      error_message = "Image ${self.image_id} was offered more than ${var.pending_days} days ago, without an answer yet, to: ${join(", ", [
        for m in [for m in self.members : m if m.status == "pending"] : m.member_id
        if timecmp(plantimestamp(), timeadd(m.created_at, "${24 * var.pending_days}h")) > 0
      ])}."
    }
  }
}
