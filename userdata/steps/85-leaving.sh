#!/usr/bin/env bash
# Installs the service that empties this worker when its termination is announced (units/leave.sh).
#   REGION  region of the machine  (required)
# The service reads further settings, which stand in its head and in lib/leave-aws.sh and lib/leave-azure.sh.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"

main() {
  require REGION
  [ -z "${LIFECYCLE_LEAVE_HOOK:-}" ] || require ASG_NAME
  write_file /etc/systemd/system/drover-leave.service 0644 <"${BOOTSTRAP_LIB%/*}/units/drover-leave.service"
  enable_unit drover-leave
  # restart, not start: a repeated bootstrap brings a newer script
  systemctl restart drover-leave
  log 'watching for termination'
}

main "$@"
