#!/usr/bin/env bash
# Tells the scaling group that this machine is in service. A failed bootstrap is told by the runner (ABANDON).
#   REGION          region of the scaling group  (required)
#   LIFECYCLE_HOOK  name of the launch hook      (required)
#   ASG_NAME        name of the scaling group    (required)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/aws.sh
. "${LIB_DIR}/aws.sh"

main() {
  require REGION LIFECYCLE_HOOK ASG_NAME
  retry --deadline 120 --every 5 --what "scaling group '${ASG_NAME}' to take the answer" \
    complete_lifecycle_action "$LIFECYCLE_HOOK" CONTINUE
  log "hook '${LIFECYCLE_HOOK}' of scaling group '${ASG_NAME}' answered with CONTINUE"
}

main "$@"
