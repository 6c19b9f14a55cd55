data "scp_virtualserver_images" "all" {}

# Images that are open to every account.
output "open_to_everybody" {
  value = [
    for image in data.scp_virtualserver_images.all.images : image
    if contains(["public", "community"], image.visibility)
  ]
}

variable "account_id" {
  type    = string
  default = "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6"
}

# Who the account's own images are shared with. For others, SCP may respond with 403.
data "scp_virtualserver_image_members" "own" {
  image_ids = [
    for image in data.scp_virtualserver_images.all.images : image.id
    if image.owner == var.account_id && image.visibility == "shared"
  ]
}

output "accounts_by_image" {
  value = {
    for member in data.scp_virtualserver_image_members.own.members :
    member.image_id => member.member_id...
  }
}
