data "scp_virtualserver_api_versions" "service" {}

# What the service says about the version that this provider is pinned to; null if it is no longer listed.
output "pinned" {
  value = one([
    for v in data.scp_virtualserver_api_versions.service.versions : v
    if v.version == data.scp_virtualserver_api_versions.service.pinned
  ])
}
