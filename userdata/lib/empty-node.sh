#!/usr/bin/env bash
# Empties the node that this machine is, with the kubelet's own credential. Sourced after lib.sh and lib/node.sh.
#   LEAVE_DEADLINE_SEC  time for the pods to go  (default 100)

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
