terraform {
  required_version = ">= 1.5"
  required_providers {
    scp = {
      source  = "scp-community/scp"
      version = "~> 0.0"
    }
  }
}

# Keys: SCP_TF_ACCESS_KEY and SCP_TF_SECRET_KEY, or ~/.scpconf/credentials.json.
provider "scp" {
  environment    = "e"
  default_region = "kr-west1"
}

data "scp_virtualserver_image_members" "golden" {
  image_id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
}

output "accounts" {
  value = data.scp_virtualserver_image_members.golden.members[*].member_id
}
