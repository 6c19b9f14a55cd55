terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

# Reads nothing, but has a value that looks as if.
resource "terraform_data" "other" {
  input = { resources = [{ mode = "data", type = "scp_virtualserver_image_members", values = { image_id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11", members = [] } }] }
}
