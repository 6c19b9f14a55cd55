data "scp_virtualserver_api_versions" "service" {}

# The version that this provider is pinned to, with its status and date; null if the service no longer lists it.
output "pinned" {
  value = one([
    for v in data.scp_virtualserver_api_versions.service.versions : v
    if v.version == data.scp_virtualserver_api_versions.service.pinned
  ])
}
