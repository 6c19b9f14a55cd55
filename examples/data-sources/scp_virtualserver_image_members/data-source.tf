data "scp_virtualserver_image_members" "golden" {
  image_id = "70a599e0-31e7-49b7-b260-868f441e862b"
}

# Every account that the image is shared with, whatever its status, by ID.
output "members" {
  value = {
    for member in data.scp_virtualserver_image_members.golden.members :
    member.member_id => member
  }
}

# Several images in one read, which is much faster than for_each.
data "scp_virtualserver_image_members" "fleet" {
  image_ids = [
    "70a599e0-31e7-49b7-b260-868f441e862b",
    "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11",
  ]
}

output "images_by_account" {
  value = {
    for member in data.scp_virtualserver_image_members.fleet.members :
    member.member_id => member.image_id...
  }
}
