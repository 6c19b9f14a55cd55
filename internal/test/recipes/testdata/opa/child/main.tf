terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

module "sharing" {
  source = "./sharing"
}
