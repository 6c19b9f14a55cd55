# What `make demo` runs, against an emulator of SCP. Endpoint and keys come from environment variables.

terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

provider "scp" {
  api_version = "1.3"
}

# The images to read, each with a name to print. The demo's emulator has them.
variable "images" {
  type = map(string)
  default = {
    "example of SCP's document" = "70a599e0-31e7-49b7-b260-868f441e862b"
    "shared with four accounts" = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
    "shared with no one"        = "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"
  }
}

# The policy: the accounts that an image may be shared with. null allows every account.
variable "allowed_accounts" {
  type    = set(string)
  default = null
}

data "scp_virtualserver_image_members" "image" {
  for_each = var.images
  image_id = each.value

  lifecycle {
    postcondition {
      condition = var.allowed_accounts == null ? true : (
        length(setsubtract(self.members[*].member_id, var.allowed_accounts)) == 0
      )
      error_message = "Image ${self.image_id} is shared with accounts that are not allowed: ${join(", ", setsubtract(self.members[*].member_id, coalesce(var.allowed_accounts, [])))}."
    }
  }
}

output "members" {
  description = "The members of each image, by account."
  value = {
    for name, image in data.scp_virtualserver_image_members.image :
    name => { for m in image.members : m.member_id => { status = m.status, updated_at = m.updated_at } }
  }
}
