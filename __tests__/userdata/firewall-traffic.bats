# The rules of step 14-firewall in a real kernel: a host in a network of its own, asked by another one.
load helper

setup() {
  setup_machine
  unshare --net true 2>/dev/null || skip 'no right to make networks on this machine'
  PATH="${PATH#*:}" command -v nft >/dev/null || skip 'no nft on this machine'
  PATH="${PATH#*:}" command -v ip >/dev/null || skip 'no ip on this machine'
  stub systemctl '[ "$1" != is-active ]'
  export FIREWALL_RULES='tcp:6443:192.0.2.0/30,192.0.2.0/24 tcp:80:198.51.100.1 tcp:30000-30010:198.51.100.1'
  export FIREWALL_SSH_FROM=192.0.2.2
}

# in_networks BODY: bash in the host's network (192.0.2.1); 'peer' runs a command in the other one's (192.0.2.2), 'comes_in'
# tells whether it reaches a port that must be open, 'stays_out' the same of one that answers nothing
in_networks() {
  run unshare --net --mount --propagation private bash -c '
    mount -t tmpfs none /run && mkdir /run/netns && ip netns add peer
    ip link add near0 type veth peer name far0 netns peer
    ip address add 192.0.2.1/24 dev near0; ip link set near0 up; ip link set lo up
    ip -n peer address add 192.0.2.2/24 dev far0; ip -n peer link set far0 up; ip -n peer link set lo up
    peer() { ip netns exec peer "$@"; }
    asked() { peer timeout "$1" bash -c ": >/dev/tcp/192.0.2.1/$2" 2>/dev/null && echo "in $2" || echo "out $2"; }
    comes_in() { for port in "$@"; do asked 20 "$port"; done; }
    stays_out() { for port in "$@"; do asked 2 "$port"; done; }
    serves() { for attempt in $(seq 300); do (: >"/dev/tcp/$1/$2") 2>/dev/null && return; /usr/bin/sleep 0.1; done; return 1; }
    serve() { for port in "$@"; do python3 -m http.server --bind 0.0.0.0 "$port" >/dev/null 2>&1 & done
      for port in "$@"; do serves 127.0.0.1 "$port" || exit 1; done; }
    trap "kill \$(jobs -p) 2>/dev/null" EXIT
    bash "${BOOTSTRAP_LIB%/*}/steps/14-firewall.sh" || exit 1
    '"$1"
}

@test "what a flow names comes in, everything else does not, and the host reaches itself" {
  in_networks '
    serve 22 80 6443 9345
    comes_in 22 6443; stays_out 80 9345
    (: >/dev/tcp/127.0.0.1/9345) && echo "own loopback"; (: >/dev/tcp/192.0.2.1/9345) && echo "own address"'
  ended 0
  said 'in 22'
  said 'in 6443'
  said 'out 80'
  said 'out 9345'
  said 'own loopback'
  said 'own address'
}

@test "the host's own connections are answered, and it can be pinged" {
  in_networks '
    ip netns exec peer python3 -m http.server --bind 0.0.0.0 8080 >/dev/null 2>&1 &
    serves 192.0.2.2 8080 && echo answered
    command -v ping >/dev/null && { peer ping -c 1 -W 20 192.0.2.1 >/dev/null && echo pinged; } || echo "pinged not tried"'
  ended 0
  said answered
  said pinged
}

@test "a port that is translated to a pod is closed as well, one that a flow names is open" {
  in_networks '
    nft "table ip pods { chain in { type nat hook prerouting priority dstnat; tcp dport 30080 redirect to :6443; tcp dport 6443 accept; }; }"
    serve 6443
    stays_out 30080; comes_in 6443'
  ended 0
  said 'out 30080'
  said 'in 6443'
}

@test "rules are replaced as a whole, those of others stay" {
  in_networks '
    nft "table inet other { chain c { }; }"
    FIREWALL_RULES=tcp:9345:192.0.2.2 bash "${BOOTSTRAP_LIB%/*}/steps/14-firewall.sh"
    nft list ruleset'
  ended 0
  said 'ip saddr 192.0.2.2 tcp dport 9345 accept'
  said 'table inet other'
  [[ $output != *'dport 6443'* ]]
}
