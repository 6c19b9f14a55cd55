terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

data "scp_virtualserver_image_members" "fleet" {
  image_ids = ["1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11", "70a599e0-31e7-49b7-b260-868f441e862b", "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f"]
}

output "by_image" {
  value = { for image, members in local.by_image : image => { for account, m in members : account => m.status } }
}
