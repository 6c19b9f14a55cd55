resource "terraform_data" "secret" {
  input = "demo-secret-key"
}

provider "scp" {
  secret_key = terraform_data.secret.output
}

# It waits for apply, when the provider's values are known.
data "scp_virtualserver_image_members" "test" {
  image_id   = "70a599e0-31e7-49b7-b260-868f441e862b"
  depends_on = [terraform_data.secret]
}
