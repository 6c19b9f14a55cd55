# No mocks: the members are SCP's, or those of the emulator that the provider is pointed to.

run "only_allowed_accounts" {
  command = plan

  assert {
    condition     = length(output.status) > 0
    error_message = "The image is shared with no one."
  }

  assert {
    condition     = length(output.unexpected) == 0
    error_message = "The image is shared with accounts that are not allowed: ${join(", ", output.unexpected)}."
  }

  assert {
    condition     = length(output.missing) == 0
    error_message = "The image is not shared with: ${join(", ", output.missing)}."
  }
}
