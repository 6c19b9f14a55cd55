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
# at every image of the account in the regions that the file names. What the file allows does not matter here: the recipe "review"
# checks that. Files beside this one count too: a tfvars file, an override.tf, in OpenTofu a .tofu file.

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
  description = "The regions to look at. [\"default\"] alone is one read without a region, for an endpoint that takes none."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.regions) > 0
    error_message = "regions is empty, so no image would be looked at. Name the regions, such as [\"kr-west1\"]."
  }

  validation {
    condition     = alltrue([for region in var.regions : region == null ? false : region != ""])
    error_message = "regions contains null or an empty string. Name each region, such as kr-west1."
  }

  validation {
    condition     = !contains(var.regions, "default") || length(distinct(var.regions)) == 1
    error_message = "regions has \"default\" beside other regions. Name each region, or write [\"default\"] alone."
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
  regions = { for region in distinct(var.regions) : region => region == "default" ? null : region }
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

# As in the recipe "review": flat lists, and text from outside without what could look like another line, a link or a command.
locals {
  no_name = join("", [
    "/[^\\p{L}\\p{M}\\p{N} ._-]|[Ww]{3}\\.|\\b_+|_+\\b|",
    "[\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FFA0}]|",
    "[\\x{13441}\\x{13442}\\x{16FE4}\\x{E0100}-\\x{E01EF}]/",
  ])
  no_word = "/[^0-9A-Za-z-]/"
  no_time = "/[^0-9TZ:.+-]|:\\B|\\B:/"

  given_names = merge([for region, read in data.scp_virtualserver_images.all : {
    for image in read.images : "${region}/${image.id}" => image.name
  }]...)
  names = { for key, name in local.given_names : key => regex("^.{0,80}", replace(
    replace(replace(coalesce(name, "without a name"), local.no_name, " "), "/\\.(\\p{L})/", " $1"), "/(\\p{M}{2})\\p{M}+/", "$1"
  )) }

  ours = flatten([for region, read in data.scp_virtualserver_images.all : [for image in read.images : {
    region = region
    id     = image.id
    name   = local.names["${region}/${image.id}"]
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
        coalesce(trimspace(substr(replace(coalesce(member.updated_at, " "), local.no_time, " "), 0, 80)), "an unknown time"),
      ])
    }]...),
  )
}
