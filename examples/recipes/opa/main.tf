# A configuration that the policy allows: it reads the images, and its postcondition proves that it did so for this plan.

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source  = "scp-community/scp"
      version = "~> 0.0"
    }
  }
}

variable "images" {
  description = "Each image with the accounts that it may be shared with. Only the images count here: the policy checks the accounts."
  type        = map(list(string))
}

# tflint-ignore: terraform_unused_declarations
variable "account" {
  description = "Not used: images.json has it for the policy and the other recipes."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "regions" {
  description = "Not used: images.json has it for the policy and the other recipes."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "accounts" {
  description = "Not used: images.json has it for the policy and the other recipes."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "trusted" {
  description = "Not used: images.json has it for the policy and the other recipes."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "public" {
  description = "Not used: images.json has it for the policy and the other recipes."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "until" {
  description = "Not used: images.json has it for the policy and the other recipes."
  type        = any
  default     = null
}

# Without a type, so that TF_VAR_notes can be plain text.
# tflint-ignore: terraform_unused_declarations, terraform_typed_variables
variable "notes" {
  description = "Not used: images.json has it for the policy and the other recipes."
  default     = null
}

# tflint-ignore: terraform_unused_declarations
data "scp_virtualserver_image_members" "fleet" {
  image_ids = keys(var.images)

  lifecycle {
    postcondition {
      condition     = self.members != null
      error_message = "The members were not read."
    }
  }
}

# So that the plan shows whether an image is open to everybody.
# tflint-ignore: terraform_unused_declarations
data "scp_virtualserver_images" "all" {
  lifecycle {
    postcondition {
      condition     = self.images != null
      error_message = "The images were not read."
    }
  }
}
