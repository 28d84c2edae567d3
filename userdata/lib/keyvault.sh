#!/usr/bin/env bash
# Azure Key Vault by the machine's managed identity, without a cloud CLI. Sourced after lib.sh.
#   KEY_VAULT_URL            https address of the vault, such as https://acme-dev.vault.azure.net  (required)
#   KEY_VAULT_IDENTITY       client id of a user-assigned identity       (default the machine's only one)
# Tokens reach curl through stdin, so that no process list shows them. A call takes at most 15 s.

AZURE_TOKENS='http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01'

# keyvault_token: an access token for the cloud that the vault is in (vault.azure.net, vault.azure.cn ...)
keyvault_token() {
  local host answer
  host=${KEY_VAULT_URL#https://}
  host=${host%%/*}
  answer=$(curl --silent --fail --max-time 15 --noproxy '*' --header 'Metadata: true' \
    "${AZURE_TOKENS}&resource=https%3A%2F%2F${host#*.}${KEY_VAULT_IDENTITY:+&client_id=${KEY_VAULT_IDENTITY}}") || return
  json_get access_token <<<"$answer"
}

# keyvault_get NAME: the current version of a secret
keyvault_get() {
  local token answer
  [[ $1 =~ ^[A-Za-z0-9-]{1,127}$ ]] || die "'$1' is not the name of a secret in Key Vault: letters, digits and hyphens" 2
  if ! token=$(keyvault_token); then
    log "this machine's identity gives no token for '${KEY_VAULT_URL}'"
    return 1
  fi
  if ! answer=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --silent --show-error --fail-with-body --max-time 15 --config - \
      "${KEY_VAULT_URL%/}/secrets/$1?api-version=7.4"); then
    log "could not read secret '$1' of '${KEY_VAULT_URL}': ${answer:-no answer}"
    return 1
  fi
  json_get value <<<"$answer"
}
