#!/usr/bin/env bash
# Installs one pinned version of RKE2 from its release archive.
#   RKE2_VERSION         release, for example v1.35.7+rke2r1                    (required)
#   RKE2_ARTIFACT_URL    folder that holds a folder a release
#                        (default https://github.com/rancher/rke2/releases/download)
#   RKE2_SHA256_AMD64    checksum of rke2.linux-amd64.tar.gz
#   RKE2_SHA256_ARM64    checksum of rke2.linux-arm64.tar.gz
#                        (default for both: the release's own checksum file, trusted through TLS)
#   INSTALL_DEADLINE_SEC time for the download                                  (default 900)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/download.sh
. "${LIB_DIR}/download.sh"

ARCHIVE=''

main() {
  require RKE2_VERSION
  [[ $RKE2_VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+\+rke2r[0-9]+$ ]] ||
    die "'RKE2_VERSION' is '${RKE2_VERSION}', must be like v1.35.7+rke2r1" 2
  if is_installed; then
    log "RKE2 ${RKE2_VERSION} is installed already"
    return 0
  fi
  local arch folder checksum
  arch=$(architecture)
  folder="${RKE2_ARTIFACT_URL:-https://github.com/rancher/rke2/releases/download}/${RKE2_VERSION//+/%2B}"
  ARCHIVE=$(mktemp "${TMPDIR:-/var/tmp}/rke2.XXXXXX")
  trap 'rm -f "$ARCHIVE"' EXIT
  retry --deadline "${INSTALL_DEADLINE_SEC:-900}" --every 10 --what "download of '${folder}/rke2.linux-${arch}.tar.gz'" \
    download "${folder}/rke2.linux-${arch}.tar.gz" "$ARCHIVE"
  checksum=$(expected_checksum "$arch" "$folder")
  verify "${folder}/rke2.linux-${arch}.tar.gz" "$ARCHIVE" "$checksum"
  mkdir -p "${ROOT}/usr/local"
  tar --extract --gzip --no-same-owner --file "$ARCHIVE" --directory "${ROOT}/usr/local"
  is_installed || die "the archive of '${folder}' does not bring version '${RKE2_VERSION}'"
  log "RKE2 ${RKE2_VERSION} installed"
}

is_installed() {
  local answer
  [ -x "${ROOT}/usr/local/bin/rke2" ] || return
  answer=$("${ROOT}/usr/local/bin/rke2" --version) || return
  [[ $answer == *" ${RKE2_VERSION} "* ]]
}

# expected_checksum ARCHITECTURE FOLDER
expected_checksum() {
  local pinned="RKE2_SHA256_${1^^}" list
  if [ -n "${!pinned:-}" ]; then
    printf '%s' "${!pinned}"
    return 0
  fi
  log "'${pinned}' is not set: taking the checksum that the release publishes"
  list=$(retry --deadline 120 --every 10 --what "'$2/sha256sum-$1.txt'" download "$2/sha256sum-$1.txt" -)
  awk -v name="rke2.linux-$1.tar.gz" '$2 == name { print $1; found = 1 } END { exit !found }' <<<"$list" ||
    die "'$2/sha256sum-$1.txt' has no line for rke2.linux-$1.tar.gz"
}

main "$@"
