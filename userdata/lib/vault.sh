#!/usr/bin/env bash
# HashiCorp Vault by AppRole, key-value engine of version 2. Sourced after lib.sh.
#   VAULT_ADDR            https address of Vault                          (required)
#   VAULT_ROLE_ID         id of the role; not a secret                    (required)
#   VAULT_SECRET_ID_FILE  file with the secret that proves the role, readable by root alone
#                         (default /etc/drover/vault-secret-id)
#   VAULT_APPROLE_MOUNT   where the login method is mounted               (default approle)
#   VAULT_NAMESPACE       namespace                                       (default none)
#   VAULT_CA_FILE         CA of Vault                                     (default the system's)
# Tokens and the secret id reach curl through stdin. A call takes at most 15 s.

# vault_call PATH: further curl settings on stdin
vault_call() {
  local trust=()
  [ -z "${VAULT_CA_FILE:-}" ] || trust=(--cacert "${ROOT}${VAULT_CA_FILE}")
  {
    [ -z "${VAULT_NAMESPACE:-}" ] || printf 'header = "X-Vault-Namespace: %s"\n' "$VAULT_NAMESPACE"
    cat
  } | curl --silent --show-error --fail-with-body --max-time 15 ${trust[@]+"${trust[@]}"} --config - \
    "${VAULT_ADDR%/}/v1/$1"
}

# curl_text TEXT: as a quoted value of a curl setting
curl_text() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

vault_token() {
  local file="${VAULT_SECRET_ID_FILE:-/etc/drover/vault-secret-id}" secret answer
  check_private_file "$file" || return
  secret=$(<"${ROOT}${file}")
  answer=$(printf 'data = %s\n' \
    "$(curl_text "{\"role_id\":$(json_string "$VAULT_ROLE_ID"),\"secret_id\":$(json_string "$secret")}")" |
    vault_call "auth/${VAULT_APPROLE_MOUNT:-approle}/login") || return
  json_get auth client_token <<<"$answer"
}

# vault_get MOUNT/PATH#KEY: one key of a secret
vault_get() {
  local place=${1%%#*} key=${1#*#} token answer
  [[ $1 =~ ^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+#[A-Za-z0-9_.-]+$ ]] ||
    die "'$1' is not a secret in Vault: must be like mount/path#key" 2
  if ! token=$(vault_token); then
    log "no login at '${VAULT_ADDR}' with role '${VAULT_ROLE_ID}'"
    return 1
  fi
  if ! answer=$(printf 'header = "X-Vault-Token: %s"\n' "$token" | vault_call "${place%%/*}/data/${place#*/}"); then
    log "could not read secret '$1' of '${VAULT_ADDR}': ${answer:-no answer}"
    return 1
  fi
  json_get data data "$key" <<<"$answer"
}
