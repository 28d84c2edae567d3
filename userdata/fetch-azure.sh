#!/usr/bin/env bash
# How fetch.sh gets the bundle on Azure: by the machine's managed identity. cloud-init puts it beside fetch.sh, which
# sources it; BUNDLE_URL is the address of a blob.
#   KEY_VAULT_IDENTITY  client id of a user-assigned identity  (default the machine's only one)
# https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token

# no request is signed here: any curl will do
check_curl() { :; }

download() {
  local token url='http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01'
  url+="&resource=https%3A%2F%2Fstorage.azure.com%2F${KEY_VAULT_IDENTITY:+&client_id=$KEY_VAULT_IDENTITY}"
  token=$(curl -sSf -m 15 --noproxy '*' -H 'Metadata: true' "$url" | field access_token | grep .) || return
  # shellcheck disable=SC2154 # set by fetch.sh
  # the token goes through stdin, so that no process list shows it
  curl -sSf -m 60 -K - -o "$home/bundle.tar" "$BUNDLE_URL" <<-END
	header = "Authorization: Bearer $token"
	header = "x-ms-version: 2021-12-02"
	END
}
