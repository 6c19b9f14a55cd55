terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

# Its output is only known after apply, and so is the image.
resource "terraform_data" "image" {
  input = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
}

data "scp_virtualserver_image_members" "golden" {
  image_id = terraform_data.image.output

  lifecycle {
    postcondition {
      condition     = self.members != null
      error_message = "The members were not read."
    }
  }
}
