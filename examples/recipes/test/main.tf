# Test a configuration without an account. This file is the configuration, mocked.tftest.hcl is the test, with members that it
# defines. live/ has a test with SCP's own members, for the image_id and allowed_accounts in a test.tfvars of yours. Mocks need
# Terraform 1.7 or OpenTofu 1.8.
#
#   terraform init
#   terraform test
#   terraform test -test-directory live -filter live/live.tftest.hcl -var-file test.tfvars
#
#   exit code 0   every assertion passes, or -filter names no file: check in the output how many passed
#   exit code 1   an assertion fails or, in the live test, SCP gave no clear response

terraform {
  required_version = ">= 1.7"
  # Needed here too, although only the module uses the provider: otherwise mock_provider "scp" does not mock it.
  required_providers {
    scp = {
      source  = "scp-community/scp"
      version = "~> 0.0"
    }
  }
}

variable "image_id" {
  description = "The image that is shared."
  type        = string
}

variable "allowed_accounts" {
  description = "The accounts that the image may be shared with."
  type        = set(string)
}

module "golden" {
  source   = "./members"
  image_id = var.image_id
}

output "status" {
  description = "The status of each account that the image is shared with."
  value       = { for m in module.golden.members : m.member_id => m.status }
}

output "missing" {
  description = "The accounts that the image should be shared with but is not."
  value       = sort(setsubtract(var.allowed_accounts, module.golden.members[*].member_id))
}

output "unexpected" {
  description = "The accounts that the image is shared with but should not be."
  value       = sort(setsubtract(module.golden.members[*].member_id, var.allowed_accounts))
}
