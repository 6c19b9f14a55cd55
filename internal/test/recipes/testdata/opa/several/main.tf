terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

data "scp_virtualserver_image_members" "all" {
  image_ids = ["1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11", "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"]

  lifecycle {
    postcondition {
      condition     = self.members != null
      error_message = "The members were not read."
    }
  }
}
