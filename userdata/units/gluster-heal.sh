#!/usr/bin/env bash
# Says whether each copy of the volume is complete; run by drover-gluster-heal.timer. Its answer goes to the journal and to
# /var/lib/drover/gluster-heal.json, which the Zabbix agent reads where there is one.
#   GLUSTER_VOLUME  volume  (required)
# Exit codes: 0 complete, or being completed, 1 a person should look
set -o errexit -o nounset -o pipefail

BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=../lib.sh
. "${BUNDLE}/lib.sh"

main() {
  # shellcheck source=/dev/null
  . "${ROOT}/etc/drover/bootstrap.env"
  # shellcheck source=../lib/gluster-heal.sh
  . "${LIB_DIR}/gluster-heal.sh"
  require GLUSTER_VOLUME
  look_at_volume
  write_heal_report
  case "$HEAL_RESULT" in
    healthy) log "volume '${GLUSTER_VOLUME}': each copy is complete" ;;
    healing) log "volume '${GLUSTER_VOLUME}': ${HEAL_ENTRIES} entries are still to be healed" ;;
    brick-away) die "volume '${GLUSTER_VOLUME}': ${HEAL_AWAY} of ${HEAL_BRICKS} bricks do not answer" ;;
    split-brain) die "volume '${GLUSTER_VOLUME}': ${HEAL_TORN} entries are in split-brain: choose a copy of each by hand" ;;
    unknown) die "volume '${GLUSTER_VOLUME}': glusterd gave no answer within 120 s" ;;
  esac
}

main "$@"
