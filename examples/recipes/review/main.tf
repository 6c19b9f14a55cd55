# Can only the accounts in images.json use the images of our account? Every image of the account, in the regions that the file names.
#
#   terraform plan -var-file images.json -state none.tfstate -detailed-exitcode
#
#   exit code 0   everything is as the file allows
#   exit code 2   the diff has a line for each finding
#   exit code 1   SCP gave no usable response, or the file has an error: nothing was compared
#
# The plan shows the output only if it differs from the one in the state, so keep the state empty: do not apply this, and give it
# no backend. -state names a file that does not exist. Terraform 1.11 and later warn that the flag is deprecated; in a fresh
# checkout you can leave it out. After an apply by mistake, delete none.tfstate, or terraform.tfstate.
#
# Files beside this one count too: a terraform.tfvars or x.auto.tfvars (also .json), an override.tf, in OpenTofu a .tofu file. review.sh
# plans a copy of this file alone.
#
# Use the keys of the account itself: SCP shows all members only to the owner of an image. With the keys of another account,
# images are not in the list, belong to another account, or have members missing, and each of these is a finding. If every
# image in the file is shared with the account of the keys alone, nothing shows the mistake: put a private image of yours into
# the file, with []. No other account can see that one.
#
# Not seen: regions that are not in the file, hidden images, and an image that came or went during the plan. If an image is
# deleted between the two reads, the plan fails: run it again. Nor is it seen if a gateway at endpoint_override ignores the
# region: every region then has the images of one. As a module, do not give it a depends_on: the images would be read on
# apply, when the rest of the configuration has been applied.

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
  description = "The ID of the account that owns the images. Case and hyphens do not matter."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9A-Za-z-]*[0-9A-Za-z][0-9A-Za-z-]*$", var.account))
    error_message = "account must be the ID of the account that owns the images: letters, digits and hyphens."
  }
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

variable "images" {
  description = "Each image with the accounts that it may be shared with: [] for no one. Write IDs as SCP does."
  type        = map(list(string))
  nullable    = false

  validation {
    condition     = alltrue([for image in keys(var.images) : can(regex("^[0-9A-Za-z_-]+$", image))])
    error_message = "images has a key that is not the ID of an image: letters, digits, - and _."
  }

  validation {
    condition     = length(var.images) == length(toset([for image in keys(var.images) : lower(replace(image, "-", ""))]))
    error_message = "images lists an image twice, in two spellings of its ID."
  }

  validation {
    condition     = alltrue([for accounts in values(var.images) : accounts != null])
    error_message = "images has an image with null in place of a list of accounts. Write [] for no one."
  }

  validation {
    condition     = alltrue([for accounts in values(var.images) : alltrue([for account in accounts : account != null]) if accounts != null])
    error_message = "images has a list that contains null, [null] for example. Write [] for no one."
  }

  validation {
    condition = alltrue([for accounts in values(var.images) :
      # a join for each image, for speed
      !contains(accounts, "") && !can(regex("[^0-9A-Za-z-]", join("", compact(accounts)))) if accounts != null
    ])
    error_message = "images has an account that is not the ID of an account: letters, digits and hyphens."
  }
}

variable "accounts" {
  description = "Names of accounts, by ID. Not every account needs one."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for account in keys(var.accounts) : can(regex("^[0-9A-Za-z-]+$", account))])
    error_message = "accounts has a key that is not the ID of an account: letters, digits and hyphens."
  }
}

variable "trusted" {
  description = "Our own accounts: sharing with them is no finding."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for account in var.trusted : can(regex("^[0-9A-Za-z-]+$", account))])
    error_message = "trusted contains something that is not the ID of an account: letters, digits and hyphens."
  }
}

variable "public" {
  description = "Images that may be open to everybody."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for image in var.public : can(regex("^[0-9A-Za-z_-]+$", image))])
    error_message = "public contains something that is not the ID of an image: letters, digits, - and _."
  }
}

variable "until" {
  description = "The last day, in UTC, on which an image may be shared with an account: \"IMAGE/ACCOUNT\" = \"2027-03-31\"."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for pair in keys(var.until) : can(regex("^[0-9A-Za-z_-]+/[0-9A-Za-z-]+$", pair))])
    error_message = "until has a key that is not an image and an account with one / between them: \"IMAGE/ACCOUNT\"."
  }

  validation {
    condition = alltrue([for date in values(var.until) :
      can(regex("^\\d{4}-\\d\\d-\\d\\d$", date)) && can(timeadd("${date}T00:00:00Z", "24h"))
    ])
    error_message = "until has a value that is not a date such as \"2027-03-31\"."
  }

  validation {
    condition     = !contains(values(var.until), "9999-12-31") # it ends in the year 10000, which timecmp cannot read
    error_message = "until has the date 9999-12-31, and 9999-12-30 is the last that can be compared. Put what has no end into images."
  }
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
  image_ids = [for image in local.ours : image.id if image.region == each.key && image.visibility == "shared" && !image.deleting]
}

# Text from outside could look like another line, a link or a command. Of names, only letters, digits, spaces and . - _ stay, without
# letters that nobody sees, a dot before a letter, and more than two marks on one letter; of words and IDs, only those that SCP documents.
locals {
  no_name = join("", [
    "/[^\\p{L}\\p{M}\\p{N} ._-]|[Ww]{3}\\.|\\b_+|_+\\b|",
    "[\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FFA0}]|",
    "[\\x{13441}\\x{13442}\\x{16FE4}\\x{E0100}-\\x{E01EF}]/",
  ])
  no_word = "/[^0-9A-Za-z-]/"
  no_time = "/[^0-9TZ:.+-]|:\\B|\\B:/"

  given_names = merge(var.accounts, [for region, read in data.scp_virtualserver_images.all : {
    for image in read.images : "${region}/${image.id}" => image.name
  }]...)
  names = { for key, name in local.given_names : key => regex("^.{0,80}", replace(
    replace(replace(coalesce(name, "without a name"), local.no_name, " "), "/\\.(\\p{L})/", " $1"), "/(\\p{M}{2})\\p{M}+/", "$1"
  )) }
}

# What SCP says, in flat lists. With 1,000 images of 30 accounts, a list for each image would take minutes.
locals {
  listed = flatten([for region, read in data.scp_virtualserver_images.all : [for image in read.images : {
    region     = region
    id         = image.id
    key        = "${region}/${image.id}"
    name       = local.names["${region}/${image.id}"]
    visibility = substr(replace(coalesce(image.visibility, "not given"), local.no_word, " "), 0, 80)
    owner      = substr(replace(coalesce(image.owner, "not given"), local.no_word, " "), 0, 80)
    ours       = lower(replace(coalesce(image.owner, var.account), "-", "")) == lower(replace(var.account, "-", "")) # also without an owner
    deleting   = contains(["deleted", "pending_delete"], lower(coalesce(image.status, "not given")))
  }]])
  ours = [for image in local.listed : image if image.ours]

  # Every member counts, whatever its status: OpenStack lets each of them use the image.
  members = flatten([for region, read in data.scp_virtualserver_image_members.ours : [for member in read.members : {
    image   = "${region}/${member.image_id}"
    account = member.member_id
    pair    = "${member.image_id}/${member.member_id}"
    status  = member.status
    since   = member.updated_at
  }]])
}

# What there is to look up. Lists and maps: Terraform sorts a set each time that it reads it.
locals {
  # An account that is there twice counts once.
  images = { for image, accounts in var.images : image => keys({ for account in accounts : account => true... }) }

  # "IMAGE/ACCOUNT", and the last day of those whose time is over.
  allowed = merge(concat(
    [for image, accounts in local.images : { for account in accounts : "${image}/${account}" => true }],
    [{ for pair in keys(var.until) : pair => true }],
  )...)
  ended   = { for pair, date in var.until : pair => date if timecmp(plantimestamp(), timeadd("${date}T00:00:00Z", "24h")) >= 0 }
  trusted = { for account in var.trusted : account => true... }
  public  = { for image in var.public : image => true... }
  named   = { for image in concat(keys(var.images), var.public, [for pair in keys(var.until) : split("/", pair)[0]]) : image => true... }

  # "REGION/IMAGE/ACCOUNT"
  shared = { for member in local.members : "${member.image}/${member.account}" => true }

  account_names = { for account in keys(var.accounts) : account => ", ${local.names[account]}" }
}

# The rules, each a map of its findings. The guide "Policy checks" has a table of them.
locals {
  # Members that are not trusted, and that the file does not allow or no longer allows.
  outsiders = [for member in local.members : {
    key  = "${member.image}/${substr(replace(member.account, local.no_word, " "), 0, 80)}"
    pair = member.pair
    now = join(" ", [
      substr(replace(coalesce(member.status, "no status"), local.no_word, " "), 0, 80), "since",
      coalesce(trimspace(substr(replace(coalesce(member.since, " "), local.no_time, " "), 0, 80)), "?"),
      "(${local.names[member.image]}${try(local.account_names[member.account], "")})",
    ])
    } if !can(local.trusted[member.account]) && (!can(local.allowed[member.pair]) || can(local.ended[member.pair]))
  ]

  not_allowed = { for member in local.outsiders : member.key => "not allowed: ${member.now}" if !can(local.ended[member.pair]) }
  expired     = { for member in local.outsiders : member.key => "expired on ${local.ended[member.pair]}: ${member.now}" if can(local.ended[member.pair]) }

  missing = merge([for image in local.ours : { for account in try(local.images[image.id], []) :
    "${image.key}/${account}" => "missing${image.visibility == "private" ? ": the image is private" : ""} (${image.name}${try(local.account_names[account], "")})"
    if !can(local.shared["${image.key}/${account}"]) && !can(local.ended["${image.id}/${account}"])
  } if contains(["private", "shared"], image.visibility) && !image.deleting && !can(local.public[image.id])]...)

  # What is wrong with an image itself, the most dangerous first. Two of them are one finding with both texts.
  wrong = { for image in local.ours : image.key => compact([
    contains(["public", "community"], image.visibility) && !can(local.public[image.id]) ? "open to everybody: ${image.visibility}" : "",
    contains(["private", "shared", "public", "community"], image.visibility) ? "" : "visibility unknown: ${image.visibility}",
    image.visibility == "shared" && !can(local.named[image.id]) ? "not in the file" : "",
    image.deleting && (image.visibility == "shared" || can(local.named[image.id])) ? "being deleted" : "",
  ]) }
  images_wrong = { for image in local.ours : image.key => "${join("; ", local.wrong[image.key])} (${image.name})"
    if length(local.wrong[image.key]) > 0
  }

  foreign = merge([for image in local.listed : {
    "-/${image.id}" = "belongs to account ${image.owner}: these keys do not see all members (${image.name})"
  } if !image.ours && can(local.named[image.id])]...)

  gone = { for image in setsubtract(keys(local.named), local.listed[*].id) :
    "-/${image}" => "not in SCP's list: deleted, hidden, or in another region or account"
  }

  # A region without an image is no finding while another has some.
  no_image = { for place in ["-/-"] : place => "account ${var.account} owns no image in any of the regions" if length(local.ours) == 0 }

  findings = merge(local.no_image, local.gone, local.foreign, local.missing, local.expired, local.not_allowed, local.images_wrong)
}

output "review" {
  description = "Each finding, and the time of this plan, so that an apply does not silence it. Null without findings."
  value       = length(local.findings) > 0 ? merge(local.findings, { reviewed = plantimestamp() }) : null
}
