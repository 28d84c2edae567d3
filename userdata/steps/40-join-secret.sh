#!/usr/bin/env bash
# Fetches the secret with which servers join, by the machine's own identity, into memory-backed /run.
#   JOIN_SECRET_PARAMETER  name of the secret                               (required)
#   SECRET_STORE           where it lies; see lib/secret.sh                 (default ssm)
#   SECRET_DEADLINE_SEC    time for the secret to be readable               (default 300)
# Leaves /run/drover/join-token (0600).
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/secret.sh
. "${LIB_DIR}/secret.sh"

main() {
  require JOIN_SECRET_PARAMETER
  local secret
  secret=$(secret_await "$JOIN_SECRET_PARAMETER" "${SECRET_DEADLINE_SEC:-300}")
  printf '%s\n' "$secret" | write_file /run/drover/join-token 0600
  log "join secret read from '${JOIN_SECRET_PARAMETER}'"
}

main "$@"
