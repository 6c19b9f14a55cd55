terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

check "sharing" {
  data "scp_virtualserver_image_members" "golden" {
    image_id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
  }

  assert {
    condition     = length(data.scp_virtualserver_image_members.golden.members) > 0
    error_message = "The image is shared with no one."
  }
}
