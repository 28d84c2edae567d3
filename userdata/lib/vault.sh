#!/usr/bin/env bash
# HashiCorp Vault by AppRole, key-value engine of version 2. Sourced after lib.sh.
#   VAULT_ADDR            https address of Vault                          (required)
#   VAULT_ROLE_ID         id of the role; not a secret                    (required)
#   VAULT_SECRET_ID_FILE  file with the secret that proves the role, readable by root alone
#                         (default /etc/drover/vault-secret-id)
#   VAULT_APPROLE_MOUNT   where the login method is mounted               (default approle)
#   VAULT_MOUNT           where the engine is mounted                     (default the first part of a name)
#   VAULT_NAMESPACE       namespace                                       (default none)
#   VAULT_CA_FILE         CA of Vault                                     (default the system's)
#   VAULT_TOKEN_FILE      where a run keeps its token, so that it logs in once; run.sh sets and removes it
#                         (default: each call logs in)
# Secrets reach curl through stdin. A call takes at most 15 s. The names of secrets are mount/path, or mount/path#key; the key
# is 'value' unless named. A write replaces all keys of a secret.

# vault_call PATH: further curl settings on stdin
vault_call() {
  local trust=()
  [ -z "${VAULT_CA_FILE:-}" ] || trust=(--cacert "${ROOT}${VAULT_CA_FILE}")
  {
    [ -z "${VAULT_NAMESPACE:-}" ] || curl_setting header "X-Vault-Namespace: ${VAULT_NAMESPACE}"
    cat
  } | curl --silent --show-error --fail-with-body --max-time 15 ${trust[@]+"${trust[@]}"} --config - \
    "${VAULT_ADDR%/}/v1/$1"
}

# vault_login: what Vault answers to the role and its secret
vault_login() {
  local file="${VAULT_SECRET_ID_FILE:-/etc/drover/vault-secret-id}" secret
  check_private_file "$file" || return
  secret=$(<"${ROOT}${file}")
  curl_setting data "{\"role_id\":$(json_string "$VAULT_ROLE_ID"),\"secret_id\":$(json_string "$secret")}" |
    vault_call "auth/${VAULT_APPROLE_MOUNT:-approle}/login"
}

# vault_token: the token of this run, or a new one
vault_token() {
  local now ends='' token='' answer lease
  mark now
  if [ -n "${VAULT_TOKEN_FILE:-}" ] && [ -r "${ROOT}${VAULT_TOKEN_FILE}" ]; then
    read -r ends token <"${ROOT}${VAULT_TOKEN_FILE}" || :
    if [[ $ends =~ ^[0-9]+$ ]] && [ "$now" -lt "$ends" ]; then
      printf '%s\n' "$token"
      return 0
    fi
  fi
  if ! answer=$(vault_login); then
    log "no login at '${VAULT_ADDR}' with role '${VAULT_ROLE_ID}'${answer:+: ${answer}}"
    return 1
  fi
  token=$(json_get auth client_token <<<"$answer") || return
  if [ -n "${VAULT_TOKEN_FILE:-}" ]; then
    lease=$(json_get auth lease_duration <<<"$answer" 2>/dev/null) || lease=0
    # given up half a minute early: no call begins with a token that ends meanwhile
    printf '%s %s\n' "$((now + (lease - 30) * 100))" "$token" | write_file "$VAULT_TOKEN_FILE" 0600 || return
  fi
  printf '%s\n' "$token"
}

# vault_as_machine PATH: a call with this machine's token; further curl settings on stdin
vault_as_machine() {
  local token answer code=0
  token=$(vault_token) || return
  answer=$({
    curl_setting header "X-Vault-Token: ${token}"
    cat
  } | vault_call "$1") || code=$?
  # it may have been revoked: the next attempt logs in
  if [ "$code" -ne 0 ] && [ -n "${VAULT_TOKEN_FILE:-}" ] && [[ $answer == *'permission denied'* ]]; then
    rm -f "${ROOT}${VAULT_TOKEN_FILE}"
  fi
  printf '%s' "$answer"
  return "$code"
}

VAULT_PLACE='' VAULT_KEY=''

# vault_name MOUNT/PATH[#KEY]: leaves the address of the secret in VAULT_PLACE and its key in VAULT_KEY
vault_name() {
  local place=${1%%#*} mount
  [[ $1 =~ ^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+(#[A-Za-z0-9_.-]+)?$ ]] ||
    die "'$1' is not a secret in Vault: must be like mount/path#key" 2
  mount=${VAULT_MOUNT:-${place%%/*}}
  [[ $place == "$mount"/* ]] || die "secret '$1' is not in the engine at '${mount}', which 'VAULT_MOUNT' names" 2
  VAULT_PLACE="${mount}/data/${place#"$mount"/}"
  VAULT_KEY=value
  [[ $1 != *'#'* ]] || VAULT_KEY=${1#*#}
}

# vault_get NAME: one key of a secret
vault_get() {
  local answer
  vault_name "$1"
  if ! answer=$(vault_as_machine "$VAULT_PLACE" </dev/null); then
    log "could not read secret '$1' of '${VAULT_ADDR}': ${answer:-no answer}"
    return 1
  fi
  json_get data data "$VAULT_KEY" <<<"$answer"
}

# vault_write VALUE OPTIONS: a new version of the secret at VAULT_PLACE
vault_write() {
  {
    curl_setting header 'Content-Type: application/json'
    curl_setting data "{\"options\":$2,\"data\":{$(json_string "$VAULT_KEY"):$(json_string "$1")}}"
  } | vault_as_machine "$VAULT_PLACE"
}

# vault_put NAME VALUE: overwrites a secret that Terraform created
vault_put() {
  local answer
  vault_name "$1"
  answer=$(vault_write "$2" '{}') || die "could not write secret '$1' of '${VAULT_ADDR}': ${answer:-no answer}"
}

# vault_create NAME VALUE: creates a secret; returns 4 when there is one already, or was until it was deleted without its
# versions. A policy that only lets create refuses the second write, before its condition is looked at
vault_create() {
  local answer
  vault_name "$1"
  if answer=$(vault_write "$2" '{"cas":0}'); then
    return 0
  fi
  [[ $answer != *check-and-set* ]] || return 4
  [[ $answer != *'permission denied'* ]] || ! vault_get "$1" >/dev/null 2>&1 || return 4
  log "could not create secret '$1' of '${VAULT_ADDR}': ${answer:-no answer}"
  return 1
}
