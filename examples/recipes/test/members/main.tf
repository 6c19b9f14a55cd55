# Lists the accounts that an image is shared with. It is a module of its own, so that a test can replace it.

terraform {
  required_version = ">= 1.7"
  required_providers {
    scp = {
      source  = "scp-community/scp"
      version = "~> 0.0"
    }
  }
}

variable "image_id" {
  description = "The image to look at."
  type        = string
}

data "scp_virtualserver_image_members" "image" {
  image_id = var.image_id
}

output "members" {
  description = "The accounts that the image is shared with."
  value       = data.scp_virtualserver_image_members.image.members
}
