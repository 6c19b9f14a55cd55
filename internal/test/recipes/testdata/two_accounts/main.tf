terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

provider "scp" {
  alias      = "partner"
  access_key = "partner-access-key"
  secret_key = "partner-secret-key"
}

module "ours" {
  source  = "./block"
  account = "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6"
  regions = ["kr-west1"]
  images = {
    "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11" = [
      "0c6e1d5a9b3f4827b1a2c3d4e5f60718", "5d2f8e1c7a604b39a8b7c6d5e4f30291",
      "9a7b6c5d4e3f42108f9e8d7c6b5a4938", "f4d3a0c2b1e84796a5d8c7b6e9f01234",
    ]
    "70a599e0-31e7-49b7-b260-868f441e862b" = ["a8f10467abfc4b87b64614ab36eb9ae4"]
    "c3d9f7a1-58b2-4e60-8d14-7a9b0c1d2e3f" = []
  }
}

module "partners" {
  source    = "./block"
  providers = { scp = scp.partner }
  account   = "a8f10467abfc4b87b64614ab36eb9ae4"
  regions   = ["kr-west1"]
  images    = { "6d7e8f90-a1b2-4c3d-8e4f-5061728394a5" = [] }
}
