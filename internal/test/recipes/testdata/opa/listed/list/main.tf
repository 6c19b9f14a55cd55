terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

data "scp_virtualserver_images" "all" {
  lifecycle {
    postcondition {
      condition     = self.images != null
      error_message = "The images were not read."
    }
  }
}
