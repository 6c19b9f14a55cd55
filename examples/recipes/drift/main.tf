# Review drift: keep in the state with whom an image is shared, and see in a plan what has changed since.
#
#   terraform apply -var image_id=ID                     accepts what is there now
#   terraform plan -var image_id=ID -detailed-exitcode
#
#   exit code 0   nothing has changed, whatever order SCP lists the members in
#   exit code 2   the diff shows each member that came, went or changed, and no other
#   exit code 1   SCP gave no clear answer
#
# Give it a folder and a state of its own: any apply accepts the members as they are, and any other change exits with 2 too.
#
# The output is what makes a difference: Terraform does not report a data source that changed. And it is a map by
# member_id, so that one member more is one entry more; in a list, every member after it would show as changed. It holds
# what is to be reviewed and no more, so that a field of a later version does not show as drift.

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

variable "image_id" {
  description = "The image to review."
  type        = string
}

data "scp_virtualserver_image_members" "reviewed" {
  image_id = var.image_id
}

# So that another image is a difference too, even if neither is shared with anyone.
output "image_id" {
  description = "The image that was reviewed."
  value       = var.image_id
}

output "members" {
  description = "With whom the image is shared."
  value = {
    for m in data.scp_virtualserver_image_members.reviewed.members :
    m.member_id => { created_at = m.created_at, status = m.status, updated_at = m.updated_at }
  }
}
