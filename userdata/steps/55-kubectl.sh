#!/usr/bin/env bash
# Installs one pinned kubectl for people and pipelines of this host; the steps use the one that RKE2 brings.
#   KUBECTL_VERSION       release, for example v1.35.4                          (required)
#   KUBECTL_URL           folder that holds a folder a release                  (default https://dl.k8s.io/release)
#   KUBECTL_SHA256_AMD64  checksum of the program
#   KUBECTL_SHA256_ARM64  checksum of the program
#                         (default for both: what the release publishes, trusted through TLS)
#   INSTALL_DEADLINE_SEC  time for the download                                 (default 900)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/download.sh
. "${LIB_DIR}/download.sh"

PROGRAM='/usr/local/bin/kubectl'
FETCHED=''

main() {
  require KUBECTL_VERSION
  [[ $KUBECTL_VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
    die "'KUBECTL_VERSION' is '${KUBECTL_VERSION}', must be like v1.35.4" 2
  if is_installed; then
    log "kubectl ${KUBECTL_VERSION} is installed already"
    return 0
  fi
  local arch url checksum
  arch=$(architecture)
  url="${KUBECTL_URL:-https://dl.k8s.io/release}/${KUBECTL_VERSION}/bin/linux/${arch}/kubectl"
  FETCHED=$(mktemp "${TMPDIR:-/var/tmp}/kubectl.XXXXXX")
  trap 'rm -f "$FETCHED"' EXIT
  retry --deadline "${INSTALL_DEADLINE_SEC:-900}" --every 10 --what "download of '${url}'" download "$url" "$FETCHED"
  checksum=$(expected_checksum "$arch" "$url")
  verify "$url" "$FETCHED" "$checksum"
  write_file "$PROGRAM" 0755 <"$FETCHED"
  is_installed || die "'${url}' does not bring version '${KUBECTL_VERSION}'"
  log "kubectl ${KUBECTL_VERSION} installed"
}

is_installed() {
  local answer
  [ -x "${ROOT}${PROGRAM}" ] || return
  answer=$(timeout 10 "${ROOT}${PROGRAM}" version --client --output json) || return
  [ "$(json_get clientVersion gitVersion <<<"$answer")" = "$KUBECTL_VERSION" ]
}

# expected_checksum ARCHITECTURE URL
expected_checksum() {
  local pinned="KUBECTL_SHA256_${1^^}"
  if [ -n "${!pinned:-}" ]; then
    printf '%s' "${!pinned}"
    return 0
  fi
  log "'${pinned}' is not set: taking the checksum that the release publishes"
  retry --deadline 120 --every 10 --what "'$2.sha256'" download "$2.sha256" -
}

main "$@"
