terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

data "scp_virtualserver_image_members" "golden" {
  image_id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"

  lifecycle {
    postcondition {
      condition     = self.members != null
      error_message = "The members were not read."
    }
  }
}

module "list" {
  source = "./list"
}
