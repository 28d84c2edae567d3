#!/usr/bin/env bash
# Waits until this machine is a Ready node of its cluster, asked with the kubelet's own credential.
#   DROVER_NODE          the name that the node must have    (default any)
#   HEALTH_DEADLINE_SEC  time to become Ready                (default 1200)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/node.sh
. "${LIB_DIR}/node.sh"

main() {
  local deadline="${HEALTH_DEADLINE_SEC:-1200}" name
  retry --deadline "$deadline" --every 1 --what 'the kubelet to be healthy' kubelet_is_healthy
  name=$(retry --deadline 120 --every 1 --what "the cluster to know this node's credential" own_node_name)
  [ -z "${DROVER_NODE:-}" ] || [ "$name" = "$DROVER_NODE" ] ||
    die "this node joined as '${name}', must be '${DROVER_NODE}'"
  retry --deadline "$deadline" --every 1 --what "node '${name}' to be Ready" node_is_ready "$name"
  log "node '${name}' is Ready"
}

kubelet_is_healthy() { curl --silent --fail --max-time 5 --noproxy '*' --output /dev/null http://127.0.0.1:10248/healthz; }

main "$@"
