#!/usr/bin/env bash
# Azure under the names of lib/cloud.sh, which sources this. A marker is a blob: a vault makes a new version at each
# write and refuses none.

# shellcheck source=azure.sh
. "${LIB_DIR}/azure.sh"

machine_address() { azure_metadata network/interface/0/ipv4/ipAddress/0/privateIpAddress; }

# the controller manager writes the resource group in small letters, whatever it was called:
# https://github.com/kubernetes-sigs/cloud-provider-azure/blob/master/pkg/provider/azure_wrap.go
machine_provider_id() {
  local id
  id=$(azure_metadata compute/resourceId) || return
  [[ $id =~ ^(/subscriptions/[^/]+/resourceGroups/)([^/]+)(/.+)$ ]] || return
  printf 'azure://%s%s%s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2],,}" "${BASH_REMATCH[3]}"
}

# zones have numbers, which are the same everywhere: the controller manager puts the location before them
machine_topology() {
  local location zone type
  location=$(azure_metadata compute/location) || return
  zone=$(azure_metadata compute/zone) || return
  type=$(azure_metadata compute/vmSize) || return
  topology_labels "$location" "${zone:+${location}-${zone}}" "$type"
}

check_claim() {
  [ "$SECRET_STORE" = keyvault ] ||
    die "a cluster on Azure begins only with 'SECRET_STORE' keyvault, where its server can publish; it is '${SECRET_STORE}'"
  [[ $1 =~ ^https://[A-Za-z0-9.-]+/[a-z0-9-]+/[A-Za-z0-9._-]+$ ]] ||
    die "'CLAIM_INITIALISED' is '$1', must be the address of a blob, like https://account.blob.core.windows.net/container/name" 2
}

claim_create() {
  {
    curl_setting header 'Content-Type: text/plain'
    curl_setting data-raw "$2"
  } | blob_put_new "$1"
}

claim_read() { blob_get "$1"; }

document_put() {
  {
    curl_setting header 'Content-Type: application/json'
    curl_setting data-binary "@$3"
  } | blob_put "${1%/}/$2"
}
