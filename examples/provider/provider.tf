terraform {
  required_providers {
    scp = {
      source = "scp-community/scp"
    }
  }
}

# Keys from SCP_TF_ACCESS_KEY and SCP_TF_SECRET_KEY, or from ~/.scpconf/credentials.json.
provider "scp" {
  environment    = "e"
  default_region = "kr-west1"
  api_version    = "1.3"
}
