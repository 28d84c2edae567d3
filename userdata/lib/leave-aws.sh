#!/usr/bin/env bash
# The end of a machine as AWS announces it: a spot notice, or a termination by its scaling group. A rebalance
# recommendation marks the node only: its scaling group starts a successor first, then terminates it.
# Sourced by units/leave.sh; lib/leave-azure.sh has the same names.
#   REGION                region of the scaling group   (required)
#   ASG_NAME              name of the scaling group     (default none)
#   LIFECYCLE_LEAVE_HOOK  name of its termination hook  (default none)

# shellcheck source=aws.sh
. "${LIB_DIR}/aws.sh"
require REGION

# shellcheck disable=SC2034 # used by the file that sources this one
readonly NOTICE_EVERY_SEC=5
MARKED=false

end_is_announced() {
  local state
  ! imds meta-data/spot/instance-action >/dev/null || return 0
  expect_successor
  state=$(imds meta-data/autoscaling/target-lifecycle-state) || return
  [ "$state" = Terminated ]
}

# expect_successor: takes no further pods once the machine is likely to be taken back
expect_successor() {
  local name
  [ "$MARKED" = false ] && imds meta-data/events/recommendations/rebalance >/dev/null || return 0
  name=$(own_node_name) && mark_unschedulable "$name" || return 0
  MARKED=true
  log "a rebalance is recommended: node '${name}' takes no further pods"
}

# agree_to_end EMPTIED: its scaling group waits for the answer, whether the pods have gone or not
agree_to_end() {
  if [ -n "${LIFECYCLE_LEAVE_HOOK:-}" ] && [ -n "${ASG_NAME:-}" ]; then
    complete_lifecycle_action "$LIFECYCLE_LEAVE_HOOK" CONTINUE
  fi
}
