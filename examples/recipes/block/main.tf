# Fails the plan while images are shared with accounts that images.json does not allow, or while the recipe "review" has another
# finding.
#
#   terraform plan -var-file ../images.json
#
#   exit code 0   everything is as the file allows
#   exit code 1   the error has a line for each finding; or SCP gave no usable response
#
# The rules are those of ../review: fetch the folder with all recipes, not only this one. Its notes on keys and limits apply here
# too.
#
# Files beside this one count too: a tfvars file, an override.tf, in OpenTofu a .tofu file.
#
# -refresh-only turns the error into a warning. -destroy, -target of something else and OpenTofu's -exclude of the data sources skip the
# check. A module with a depends_on is read on apply: the plan passes, and the apply fails only after the rest is done. Nothing in
# a recipe can prevent that, so never give this module a depends_on.

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source  = "scp-community/scp"
      version = "~> 0.0"
    }
  }
}

variable "account" {
  description = "The ID of the account that owns the images."
  type        = string
}

variable "regions" {
  description = "The regions to look at. [\"default\"] alone is one read without a region, for an endpoint that takes none."
  type        = list(string)
}

variable "images" {
  description = "Each image with the accounts that it may be shared with: [] for no one."
  type        = map(list(string))
}

variable "accounts" {
  description = "Names of accounts, by ID."
  type        = map(string)
  default     = {}
}

variable "trusted" {
  description = "Our own accounts: sharing with them is no finding."
  type        = list(string)
  default     = []
}

variable "public" {
  description = "Images that may be open to everybody."
  type        = list(string)
  default     = []
}

variable "until" {
  description = "The last day on which an image may be shared with an account."
  type        = map(string)
  default     = {}
}

# Without a type, so that TF_VAR_notes can be plain text.
# tflint-ignore: terraform_unused_declarations, terraform_typed_variables
variable "notes" {
  description = "For people. Nothing reads it."
  default     = null
}

module "review" {
  source = "../review"

  account  = var.account
  regions  = var.regions
  images   = var.images
  accounts = var.accounts
  trusted  = var.trusted
  public   = var.public
  until    = var.until
}

locals {
  # The time of the plan is no finding. [*] makes a list of nothing from null, which the review is without findings.
  findings = flatten([for review in module.review.review[*] : [for key, value in review : "${key} ${value}" if key != "reviewed"]])
}

output "findings" {
  description = "A line for each finding. Null if there is none: with findings, the plan fails."
  value       = length(local.findings) > 0 ? local.findings : null

  precondition {
    condition     = module.review.review == null
    error_message = join("\n  ", concat(["Images of account ${var.account} are not shared as images.json allows:"], local.findings))
  }
}
