data "scp_virtualserver_image_members" "golden" {
  image_id = "70a599e0-31e7-49b7-b260-868f441e862b"
}

# The accounts that have accepted, by id, for `for_each` or a review.
output "accepted" {
  value = {
    for member in data.scp_virtualserver_image_members.golden.members :
    member.member_id => member if member.status == "accepted"
  }
}
