#!/usr/bin/env bash
# Copies each etcd snapshot on this server once to a container of blobs; run by drover-snapshot-copies.timer. A copy is
# never overwritten, and outlives its snapshot: how long is the storage account's rule.
#   SNAPSHOT_CONTAINER  https address of the container                         (required)
#   DROVER_CLUSTER      cluster, first folder of a copy                        (required)
#   DROVER_NODE         node, second folder of a copy                          (required)
#   SNAPSHOT_COPY_SEC   time for one copy                                      (default 1800)
#   KEY_VAULT_IDENTITY  client id of the identity that may create blobs there  (default the machine's only one)
# Exit codes: 0 there is a copy of each, 1 of some there is none
set -o errexit -o nounset -o pipefail

BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=../lib.sh
. "${BUNDLE}/lib.sh"

SNAPSHOTS='/var/lib/rancher/rke2/server/db/snapshots'
# largest blob of one write: https://learn.microsoft.com/rest/api/storageservices/put-blob
LARGEST_MIB=5000

main() {
  local file failed=0
  # exported: curl reads the settings of a proxy from the environment
  set -o allexport
  # shellcheck source=/dev/null
  . "${ROOT}/etc/drover/bootstrap.env"
  set +o allexport
  # shellcheck source=../lib/azure.sh
  . "${LIB_DIR}/azure.sh"
  require SNAPSHOT_CONTAINER DROVER_CLUSTER DROVER_NODE
  if [ ! -d "${ROOT}${SNAPSHOTS}" ]; then
    log "there is no snapshot yet in '${SNAPSHOTS}'"
    return 0
  fi
  while read -r file; do
    copy "$file" || failed=$((failed + 1))
  done < <(finished_snapshots)
  [ "$failed" -eq 0 ] || die "${failed} snapshots have no copy in '${SNAPSHOT_CONTAINER}'; they are tried again"
}

# finished_snapshots: one that is being written changes all the time, and etcd names it .part
finished_snapshots() {
  find "${ROOT}${SNAPSHOTS}" -maxdepth 1 -type f -mmin +1 ! -name '*.part' | sort
}

# copy FILE
copy() {
  local name url size code=0
  name=$(basename "$1")
  if [[ ! $name =~ ^[A-Za-z0-9._-]+$ ]]; then
    log "snapshot '${name}' is not copied: its name may hold letters, digits, '.', '_' and '-' alone"
    return 1
  fi
  url="${SNAPSHOT_CONTAINER}/${DROVER_CLUSTER}/${DROVER_NODE}/${name}"
  # asked first: a refused copy would have been sent in vain
  ! blob_exists "$url" || return 0
  size=$(stat --format %s "$1") || return
  if [ "$size" -gt $((LARGEST_MIB * 1024 * 1024)) ]; then
    log "snapshot '${name}' has ${size} bytes, at most ${LARGEST_MIB} MiB can be copied: defragment etcd, or compress snapshots"
    return 1
  fi
  curl_setting upload-file "$1" | blob_put_new "$url" "${SNAPSHOT_COPY_SEC:-1800}" || code=$?
  case "$code" in
    0) log "snapshot '${name}' copied" ;;
    4) log "snapshot '${name}' has a copy already" ;;
    *) return 1 ;;
  esac
}

main "$@"
