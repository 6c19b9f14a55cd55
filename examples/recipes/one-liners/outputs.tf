# What is often asked about the members of an image, a line or two for each: copy those that you need. Where image_ids reads
# several images at once, group by m.image_id first: an account may be a member of more than one.
#
#   terraform apply -var image_id=ID
#
#   exit code 0   with the outputs
#   exit code 1   SCP gave no clear answer: none of the outputs changes

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

variable "image_id" {
  description = "The image to look at."
  type        = string
}

variable "allowed_accounts" {
  description = "The accounts that the image is meant to be shared with."
  type        = set(string)
  default     = []
}

variable "pending_days" {
  description = "How many days an account may take to answer."
  type        = number
  default     = 7
}

data "scp_virtualserver_image_members" "image" {
  image_id = var.image_id
}

locals {
  members = data.scp_virtualserver_image_members.image.members
}

output "by_id" {
  description = "Each member by its id."
  value       = { for m in local.members : m.member_id => m }
}

output "accepted" {
  description = "The accounts that can use the image."
  value       = [for m in local.members : m.member_id if m.status == "accepted"]
}

output "count_by_status" {
  description = "How many members there are of each status."
  value       = { for status, ids in { for m in local.members : coalesce(m.status, "none") => m.member_id... } : status => length(ids) }
}

output "unexpected" {
  description = "The accounts that the image is shared with and should not be."
  value       = setsubtract(local.members[*].member_id, var.allowed_accounts)
}

output "missing" {
  description = "The accounts that the image should be shared with and is not."
  value       = setsubtract(var.allowed_accounts, local.members[*].member_id)
}

output "fingerprint" {
  description = "Changes when an account comes, goes or answers: approve the list once, and compare. Without the status, only when one comes or goes."
  value       = sha256(jsonencode([for m in local.members : [var.image_id, m.member_id, m.status]]))
}

output "pending_too_long" {
  description = "The accounts that have not answered within pending_days."
  value       = [for m in local.members : m.member_id if m.status == "pending" && timecmp(timeadd(m.created_at, "${24 * var.pending_days}h"), plantimestamp()) < 0]
}

output "added_since_last_week" {
  description = "The accounts that the image was shared with in the last seven days."
  value       = [for m in local.members : m.member_id if timecmp(m.created_at, timeadd(plantimestamp(), "-168h")) > 0]
}
