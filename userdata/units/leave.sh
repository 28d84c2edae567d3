#!/usr/bin/env bash
# Watches for the end of this machine, as its cloud announces it (lib/leave-aws.sh, lib/leave-azure.sh), then marks the
# node unschedulable, evicts its pods with the kubelet's own credential and tells the cloud to go on.
#   DROVER_CLOUD          aws or azure; each names what it needs further   (default aws)
#   DROVER_PLATFORM       the same, as a guest of another site              (default DROVER_CLOUD)
#   LEAVE_DEADLINE_SEC    time for the pods to go; a spot machine has 120 s, on Azure 30 s  (default 100)
#   LEAVE_WATCH_SEC       time of one watch                                (default 3600)
# Exit codes: 0 the node is empty or its time is over, 75 nothing was announced, else failed
set -o errexit -o nounset -o pipefail

BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=../lib.sh
. "${BUNDLE}/lib.sh"
# shellcheck source=../lib/node.sh
. "${LIB_DIR}/node.sh"
# shellcheck source=../lib/empty-node.sh
. "${LIB_DIR}/empty-node.sh"

main() {
  local emptied=true
  # exported: curl reads the settings of a proxy from the environment
  set -o allexport
  # shellcheck source=/dev/null
  . "${ROOT}/etc/drover/bootstrap.env"
  set +o allexport
  : "${DROVER_CLOUD:=aws}"
  : "${DROVER_PLATFORM:=$DROVER_CLOUD}"
  one_of DROVER_PLATFORM aws azure
  # shellcheck source=../lib/leave-aws.sh
  . "${LIB_DIR}/leave-${DROVER_PLATFORM}.sh"
  retry --deadline "${LEAVE_WATCH_SEC:-3600}" --every "$NOTICE_EVERY_SEC" --what 'a notice of termination' \
    end_is_announced || exit 75
  log 'the end of this machine is announced: leaving'
  if ! empty_node; then
    emptied=false
    log 'going on: the machine goes whether its pods are ready or not'
  fi
  agree_to_end "$emptied"
}

main "$@"
