#!/usr/bin/env bash
# Tells RKE2's containerd where images come from: mirrors, their CAs and credentials.
#   REGISTRY_MIRRORS       space-separated registry=address[,address...], such as docker.io=https://mirror.example.org
#                                                                                           (default none)
#   REGISTRY_SECRETS       space-separated host=secret; the secret's value is JSON with any of
#                          username, password and ca (PEM)                                  (default none)
#   SECRET_STORE           where the secrets lie; see lib/secret.sh                         (default ssm)
#   SECRET_DEADLINE_SEC    time for each secret to be readable                              (default 300)
# Leaves /etc/rancher/rke2/registries.yaml (0600). Rancher writes the same file on members whose cluster has registries.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/secret.sh
. "${LIB_DIR}/secret.sh"

main() {
  local mirrors secrets
  [ -n "${REGISTRY_MIRRORS:-}${REGISTRY_SECRETS:-}" ] ||
    die 'no registry to speak of: set REGISTRY_MIRRORS or REGISTRY_SECRETS' 2
  words "${REGISTRY_MIRRORS:-}" && mirrors=(${WORDS[@]+"${WORDS[@]}"})
  words "${REGISTRY_SECRETS:-}" && secrets=(${WORDS[@]+"${WORDS[@]}"})
  check_pairs REGISTRY_MIRRORS ${mirrors[@]+"${mirrors[@]}"}
  check_pairs REGISTRY_SECRETS ${secrets[@]+"${secrets[@]}"}
  # a variable first: a pipe would write half a file before it fails
  local document
  document=$(write_mirrors ${mirrors[@]+"${mirrors[@]}"} && write_configs ${secrets[@]+"${secrets[@]}"})
  printf '%s\n' "$document" | write_file /etc/rancher/rke2/registries.yaml 0600
  log "registries: ${REGISTRY_MIRRORS:-no mirrors}"
}

# check_pairs SETTING PAIR...
check_pairs() {
  local setting=$1 pair
  shift
  for pair in "$@"; do
    [[ $pair =~ ^(\*|[A-Za-z0-9.-]+(:[0-9]+)?)=[^=[:space:]]+$ ]] ||
      die "'${setting}' holds '${pair}', must be like docker.io=https://mirror.example.org" 2
  done
}

write_mirrors() {
  local pair addresses address
  [ $# -gt 0 ] || return 0
  printf 'mirrors:\n'
  for pair in "$@"; do
    printf '  %s:\n    endpoint:\n' "$(json_string "${pair%%=*}")"
    IFS=, read -r -a addresses <<<"${pair#*=}"
    for address in "${addresses[@]}"; do
      printf '      - %s\n' "$(json_string "$address")"
    done
  done
}

write_configs() {
  local pair host value
  [ $# -gt 0 ] || return 0
  printf 'configs:\n'
  for pair in "$@"; do
    host=${pair%%=*}
    value=$(secret_await "${pair#*=}" "${SECRET_DEADLINE_SEC:-300}") || return
    printf '  %s:\n' "$(json_string "$host")"
    write_credentials <<<"$value" || return
    write_ca "$host" <<<"$value" || return
  done
}

# optional KEY: of the JSON document on stdin; empty when it is not there
optional() { json_get "$1" 2>/dev/null || :; }

write_credentials() {
  local value username password
  value=$(cat)
  username=$(optional username <<<"$value")
  password=$(optional password <<<"$value")
  [ -n "$username" ] || return 0
  printf '    auth:\n      username: %s\n      password: %s\n' "$(json_string "$username")" "$(json_string "$password")"
}

# write_ca HOST
write_ca() {
  local ca path
  ca=$(optional ca)
  [ -n "$ca" ] || return 0
  path="/etc/rancher/rke2/registry-${1//:/-}.pem"
  printf '%s\n' "$ca" | write_file "$path" 0644
  printf '    tls:\n      ca_file: %s\n' "$(json_string "$path")"
}

main "$@"
