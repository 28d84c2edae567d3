#!/usr/bin/env bash
# Watches from now on what of the volume is to be healed (units/gluster-heal.sh), and waits until each copy is complete: a
# storage node that has been away is no reason to go on with the next one before it has caught up.
#   GLUSTER_VOLUME             volume                                                        (required)
#   GLUSTER_PEERS, GLUSTER_SELF, GLUSTER_FIRST_COMES_LAST  as in 25-gluster-server: a peer that is taken in later waits for no copy
#   GLUSTER_HEAL_DEADLINE_SEC  time for each copy to be complete                             (default 900)
# Where there is a Zabbix agent, its key drover.gluster.heal gives the last answer as JSON.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/timer.sh
. "${LIB_DIR}/timer.sh"
# shellcheck source=../lib/gluster-heal.sh
. "${LIB_DIR}/gluster-heal.sh"
# shellcheck source=../lib/gluster-pool.sh
. "${LIB_DIR}/gluster-pool.sh"

AGENT='/etc/zabbix/zabbix_agent2.d'

main() {
  require GLUSTER_VOLUME
  install_timer drover-gluster-heal
  tell_agent
  if is_taken_in_later; then
    log "volume '${GLUSTER_VOLUME}' is made later, by the first peer"
    return 0
  fi
  retry --deadline "${GLUSTER_HEAL_DEADLINE_SEC:-900}" --every 10 --what "each copy of volume '${GLUSTER_VOLUME}' to be complete" \
    volume_is_whole
  write_heal_report
  log "each copy of volume '${GLUSTER_VOLUME}' is complete"
}

tell_agent() {
  local file="${AGENT}/drover-gluster.conf" key="UserParameter=drover.gluster.heal,cat ${HEAL_REPORT}"
  [ -d "${ROOT}${AGENT}" ] || return 0
  [ "$(cat "${ROOT}${file}" 2>/dev/null || :)" != "$key" ] || return 0
  printf '%s\n' "$key" | write_file "$file" 0644
  systemctl restart --no-block zabbix-agent2
}

main "$@"
