# Terraform's mocks cannot fill a list of nested attributes (hashicorp/terraform#38369): members stays empty, whatever
# mock_data or override_data say. So these tests override the whole module that reads.

mock_provider "scp" {}

variables {
  image_id = "1b0c9e52-6a43-4d1c-9f0e-2f7c5d8a4e11"
  allowed_accounts = [
    "0c6e1d5a9b3f4827b1a2c3d4e5f60718",
    "9a7b6c5d4e3f42108f9e8d7c6b5a4938",
  ]
}

run "only_allowed_accounts" {
  override_module {
    target = module.golden
    outputs = {
      members = [
        { member_id = "0c6e1d5a9b3f4827b1a2c3d4e5f60718", status = "accepted" },
        { member_id = "9a7b6c5d4e3f42108f9e8d7c6b5a4938", status = "pending" },
      ]
    }
  }

  # First check that there is a member: the next assertion also passes for an empty list.
  assert {
    condition     = length(output.status) > 0
    error_message = "There is no member to check: is the module overridden?"
  }

  assert {
    condition     = length(output.unexpected) == 0
    error_message = "The image is shared with accounts that are not allowed: ${join(", ", output.unexpected)}."
  }
}

# The rule has to find an account that is not allowed, and one that is missing.
run "finds_what_is_not_allowed_or_missing" {
  override_module {
    target = module.golden
    outputs = {
      members = [
        { member_id = "0c6e1d5a9b3f4827b1a2c3d4e5f60718", status = "accepted" },
        { member_id = "77777777777777777777777777777777", status = "pending" },
      ]
    }
  }

  assert {
    condition     = output.unexpected == tolist(["77777777777777777777777777777777"])
    error_message = "An account that is not allowed was not found: ${jsonencode(output.unexpected)}."
  }

  assert {
    condition     = output.missing == tolist(["9a7b6c5d4e3f42108f9e8d7c6b5a4938"])
    error_message = "An account that is missing was not found: ${jsonencode(output.missing)}."
  }
}

# A trap: no account is allowed, and the assertion still passes, because the mock's list is empty. alltrue([]) is true for the
# same reason. So always assert also that there is at least one member.
run "an_empty_list_passes_for_anything" {
  variables {
    allowed_accounts = []
  }

  assert {
    condition     = length(output.unexpected) == 0
    error_message = "Never seen."
  }
}
