load helper

RULES=/etc/nftables.d/drover.nft

setup() {
  setup_machine
  stub systemctl '[ "$1" != is-active ]'
  stub nft
  stub timeout 'shift; exec "$@"'
  export FIREWALL_RULES='tcp:6443:10.40.0.0/24,10.0.0.0/8 tcp:2379-2380:10.40.0.12 udp:8472:10.40.0.12,10.40.0.13'
  export FIREWALL_SSH_FROM=10.9.0.7,10.8.0.0/16
}

# lets LINE: the rules hold it
lets() { grep -qxF "    $1" "${DROVER_ROOT}${RULES}"; }

@test "each flow is let in from each of its networks, SSH from where it comes, and what is left is dropped" {
  step 14-firewall
  ended 0
  lets 'ip saddr 10.40.0.0/24 tcp dport 6443 accept'
  lets 'ip saddr 10.0.0.0/8 tcp dport 6443 accept'
  lets 'ip saddr 10.40.0.12 tcp dport 2379-2380 accept'
  lets 'ip saddr 10.40.0.13 udp dport 8472 accept'
  lets 'ip saddr 10.9.0.7 tcp dport 22 accept'
  lets 'ip saddr 10.8.0.0/16 tcp dport 22 accept'
  [ "$(grep -c 'ip saddr' "${DROVER_ROOT}${RULES}")" -eq 7 ]
  [ "$(tail -n 3 "${DROVER_ROOT}${RULES}")" = $'    drop\n  }\n}' ]
}

@test "the rules come before translation, and what goes through the host to pods is not looked at" {
  step 14-firewall
  [ "$(grep -c 'hook ' "${DROVER_ROOT}${RULES}")" -eq 1 ]
  lets 'type filter hook prerouting priority -150; policy accept;'
  lets 'fib daddr type { local, broadcast, multicast } jump to-this-host'
}

@test "hosts that share an address hear each other's VRRP, others hear none" {
  step 14-firewall
  ! grep -q vrrp "${DROVER_ROOT}${RULES}" || return 1
  KEEPALIVED_PEERS='10.40.0.22 10.40.0.23' step 14-firewall
  lets 'ip saddr 10.40.0.22 ip protocol vrrp accept'
  lets 'ip saddr 10.40.0.23 ip protocol vrrp accept'
}

@test "SSH may have another port" {
  FIREWALL_SSH_PORT=2222 step 14-firewall
  lets 'ip saddr 10.9.0.7 tcp dport 2222 accept'
  ! grep -q 'dport 22 ' "${DROVER_ROOT}${RULES}"
}

@test "rules are checked, set, and set again at each boot before there is a network" {
  step 14-firewall
  ended 0
  grep '^nft' "$CALLS" | sed "s#${DROVER_ROOT}##" >"${BATS_TEST_TMPDIR}/order"
  [ "$(cat "${BATS_TEST_TMPDIR}/order")" = 'nft --check --file /etc/nftables.d/drover-next
nft --file /etc/nftables.d/drover.nft' ]
  called 'systemctl enable --quiet --no-reload drover-firewall'
  unit=$(content /etc/systemd/system/drover-firewall.service)
  [[ $unit == *$'\nBefore=network-pre.target shutdown.target\n'* ]]
  [[ $unit == *$'\nExecStart=/usr/sbin/nft --file /etc/nftables.d/drover.nft\n'* ]]
}

@test "rules that nft refuses leave those before as they are" {
  step 14-firewall
  before=$(content "$RULES")
  stub nft '[ "$1" != --check ]'
  FIREWALL_RULES=tcp:1:10.0.0.1 step 14-firewall
  ended 1
  said "nft refuses the rules in '/etc/nftables.d/drover-next': those before stay"
  [ "$(content "$RULES")" = "$before" ]
}

@test "what is no rule, no network or no port is named" {
  for rule in tcp:6443 icmp:1:10.0.0.0/8 tcp:a:10.0.0.0/8 'tcp:1:10.0.0.0/8,' tcp:1:world 'tcp:1:10.0.0.1}drop'; do
    FIREWALL_RULES="tcp:1:10.0.0.1 ${rule}" step 14-firewall
    ended 2
    said "'FIREWALL_RULES' holds '${rule}', must be like tcp:6443:10.40.0.0/24,10.0.0.0/8 or udp:2379-2380:10.40.0.11"
  done
  FIREWALL_SSH_FROM='10.0.0.1 10.0.0.2' step 14-firewall
  ended 2
  said "'FIREWALL_SSH_FROM' is '10.0.0.1 10.0.0.2', must be networks like 10.40.0.0/24,10.0.0.8"
  FIREWALL_SSH_PORT=ssh step 14-firewall
  ended 2
  said "'FIREWALL_SSH_PORT' is 'ssh', must be a port"
  KEEPALIVED_PEERS=lb-02 step 14-firewall
  ended 2
  said "'KEEPALIVED_PEERS' holds 'lb-02', must be IPv4 addresses"
  not_called nft
}

@test "the way of SSH is required" {
  FIREWALL_RULES='' FIREWALL_SSH_FROM='' step 14-firewall
  ended 2
  said "'FIREWALL_SSH_FROM'"
}

@test "a host that opens nothing lets in SSH alone" {
  FIREWALL_RULES='' step 14-firewall
  ended 0
  lets 'ip saddr 10.9.0.7 tcp dport 22 accept'
  [ "$(grep -c 'ip saddr' "${DROVER_ROOT}${RULES}")" -eq 2 ]
  lets drop
}

@test "a second firewall is refused, since what it refuses stays refused" {
  stub systemctl
  step 14-firewall
  ended 1
  said 'firewalld runs on this host: disable it'
  stub systemctl '[ "$1" != is-active ]'
  place /etc/ufw/ufw.conf 'ENABLED=yes'
  step 14-firewall
  ended 1
  said "ufw is on: disable it ('ufw disable')"
  place /etc/ufw/ufw.conf 'ENABLED=no'
  step 14-firewall
  ended 0
}

@test "a host without nftables gets them" {
  rm "${STUBS}/nft"
  for name in mktemp mkdir cat chmod mv dirname sed grep awk bash; do ln -s "$(command -v "$name")" "${STUBS}/${name}"; done
  stub apt-get "printf '#!/bin/sh\n' >'${STUBS}/nft'; chmod +x '${STUBS}/nft'"
  PATH="$STUBS" step 14-firewall
  ended 0
  called 'install --yes --no-install-recommends nftables'
}
