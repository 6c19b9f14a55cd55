data "scp_virtualserver_images" "all" {}

# Images that every account can use, whatever their members are.
output "open_to_everybody" {
  value = [
    for image in data.scp_virtualserver_images.all.images : image
    if contains(["public", "community"], image.visibility)
  ]
}

# The list can hold images of other accounts, but only an image's owner sees all of its members.
variable "account_id" {
  type    = string
  default = "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6"
}

# Who the account's own shared images are shared with. An image that is deleted or no longer shared is no longer in the list,
# so it does not make this read fail.
data "scp_virtualserver_image_members" "own" {
  image_ids = [
    for image in data.scp_virtualserver_images.all.images : image.id
    if image.owner == var.account_id && image.visibility == "shared"
  ]
}
