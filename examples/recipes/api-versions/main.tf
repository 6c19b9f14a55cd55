# Warn 90 days before the guaranteed date of the pinned API version, and fail the plan once the service no longer lists that
# version.
#
#   terraform plan
#
#   exit code 0   with the warning "Check block assertion failed" in the last 90 days before the date
#   exit code 1   the version is no longer listed, or the list could not be read or has no date for it
#
# -refresh-only turns the failure into a warning. -destroy, -target of something else and OpenTofu's -exclude of the data source skip the
# check.
#
# Only the date of a SUPPORTED or DEPRECATED version is the end of its guarantee. The date of the CURRENT version is that of
# its release.

terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source  = "scp-community/scp"
      version = "~> 0.0"
    }
  }
}

variable "notice_days" {
  description = "How many days before the date to warn."
  type        = number
  default     = 90
}

data "scp_virtualserver_api_versions" "service" {
  lifecycle {
    postcondition {
      condition     = contains(self.versions[*].version, self.pinned)
      error_message = "The service no longer lists API version ${self.pinned}, which the provider is pinned to. Set api_version to one of: ${join(", ", self.versions[*].version)}."
    }
  }
}

locals {
  service = data.scp_virtualserver_api_versions.service
  ending = {
    for v in local.service.versions : v.version => v.not_before
    if v.version == local.service.pinned && contains(["SUPPORTED", "DEPRECATED"], coalesce(v.status, "none"))
  }
  # The list is sorted by number.
  later = [
    for i, v in local.service.versions : v.version
    if i > try(index(local.service.versions[*].version, local.service.pinned), -1) && contains(["CURRENT", "SUPPORTED"], coalesce(v.status, "none"))
  ]
}

check "pinned_version_lasts" {
  assert {
    condition = alltrue([
      for version, date in local.ending :
      timecmp(plantimestamp(), timeadd("${date}T00:00:00Z", "-${24 * var.notice_days}h")) < 0
    ])
    error_message = join(" ", concat(
      [for version, date in local.ending : "API version ${version}, which the provider is pinned to, ${timecmp(plantimestamp(), "${date}T00:00:00Z") < 0 ? "is" : "was"} guaranteed until ${date}."],
      [length(local.later) > 0 ? "Move to ${join(" or ", local.later)}." : "The service lists no later version yet."],
    ))
  }
}
