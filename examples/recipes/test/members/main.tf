# Reads with whom an image is shared: a module of its own, so that a test can put itself in its place.

terraform {
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

data "scp_virtualserver_image_members" "image" {
  image_id = var.image_id
}

output "members" {
  description = "With whom the image is shared."
  value       = data.scp_virtualserver_image_members.image.members
}
