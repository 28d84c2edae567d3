#!/usr/bin/env bash
# Azure Key Vault by the machine's managed identity. Sourced after lib.sh.
#   KEY_VAULT_URL  https address of the vault, such as https://acme-dev.vault.azure.net  (required)
# Calls: https://learn.microsoft.com/rest/api/keyvault/secrets/set-secret/set-secret?view=rest-keyvault-secrets-7.4

# shellcheck source=azure.sh
. "${LIB_DIR}/azure.sh"

# check_secret_name NAME: stops unless Key Vault can have such a secret
check_secret_name() {
  [[ $1 =~ ^[A-Za-z0-9-]{1,127}$ ]] || die "'$1' is not the name of a secret in Key Vault: letters, digits and hyphens" 2
}

# keyvault_call NAME: further curl settings on stdin. The token is for the cloud that the vault is in
# (vault.azure.net, vault.azure.cn ...)
keyvault_call() {
  local host=${KEY_VAULT_URL#https://}
  host=${host%%/*}
  azure_call "${host#*.}" "${KEY_VAULT_URL%/}/secrets/$1?api-version=7.4"
}

# keyvault_get NAME: the current version of a secret
keyvault_get() {
  local answer
  check_secret_name "$1"
  if ! answer=$(keyvault_call "$1" </dev/null); then
    log "could not read secret '$1' of '${KEY_VAULT_URL}': ${answer:-no answer}"
    return 1
  fi
  json_get value <<<"$answer"
}

# keyvault_put NAME VALUE: a new version of a secret that Terraform created
keyvault_put() {
  local answer
  check_secret_name "$1"
  answer=$({
    curl_setting request PUT
    curl_setting header 'Content-Type: application/json'
    curl_setting data "{\"value\":$(json_string "$2")}"
  } | keyvault_call "$1") || die "could not write secret '$1' of '${KEY_VAULT_URL}': ${answer:-no answer}"
}
