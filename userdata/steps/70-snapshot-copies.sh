#!/usr/bin/env bash
# Installs the timer that copies this server's etcd snapshots off it (units/snapshot-copies.sh). For Azure: RKE2 itself
# copies by the protocol of S3 alone.
#   SNAPSHOT_CONTAINER  https address of the container for copies  (required)
#   DROVER_CLUSTER      cluster, first folder of a copy            (required)
#   DROVER_NODE         node, second folder of a copy              (required)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/timer.sh
. "${LIB_DIR}/timer.sh"

main() {
  require SNAPSHOT_CONTAINER DROVER_CLUSTER DROVER_NODE
  [[ $SNAPSHOT_CONTAINER =~ ^https://[A-Za-z0-9.-]+/[a-z0-9-]+$ ]] ||
    die "'SNAPSHOT_CONTAINER' is '${SNAPSHOT_CONTAINER}', must be like https://account.blob.core.windows.net/container" 2
  install_timer drover-snapshot-copies
  log "snapshots are copied to '${SNAPSHOT_CONTAINER}/${DROVER_CLUSTER}/${DROVER_NODE}'"
}

main "$@"
