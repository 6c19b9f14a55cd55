data "scp_virtualserver_pending_images" "offered" {}

# The images that this account can accept or reject, by the account that offers them.
output "offers" {
  value = {
    for image in data.scp_virtualserver_pending_images.offered.images :
    image.owner => image.name...
  }
}
