#!/usr/bin/env bash
# Watches for the end of this machine (spot notice, termination by its scaling group), then marks the node
# unschedulable, evicts its pods with the kubelet's own credential and tells the scaling group to go on.
# A rebalance recommendation marks the node only: its scaling group starts a successor first, then terminates it.
#   REGION                region of the scaling group                          (required)
#   ASG_NAME              name of the scaling group                            (default none)
#   LIFECYCLE_LEAVE_HOOK  name of its termination hook                         (default none)
#   LEAVE_DEADLINE_SEC    time for the pods to go; a spot machine has 120 s    (default 100)
#   LEAVE_WATCH_SEC       time of one watch                                    (default 3600)
# Exit codes: 0 the node is empty or its time is over, 75 nothing was announced, else failed
set -o errexit -o nounset -o pipefail

BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=../lib.sh
. "${BUNDLE}/lib.sh"
# shellcheck source=../lib/aws.sh
. "${LIB_DIR}/aws.sh"
# shellcheck source=../lib/node.sh
. "${LIB_DIR}/node.sh"

main() {
  # exported: curl reads the settings of a proxy from the environment
  set -o allexport
  # shellcheck source=/dev/null
  . "${ROOT}/etc/drover/bootstrap.env"
  set +o allexport
  require REGION
  retry --deadline "${LEAVE_WATCH_SEC:-3600}" --every 5 --what 'a notice of termination' end_is_announced || exit 75
  log 'the end of this machine is announced: leaving'
  empty_node || log 'going on: the machine goes whether its pods are ready or not'
  if [ -n "${LIFECYCLE_LEAVE_HOOK:-}" ] && [ -n "${ASG_NAME:-}" ]; then
    complete_lifecycle_action "$LIFECYCLE_LEAVE_HOOK" CONTINUE
  fi
}

end_is_announced() {
  local state
  ! imds meta-data/spot/instance-action >/dev/null || return 0
  expect_successor
  state=$(imds meta-data/autoscaling/target-lifecycle-state) || return
  [ "$state" = Terminated ]
}

MARKED=false

# expect_successor: takes no further pods once the machine is likely to be taken back
expect_successor() {
  local name
  [ "$MARKED" = false ] && imds meta-data/events/recommendations/rebalance >/dev/null || return 0
  name=$(own_node_name) && mark_unschedulable "$name" || return 0
  MARKED=true
  log "a rebalance is recommended: node '${name}' takes no further pods"
}

# mark_unschedulable NODE
mark_unschedulable() {
  kubelet_kubectl patch node "$1" --patch '{"spec":{"unschedulable":true}}' >/dev/null && return 0
  log "could not mark node '$1' unschedulable"
  return 1
}

empty_node() {
  local name
  name=$(own_node_name) || {
    log "could not learn this node's name: nothing is evicted"
    return 1
  }
  # pods go even if it can't be marked
  mark_unschedulable "$name" || :
  retry --deadline "${LEAVE_DEADLINE_SEC:-100}" --every 3 --what "the pods of node '${name}' to go" evict_pods "$name"
}

# evict_pods NODE: asks for every pod that is still there; true when there was none
evict_pods() {
  local all pods namespace pod
  all=$(kubelet_kubectl get pods --all-namespaces --field-selector "spec.nodeName=$1" --output json) || return
  pods=$(python3 "${LIB_DIR}/evictable_pods.py" <<<"$all") || return
  [ -n "$pods" ] || return 0
  while read -r namespace pod; do
    # refused while a disruption budget forbids it, not found when it has gone: both are asked again
    printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"namespace":"%s","name":"%s"}}' "$namespace" "$pod" |
      kubelet_kubectl create --raw "/api/v1/namespaces/${namespace}/pods/${pod}/eviction" --filename - >/dev/null ||
      log "pod '${namespace}/${pod}' is not evicted yet"
  done <<<"$pods"
  return 1
}

main "$@"
