# A configuration that the policy allows: it reads the images, and its postcondition proves that it did so for this plan.

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

variable "images" {
  description = "Each image with the accounts that it may be shared with. Only the images count here: the accounts are the policy's business."
  type        = map(set(string))
}

variable "accounts" {
  description = "Not used: images.json has it for the other recipes."
  type        = map(string)
  default     = {}
}

data "scp_virtualserver_image_members" "fleet" {
  image_ids = keys(var.images)

  lifecycle {
    postcondition {
      condition     = self.members != null
      error_message = "The members were not read."
    }
  }
}
