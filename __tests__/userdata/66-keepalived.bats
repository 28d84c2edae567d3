load helper

CONFIG=/etc/keepalived/keepalived.conf

setup() {
  setup_machine
  export KEEPALIVED_ADDRESS=10.40.0.5/24 KEEPALIVED_PEERS='10.40.0.22 10.40.0.23' KEEPALIVED_ROUTER_ID=51
  export KEEPALIVED_PRIORITY=110 HOST_ADDRESS=10.40.0.21 NGINX_HEALTH_PORT=8404 ACTIVE="${BATS_TEST_TMPDIR}/active"
  stub dpkg-query 'printf "installed 1:2.2.7-1"'
  stub apt-get
  stub timeout 'shift; exec "$@"'
  stub keepalived
  stub ip 'printf "2: eno1    inet 10.40.0.21/24 brd 10.40.0.255 scope global eno1\\\\       valid_lft forever\n"'
  stub systemctl 'case "$1" in is-active) [ -e "$ACTIVE" ] ;; start) : >"$ACTIVE" ;; esac'
}

@test "the address is held with the peers by unicast, on the interface that has the host's own" {
  step 66-keepalived
  ended 0
  config=$(content "$CONFIG" | tr -s ' \n' ' ')
  [[ $config == *'state BACKUP nopreempt interface eno1 virtual_router_id 51 priority 110 '* ]]
  [[ $config == *'unicast_src_ip 10.40.0.21 unicast_peer { 10.40.0.22 10.40.0.23 } virtual_ipaddress { 10.40.0.5/24 } '* ]]
  called 'ip -oneline -4 address show to 10.40.0.21'
  called 'systemctl enable --quiet keepalived'
  not_called reload
}

@test "the address leaves a host whose NGINX does not answer" {
  step 66-keepalived
  config=$(content "$CONFIG" | tr -s ' \n' ' ')
  [[ $config == *'script "/opt/drover/bundle/units/nginx-alive.sh 8404" interval 2 timeout 3 fall 2 rise 2 '* ]]
  [[ $config == *'track_script { nginx }'* ]]
  [ -x "${USERDATA}/units/nginx-alive.sh" ]
}

@test "any answer of NGINX keeps the address, silence does not" {
  run "${USERDATA}/units/nginx-alive.sh" 8404
  ended 22
  answer http://127.0.0.1:8404/ 'not found'
  run "${USERDATA}/units/nginx-alive.sh" 8404
  ended 0
  called '--max-time 2'
}

@test "a changed setting is checked and reloaded, an equal one changes nothing" {
  step 66-keepalived
  : >"$CALLS"
  step 66-keepalived
  ended 0
  said 'keepalived has these settings already'
  not_called reload
  KEEPALIVED_PRIORITY=90 step 66-keepalived
  ended 0
  called "keepalived --config-test --use-file ${DROVER_ROOT}/etc/keepalived/drover-next.conf"
  called 'systemctl reload keepalived'
  not_called restart
}

@test "settings that keepalived refuses leave those before as they are" {
  step 66-keepalived
  before=$(content "$CONFIG")
  stub keepalived 'exit 1'
  KEEPALIVED_PRIORITY=90 step 66-keepalived
  ended 1
  said "keepalived refuses the settings in '/etc/keepalived/drover-next.conf'"
  [ "$(content "$CONFIG")" = "$before" ]
}

@test "a host without its address, and a keepalived that does not start, end the step" {
  stub ip
  step 66-keepalived
  ended 1
  said "no interface of this host has its address '10.40.0.21'"
  stub ip 'printf "2: eno1    inet 10.40.0.21/24\n"'
  stub systemctl '[ "$1" != is-active ]'
  step 66-keepalived
  ended 3
  said 'waiting for keepalived to be active'
}

@test "settings that can't be are named" {
  KEEPALIVED_ADDRESS=10.40.0.5 step 66-keepalived
  ended 2
  said "'KEEPALIVED_ADDRESS' is '10.40.0.5', must be an IPv4 address with its prefix length"
  KEEPALIVED_PEERS='10.40.0.21' step 66-keepalived
  ended 2
  said "'KEEPALIVED_PEERS' holds '10.40.0.21', which is this host's own address"
  KEEPALIVED_PEERS='lb-02' step 66-keepalived
  ended 2
  said "'KEEPALIVED_PEERS' holds 'lb-02', must be IPv4 addresses"
  KEEPALIVED_ROUTER_ID=256 step 66-keepalived
  ended 2
  said "'KEEPALIVED_ROUTER_ID' is '256', must be 1 to 255"
  KEEPALIVED_PRIORITY=255 step 66-keepalived
  ended 2
  said "'KEEPALIVED_PRIORITY' is '255', must be 1 to 254"
  NGINX_HEALTH_PORT=http step 66-keepalived
  ended 2
  said "'NGINX_HEALTH_PORT' is 'http', must be a port"
  KEEPALIVED_ADDRESS='' HOST_ADDRESS='' step 66-keepalived
  ended 2
  said "'KEEPALIVED_ADDRESS' 'HOST_ADDRESS'"
}
