terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

data "scp_virtualserver_image_members" "ours" {
  image_id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
}

output "found" {
  value = {
    theirs = data.scp_virtualserver_image_members.theirs.members[*].member_id
    us     = data.scp_virtualserver_image_members.ours.members[*].member_id
  }
}
