#!/usr/bin/env bash
# Lets into this host what its part in the cluster needs, and nothing else: what a cloud's security groups do elsewhere.
#   FIREWALL_RULES        space-separated protocol:port:network[,network...], the port a number or first-last, such as
#                         tcp:6443:10.40.0.0/24,10.0.0.0/8                 (default none: SSH alone)
#   FIREWALL_SSH_FROM     comma-separated networks that SSH comes from               (required)
#   FIREWALL_SSH_PORT     port of SSH                                                (default 22)
#   KEEPALIVED_PEERS      addresses of the hosts that share a virtual address        (default none)
#   PACKAGE_DEADLINE_SEC  time for nftables, where the image lacks it                (default 600)
# Looked at before any translation of addresses, so that node ports and host ports of pods are closed as well. What pods
# and containers of this host send is theirs to send, and what goes through this host to pods stays open. Of IPv6 only what
# keeps an address is let in.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"

RULES='/etc/nftables.d/drover.nft'
NEXT='/etc/nftables.d/drover-next'
NETWORK='[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?'
PORT='[0-9]{1,5}(-[0-9]{1,5})?'

main() {
  require FIREWALL_SSH_FROM
  check_settings
  refuse_other_firewalls
  command -v nft >/dev/null || install_packages nftables
  firewall | write_file "$NEXT" 0644
  timeout 30 nft --check --file "${ROOT}${NEXT}" || die "nft refuses the rules in '${NEXT}': those before stay"
  mv -f "${ROOT}${NEXT}" "${ROOT}${RULES}"
  timeout 30 nft --file "${ROOT}${RULES}" || die "the rules in '${RULES}' could not be set"
  write_file /etc/systemd/system/drover-firewall.service 0644 <"${BOOTSTRAP_LIB%/*}/units/drover-firewall.service"
  enable_unit drover-firewall
  systemctl start --no-block drover-firewall
  log 'the firewall is set'
}

check_settings() {
  local entry
  words "${FIREWALL_RULES:-}"
  for entry in ${WORDS[@]+"${WORDS[@]}"}; do
    [[ $entry =~ ^(tcp|udp):${PORT}:${NETWORK}(,${NETWORK})*$ ]] ||
      die "'FIREWALL_RULES' holds '${entry}', must be like tcp:6443:10.40.0.0/24,10.0.0.0/8 or udp:2379-2380:10.40.0.11" 2
  done
  [[ $FIREWALL_SSH_FROM =~ ^${NETWORK}(,${NETWORK})*$ ]] ||
    die "'FIREWALL_SSH_FROM' is '${FIREWALL_SSH_FROM}', must be networks like 10.40.0.0/24,10.0.0.8" 2
  [[ ${FIREWALL_SSH_PORT:-22} =~ ^[0-9]{1,5}$ ]] || die "'FIREWALL_SSH_PORT' is '${FIREWALL_SSH_PORT}', must be a port" 2
  words "${KEEPALIVED_PEERS:-}"
  for entry in ${WORDS[@]+"${WORDS[@]}"}; do
    [[ $entry =~ ^${NETWORK}$ ]] || die "'KEEPALIVED_PEERS' holds '${entry}', must be IPv4 addresses" 2
  done
}

# what another one refuses stays refused, whatever is let in here
refuse_other_firewalls() {
  ! systemctl is-active --quiet firewalld || die "firewalld runs on this host: disable it, Drover's firewall replaces it"
  ! grep --quiet --line-regexp 'ENABLED=yes' "${ROOT}/etc/ufw/ufw.conf" 2>/dev/null ||
    die "ufw is on: disable it ('ufw disable'), Drover's firewall replaces it"
}

# allow MATCH NETWORKS: one rule a network, since those of one set must not overlap
allow() {
  local networks network
  IFS=, read -r -a networks <<<"$2"
  for network in "${networks[@]}"; do
    printf '    ip saddr %s %s accept\n' "$network" "$1"
  done
}

allowed() {
  local protocol port networks entry
  allow "tcp dport ${FIREWALL_SSH_PORT:-22}" "$FIREWALL_SSH_FROM"
  words "${KEEPALIVED_PEERS:-}"
  for entry in ${WORDS[@]+"${WORDS[@]}"}; do
    allow 'ip protocol vrrp' "$entry"
  done
  words "${FIREWALL_RULES:-}"
  for entry in ${WORDS[@]+"${WORDS[@]}"}; do
    IFS=: read -r protocol port networks <<<"$entry"
    allow "${protocol} dport ${port}" "$networks"
  done
}

# after connection tracking (-200), before destinations are translated (-100)
firewall() {
  cat <<END
# Written by Drover. A table of its own, set anew in one step.
table inet drover-firewall
delete table inet drover-firewall
table inet drover-firewall {
  chain arriving {
    type filter hook prerouting priority -150; policy accept;
    fib daddr type { local, broadcast, multicast } jump to-this-host
  }
  chain to-this-host {
    ct state established,related accept
    iifname "lo" accept
    iifname "cali*" accept
    iifname "flannel.*" accept
    iifname "docker0" accept
    meta l4proto { icmp, ipv6-icmp } accept
    udp sport 67 udp dport 68 accept
    udp sport 547 udp dport 546 accept
$(allowed)
    drop
  }
}
END
}

main "$@"
