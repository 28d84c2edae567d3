#!/usr/bin/env bash
# Azure by the machine's managed identity, without a cloud CLI. Sourced after lib.sh.
#   KEY_VAULT_IDENTITY  client id of a user-assigned identity  (default the machine's only one)
# Tokens reach curl through stdin, so that no process list shows them. A call takes at most 15 s, unless it says how long.
# Metadata: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
# Tokens:   https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
# Blobs:    https://learn.microsoft.com/rest/api/storageservices/put-blob

AZURE_METADATA='http://169.254.169.254/metadata'
# from 2019-12-12 on one write takes up to 5000 MiB
BLOB_VERSION='2021-12-02'

# azure_metadata PATH: one text of the machine's metadata
azure_metadata() {
  curl --silent --fail --max-time 5 --retry 2 --retry-delay 1 --noproxy '*' --header 'Metadata: true' \
    "${AZURE_METADATA}/instance/$1?api-version=2021-02-01&format=text"
}

# azure_token HOST[/]: an access token for the service that is known by this host
azure_token() {
  local answer
  if ! answer=$(curl --silent --fail --max-time 15 --retry 2 --retry-delay 1 --noproxy '*' --header 'Metadata: true' \
    "${AZURE_METADATA}/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2F${1//\//%2F}${KEY_VAULT_IDENTITY:+&client_id=${KEY_VAULT_IDENTITY}}"); then
    log "this machine's identity gives no token for 'https://$1'"
    return 1
  fi
  json_get access_token <<<"$answer"
}

# azure_call HOST[/] URL [MAX_SEC]: a request with a token for the service of that host; further curl settings on stdin;
# code 22 with the body on an HTTP error
azure_call() {
  local token
  token=$(azure_token "$1") || return
  {
    curl_setting header "Authorization: Bearer ${token}"
    cat
  } | curl --silent --show-error --fail-with-body --max-time "${3:-15}" --config - "$2"
}

# blob_call URL [MAX_SEC]: further curl settings on stdin
blob_call() {
  {
    curl_setting header "x-ms-version: ${BLOB_VERSION}"
    cat
  } | azure_call storage.azure.com/ "$@"
}

# blob_get URL: the content of a blob
blob_get() { blob_call "$1" </dev/null; }

# blob_exists URL: whether there is a blob that this machine may read
blob_exists() { printf 'head\n' | blob_call "$1" >/dev/null 2>&1; }

# blob_put URL [MAX_SEC]: stores a blob; what it holds as curl settings on stdin
blob_put() {
  {
    curl_setting request PUT
    curl_setting header 'x-ms-blob-type: BlockBlob'
    cat
  } | blob_call "$@"
}

# blob_put_new URL [MAX_SEC]: stores a blob as blob_put does; returns 4 when there is one already.
# The service refuses with 409 BlobAlreadyExists, or 412 ConditionNotMet: other conflicts (a container that is being
# deleted, a lease) are failures
blob_put_new() {
  local answer
  if answer=$({
    curl_setting header 'If-None-Match: *'
    cat
  } | blob_put "$@"); then
    return 0
  fi
  [[ $answer != *BlobAlreadyExists* && $answer != *ConditionNotMet* ]] || return 4
  log "could not create blob '$1': ${answer:-no answer}"
  return 1
}
