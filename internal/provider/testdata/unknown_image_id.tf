resource "terraform_data" "image" {
  input = "70a599e0-31e7-49b7-b260-868f441e862b"
}

data "scp_virtualserver_image_members" "test" {
  image_id = terraform_data.image.output
}
