# Step 66-keepalived with the real keepalived: two hosts in networks of their own, and an NGINX that falls silent.
load helper

setup() {
  setup_machine
  unshare --net true 2>/dev/null || skip 'no right to make networks on this machine'
  PATH="${PATH#*:}" command -v keepalived >/dev/null || skip 'no keepalived on this machine'
  PATH="${PATH#*:}" command -v ip >/dev/null || skip 'no ip on this machine'
  stub dpkg-query 'printf "installed 2"'
  stub apt-get
  stub systemctl 'case "$1" in is-active) [ -e "${DROVER_ROOT}/started" ] ;; start) : >"${DROVER_ROOT}/started" ;; esac'
  export KEEPALIVED_ADDRESS=192.0.2.5/24 KEEPALIVED_ROUTER_ID=51 NGINX_HEALTH_PORT=8404
}

# with_two_hosts BODY: 'on N COMMAND...' runs on host N; 'holder' prints which hosts hold the address
with_two_hosts() {
  run unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private bash -c '
    mount -t tmpfs none /run && mkdir /run/netns && mount -t tmpfs none /opt && mkdir /opt/drover
    cp -R "${BOOTSTRAP_LIB%/*}" /opt/drover/bundle && chown -R root:root /opt/drover
    ip link add switch type bridge && ip link set switch up
    on() { local host=$1; shift; ip netns exec "host$host" "$@"; }
    holder() { for host in 1 2; do on "$host" ip -oneline address show to 192.0.2.5 | grep -q . && printf "%s" "$host"; done; }
    becomes() { for attempt in $(seq 600); do [ "$(holder)" = "$1" ] && break; /usr/bin/sleep 0.1; done; echo "held by $(holder)"; }
    nginx() { ip netns exec "host$1" python3 -m http.server 8404 >/dev/null 2>&1 & eval "nginx$1=$!"; }
    for host in 1 2; do
      ip netns add "host$host" && ip link add "port$host" type veth peer name eno1 netns "host$host"
      ip link set "port$host" master switch up
      on "$host" ip address add "192.0.2.1$host/24" dev eno1; on "$host" ip link set eno1 up; on "$host" ip link set lo up
      nginx "$host"
      DROVER_ROOT="${DROVER_ROOT}/$host" HOST_ADDRESS="192.0.2.1$host" KEEPALIVED_PEERS="192.0.2.1$((3 - host))" \
        KEEPALIVED_PRIORITY="$((120 - host))" ip netns exec "host$host" bash /opt/drover/bundle/steps/66-keepalived.sh || exit 1
    done
    for host in 1 2; do
      PATH="${PATH#"${STUBS}:"}" on "$host" keepalived --dont-fork --log-console --vrrp --pid "/run/k$host" --vrrp_pid "/run/v$host" \
        --use-file "${DROVER_ROOT}/$host/etc/keepalived/keepalived.conf" >>"${BATS_TEST_TMPDIR}/log" 2>&1 &
    done
    '"$1"
}

@test "the address has one holder, leaves it when its NGINX falls silent, and does not come back by itself" {
  with_two_hosts '
    becomes 1
    kill "$nginx1"; becomes 2
    nginx 1; /usr/bin/sleep 6; becomes 2
    kill "$nginx2"; becomes 1'
  ended 0
  [ "$(grep 'held by' <<<"$output" | tr '\n' ' ')" = 'held by 1 held by 2 held by 2 held by 1 ' ] || {
    printf '%s\n' "$output"
    cat "${BATS_TEST_TMPDIR}/log"
    return 1
  } >&2
}
