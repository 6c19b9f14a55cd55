# Is every image of our account, in these regions, shared as images.json says, and none open to every account?
#
#   terraform plan -var-file=images.json -var account=ACCOUNT -var 'regions=["kr-west1", "kr-east1"]'
#
#   exit code 0   each image of the account is private, or shared with exactly the accounts that the file names for it
#   exit code 1   the error has a line for each finding; or SCP gave no answer
#
# A finding is:
#
#   - an image/account that is shared but not agreed, or agreed but not shared; of a private image, all accounts are missing
#   - an image that is not private and that the file does not name
#   - an image that is public or community: every account can use it, whatever its members say
#   - an image with an unknown visibility, because it could be open to others
#   - an image in the file that is gone; the others are still compared
#   - no image at all: the account id or a region is wrong
#
# SCP's list also has images of other accounts: public images, and those that others share with us. The recipe leaves them out,
# by their owner. It does not read the members of private images. In each region it reads the images once and the members once.
#
# Use the keys of the account itself: for an image of another account, SCP shows a member only itself. The recipe does not see
# regions that you do not name, or images that SCP does not list. If an image is deleted between the two reads, the second
# read fails: run again. As with the recipe "block", the check works only in a normal plan.

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

variable "images" {
  description = "Each image, by its id as SCP writes it, with all the accounts that it may be shared with. [] is for no one."
  type        = map(set(string))
  nullable    = false

  validation {
    condition     = length(var.images) > 0 && alltrue([for accounts in values(var.images) : accounts != null])
    error_message = "Name at least one image, and give each one a list of accounts, or [] for no one."
  }

  validation {
    condition     = length(var.images) == length(distinct([for image in keys(var.images) : lower(replace(image, "-", ""))]))
    error_message = "An image is listed twice, in two spellings of its id."
  }
}

variable "accounts" {
  description = "Names of accounts by id, for the error. Not every account needs one."
  type        = map(string)
  default     = {}
}

variable "account" {
  description = "The id of our account, as SCP writes it in an image's owner."
  type        = string
  nullable    = false
}

variable "regions" {
  description = "The regions to look at, such as kr-west1."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.regions) > 0
    error_message = "Name at least one region."
  }
}

data "scp_virtualserver_images" "all" {
  for_each = var.regions
  region   = each.key
}

locals {
  # An image without an owner could be ours.
  ours = { for region, list in data.scp_virtualserver_images.all : region => [
    for image in list.images : image if coalesce(image.owner, var.account) == var.account
  ] }
}

data "scp_virtualserver_image_members" "ours" {
  for_each  = var.regions
  region    = each.key
  image_ids = [for image in local.ours[each.key] : image.id if image.visibility == "shared"]
}

locals {
  members = { for region, read in data.scp_virtualserver_image_members.ours : region => {
    for m in read.members : m.image_id => m.member_id...
  } }

  # Each image of ours with the accounts that it is shared with, and with those that it may be shared with.
  images = flatten([for region, images in local.ours : [for image in images : {
    id         = image.id
    label      = "${coalesce(image.name, "without a name")} in ${region}"
    visibility = coalesce(image.visibility, "unknown")
    shared     = try(local.members[region][image.id], [])
    agreed     = try(var.images[image.id], [])
    listed     = can(var.images[image.id])
  }]])

  gone = setsubtract(keys(var.images), local.images[*].id)

  findings = length(local.images) == 0 ? ["${var.account} owns no image in ${join(", ", var.regions)}"] : flatten([
    [for image in local.images : [
      [for account in setsubtract(image.shared, image.agreed) :
      trimspace("${image.id}/${account} not agreed, but shared: ${image.label} ${lookup(var.accounts, account, "")}")],
      [for account in setsubtract(image.agreed, image.shared) :
      trimspace("${image.id}/${account} agreed, but not shared: ${image.label} ${lookup(var.accounts, account, "")}")],
    ] if contains(["private", "shared"], image.visibility)],
    [for image in local.images : "${image.id} not in the file: ${image.label}" if !image.listed && image.visibility == "shared"],
    [for image in local.images : "${image.id} is ${image.visibility}: ${image.label}" if !contains(["private", "shared"], image.visibility)],
    [for image in local.gone : "${image} is gone"],
  ])
}

output "findings" {
  description = "A line for each finding. Null if there is none: otherwise there is no plan."
  value       = length(local.findings) > 0 ? local.findings : null

  precondition {
    condition     = length(local.findings) == 0
    error_message = join("\n  ", concat(["Images are not shared as agreed:"], local.findings))
  }
}
