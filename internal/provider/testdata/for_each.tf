terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

data "scp_virtualserver_image_members" "test" {
  image_id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
}

resource "terraform_data" "account" {
  for_each = toset([
    for member in data.scp_virtualserver_image_members.test.members : member.member_id if member.status == "accepted"
  ])
  input = each.key
}

output "accounts" {
  value = join(" ", [for id, account in terraform_data.account : account.output])
}
