# What has changed since the last terraform apply? The state has the sharing of that time.
#
#   terraform apply -var-file images.json                     saves the current sharing in the state
#   terraform plan -var-file images.json -detailed-exitcode
#
#   exit code 0   nothing has changed
#   exit code 2   the diff has a line for each image and each account that came, went or is different
#   exit code 1   SCP gave no usable response: nothing was compared
#
# Give it a folder and a state of its own: every apply saves the current sharing, and any other change exits with 2 too. It looks
# at every image of the account in all regions. What the file allows does not matter here: the recipe "review" checks that.

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
  description = "The ID of the account that owns the images. Without it, all images that the keys see."
  type        = string
  default     = null
}

variable "regions" {
  description = "The regions to look at. Without it, the provider's default_region."
  type        = set(string)
  default     = null

  validation {
    condition     = var.regions == null ? true : length(var.regions) > 0
    error_message = "regions is empty, so no image would be looked at. Name the regions, or leave it out for the provider's default_region."
  }
}

# tflint-ignore: terraform_unused_declarations
variable "images" {
  description = "Not used here."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "accounts" {
  description = "Names of accounts, by ID, for report.jq."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "trusted" {
  description = "Not used here."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "public" {
  description = "Not used here."
  type        = any
  default     = null
}

# tflint-ignore: terraform_unused_declarations
variable "until" {
  description = "Not used here."
  type        = any
  default     = null
}

# Without a type, so that TF_VAR_notes can be plain text.
# tflint-ignore: terraform_unused_declarations, terraform_typed_variables
variable "notes" {
  description = "For people. Nothing reads it."
  default     = null
}

locals {
  regions = var.regions == null ? { default = null } : { for region in var.regions : region => region }
}

data "scp_virtualserver_images" "all" {
  for_each = local.regions
  region   = each.value
}

data "scp_virtualserver_image_members" "ours" {
  for_each  = local.regions
  region    = each.value
  image_ids = [for image in local.ours : image.id if image.region == each.key && image.says == "shared"]
}

# As in the recipe "review": flat lists, and text from outside without characters that could look like another line, a link or a
# command.
locals {
  no_name = "/[^\\p{L}\\p{M}\\p{N} ._-]|[Ww]{3}\\.|\\b_+|_+\\b/"
  no_word = "/[^0-9A-Za-z-]/"
  no_time = "/[^0-9TZ:.+-]|:\\B|\\B:/"

  ours = flatten([for region, read in data.scp_virtualserver_images.all : [for image in read.images : {
    region = region
    id     = image.id
    name   = regex("^.{0,80}", replace(coalesce(image.name, "without a name"), local.no_name, " "))
    says = (contains(["deleted", "pending_delete"], lower(coalesce(image.status, "not given"))) ? "being deleted"
    : substr(replace(coalesce(image.visibility, "not given"), local.no_word, " "), 0, 80))
  } if var.account == null ? true : lower(replace(coalesce(image.owner, var.account), "-", "")) == lower(replace(var.account, "-", ""))]])
}

output "sharing" {
  description = "Each image with its visibility, and each account that it is shared with, with its status and since when."
  value = merge(
    { for image in local.ours : "${image.region}/${image.id}" => "${image.says} (${image.name})" },
    merge([for region, read in data.scp_virtualserver_image_members.ours : { for member in read.members :
      "${region}/${member.image_id}/${substr(replace(member.member_id, local.no_word, " "), 0, 80)}" => join(" since ", [
        substr(replace(coalesce(member.status, "no status"), local.no_word, " "), 0, 80),
        substr(replace(coalesce(member.updated_at, "an unknown time"), local.no_time, " "), 0, 80),
      ])
    }]...),
  )
}
