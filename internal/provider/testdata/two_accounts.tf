terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

provider "scp" {
  alias      = "owner"
  access_key = "owner-access-key"
  secret_key = "owner-secret-key"
}

provider "scp" {
  alias      = "partner"
  access_key = "partner-access-key"
  secret_key = "partner-secret-key"
}

data "scp_virtualserver_images" "owner" {
  provider = scp.owner
}

data "scp_virtualserver_pending_images" "owner" {
  provider = scp.owner
}

# Only an image whose visibility is shared has members.
data "scp_virtualserver_image_members" "owner" {
  provider  = scp.owner
  image_ids = [for image in data.scp_virtualserver_images.owner.images : image.id if image.visibility == "shared"]
}

data "scp_virtualserver_images" "partner" {
  provider = scp.partner
}

data "scp_virtualserver_pending_images" "partner" {
  provider = scp.partner
}

# What the partner can see of the members is itself, as long as the image is offered to it.
data "scp_virtualserver_image_members" "partner" {
  provider = scp.partner
  image_ids = [
    for image in concat(data.scp_virtualserver_images.partner.images, data.scp_virtualserver_pending_images.partner.images) :
    image.id if image.visibility == "shared"
  ]
}

output "owner" {
  value = join("; ", [
    join(", ", [for image in data.scp_virtualserver_images.owner.images : "${image.name} is ${image.visibility}"]),
    join(", ", [for image in data.scp_virtualserver_pending_images.owner.images : image.name]),
    join(", ", [for member in data.scp_virtualserver_image_members.owner.members : "${member.member_id} ${member.status}"]),
  ])
}

output "partner" {
  value = join("; ", [
    join(", ", [for image in data.scp_virtualserver_images.partner.images : "${image.name} of ${image.owner}"]),
    join(", ", [for image in data.scp_virtualserver_pending_images.partner.images : "${image.name} of ${image.owner}"]),
    join(", ", [for member in data.scp_virtualserver_image_members.partner.members : "${member.member_id} ${member.status}"]),
  ])
}
