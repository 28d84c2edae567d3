#!/usr/bin/env bash
# The pool of storage nodes, as glusterd tells of it. Sourced after lib.sh.
#   GLUSTER_PEERS, GLUSTER_SELF, GLUSTER_FIRST_COMES_LAST  as in 25-gluster-server

# gluster_says ARGUMENT...: never asks back, never hangs
gluster_says() { timeout 60 gluster --mode=script "$@"; }

# is_taken_in_later: this peer is in no pool, and the one that takes it in is set up after it
is_taken_in_later() {
  local pool
  [ "${GLUSTER_FIRST_COMES_LAST:-false}" = true ] || return
  [ "$GLUSTER_SELF" != "${GLUSTER_PEERS%% *}" ] || return
  pool=$(gluster_says pool list) || return
  [ "$(grep -c 'onnected[[:space:]]*$' <<<"$pool")" -eq 1 ]
}
