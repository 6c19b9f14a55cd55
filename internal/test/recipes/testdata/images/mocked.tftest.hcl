mock_provider "scp" {}

override_module {
  target = module.images
  outputs = {
    images = [
      { id = "70a599e0-31e7-49b7-b260-868f441e862b", name = "web-base", owner = "a8f10467abfc4b87b64614ab36eb9ae4", visibility = "public" },
      { id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11", name = "db-base", owner = "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6", visibility = "shared" },
    ]
  }
}

run "finds_a_public_image" {
  assert {
    condition     = output.open_to_everybody[*].name == ["web-base"]
    error_message = "Found: ${jsonencode(output.open_to_everybody)}."
  }
}
