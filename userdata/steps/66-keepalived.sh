#!/usr/bin/env bash
# Keeps one virtual address on whichever host of a pair has an NGINX that answers: VRRP by unicast between them. The address
# stays where it is until that host falls, so that one that comes back takes no connections away.
#   KEEPALIVED_ADDRESS    the virtual address with its prefix length, such as 10.40.0.5/24   (required)
#   KEEPALIVED_PEERS      addresses of the other hosts, space-separated                      (required)
#   KEEPALIVED_ROUTER_ID  1 to 255, one for each virtual address of a network                (required)
#   KEEPALIVED_PRIORITY   1 to 254, another one for each host; the highest has the address first  (required)
#   HOST_ADDRESS          this host's own address; the virtual one comes to the same interface    (required)
#   NGINX_HEALTH_PORT     where NGINX is asked whether it lives                              (required)
#   PACKAGE_DEADLINE_SEC  time for the package                                               (default 600)
# VRRP has no password: whoever stands in this network can take an address in other ways as well. The firewall of step
# 14-firewall lets in VRRP of the peers alone.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"

CONFIG='/etc/keepalived/keepalived.conf'
NEXT='/etc/keepalived/drover-next.conf'

main() {
  require KEEPALIVED_ADDRESS KEEPALIVED_PEERS KEEPALIVED_ROUTER_ID KEEPALIVED_PRIORITY HOST_ADDRESS NGINX_HEALTH_PORT
  check_settings
  ensure_package keepalived
  write_config
  systemctl enable --quiet keepalived
  systemctl start --no-block keepalived
  retry --deadline 60 --every 1 --what 'keepalived to be active' systemctl is-active --quiet keepalived
  log "the address '${KEEPALIVED_ADDRESS}' is kept"
}

check_settings() {
  local peer address='[0-9]{1,3}(\.[0-9]{1,3}){3}'
  [[ $KEEPALIVED_ADDRESS =~ ^${address}/[0-9]{1,2}$ ]] ||
    die "'KEEPALIVED_ADDRESS' is '${KEEPALIVED_ADDRESS}', must be an IPv4 address with its prefix length, like 10.40.0.5/24" 2
  words "$KEEPALIVED_PEERS"
  for peer in "${WORDS[@]}"; do
    [[ $peer =~ ^${address}$ ]] || die "'KEEPALIVED_PEERS' holds '${peer}', must be IPv4 addresses" 2
    [ "$peer" != "$HOST_ADDRESS" ] || die "'KEEPALIVED_PEERS' holds '${peer}', which is this host's own address" 2
  done
  in_range KEEPALIVED_ROUTER_ID 255
  # 255 would mean that the address is this host's own for ever
  in_range KEEPALIVED_PRIORITY 254
  [[ $NGINX_HEALTH_PORT =~ ^[0-9]{1,5}$ ]] || die "'NGINX_HEALTH_PORT' is '${NGINX_HEALTH_PORT}', must be a port" 2
}

# in_range NAME LAST
in_range() {
  if [[ ! ${!1} =~ ^[1-9][0-9]{0,2}$ ]] || [ "${!1}" -gt "$2" ]; then
    die "'$1' is '${!1}', must be 1 to $2" 2
  fi
}

# write_config: checked by keepalived itself before the running one reads it
write_config() {
  local wanted
  wanted=$(keepalived_config)
  if [ "$wanted" = "$(cat "${ROOT}${CONFIG}" 2>/dev/null || :)" ]; then
    log 'keepalived has these settings already'
    return 0
  fi
  printf '%s\n' "$wanted" | write_file "$NEXT" 0644
  timeout 30 keepalived --config-test --use-file "${ROOT}${NEXT}" || die "keepalived refuses the settings in '${NEXT}'"
  mv -f "${ROOT}${NEXT}" "${ROOT}${CONFIG}"
  ! systemctl is-active --quiet keepalived || timeout 60 systemctl reload keepalived
}

# interface: the one that has this host's address
interface() {
  local found
  found=$(ip -oneline -4 address show to "$HOST_ADDRESS" | awk '{ print $2; exit }')
  [ -n "$found" ] || die "no interface of this host has its address '${HOST_ADDRESS}'"
  printf '%s' "$found"
}

keepalived_config() {
  local interface
  interface=$(interface)
  words "$KEEPALIVED_PEERS"
  cat <<END
# Written by Drover.
global_defs {
    enable_script_security
    script_user root
}

vrrp_script nginx {
    script "/opt/drover/bundle/units/nginx-alive.sh ${NGINX_HEALTH_PORT}"
    interval 2
    timeout 3
    fall 2
    rise 2
}

vrrp_instance drover {
    state BACKUP
    nopreempt
    interface ${interface}
    virtual_router_id ${KEEPALIVED_ROUTER_ID}
    priority ${KEEPALIVED_PRIORITY}
    advert_int 1
    unicast_src_ip ${HOST_ADDRESS}
    unicast_peer {
$(printf '        %s\n' "${WORDS[@]}")
    }
    virtual_ipaddress {
        ${KEEPALIVED_ADDRESS}
    }
    track_script {
        nginx
    }
}
END
}

main "$@"
