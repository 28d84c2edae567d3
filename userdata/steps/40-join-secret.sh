#!/usr/bin/env bash
# Fetches the secret with which servers join, by the machine's own identity, into memory-backed /run.
#   REGION                 region of the parameter                          (required)
#   JOIN_SECRET_PARAMETER  name of the SSM parameter                        (required)
#   SECRET_DEADLINE_SEC    time for the parameter to be readable            (default 300)
# Leaves /run/drover/join-token (0600).
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/aws.sh
. "${LIB_DIR}/aws.sh"

main() {
  require REGION JOIN_SECRET_PARAMETER
  local secret
  secret=$(ssm_await "$JOIN_SECRET_PARAMETER" "${SECRET_DEADLINE_SEC:-300}")
  printf '%s\n' "$secret" | write_file /run/drover/join-token 0600
  log "join secret read from '${JOIN_SECRET_PARAMETER}'"
}

main "$@"
