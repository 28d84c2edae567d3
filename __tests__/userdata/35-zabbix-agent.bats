load helper

OURS=/etc/zabbix/zabbix_agent2.d/drover.conf
PSK=0123456789abcdef0123456789abcdef

setup() {
  setup_machine
  answers_of_identity
  export ZABBIX_SERVER=10.0.0.5,zabbix.example.org ZABBIX_PSK_PARAMETER=/drover/psk ZABBIX_PSK_IDENTITY=drover-dev
  export DROVER_ROLE=worker DROVER_CLOUD=aws DROVER_ENV=dev DROVER_REGION=eu-west-1 DROVER_CLUSTER=shop DROVER_SITE=eu DROVER_NODE_GROUP=web
  stub dpkg-query 'printf "installed 7.0"'
  stub systemctl 'case "$1" in is-active) [ -e "${BATS_TEST_TMPDIR}/active" ] ;; restart) touch "${BATS_TEST_TMPDIR}/active" ;; esac'
  for command in chown apt-get; do stub "$command"; done
  stub uname 'echo ip-10-0-0-9'
  parameter /drover/psk "$PSK"
  place /etc/zabbix/zabbix_agent2.conf 'LogFile=/var/log/zabbix/zabbix_agent2.log
Server=127.0.0.1
ServerActive=127.0.0.1
Hostname=Zabbix server
Include=/etc/zabbix/zabbix_agent2.d/*.conf'
}

@test "the agent registers under its node's name, with role and identity, and speaks with the key only" {
  DROVER_NODE=dev-shop-s1 step 35-zabbix-agent
  ended 0
  [ "$(content "$OURS")" = 'Server=10.0.0.5,zabbix.example.org
ServerActive=10.0.0.5,zabbix.example.org
Hostname=dev-shop-s1
HostMetadata=role=worker cloud=aws env=dev region=eu-west-1 cluster=shop site=eu node-group=web
RefreshActiveChecks=60
TLSConnect=psk
TLSAccept=psk
TLSPSKIdentity=drover-dev
TLSPSKFile=/etc/zabbix/drover.psk' ]
  called 'systemctl restart --no-block zabbix-agent2'
}

@test "a machine of a site registers without a cluster" {
  unset DROVER_CLUSTER DROVER_NODE_GROUP
  DROVER_ROLE=machine DROVER_NODE=dev-eu-machine-files step 35-zabbix-agent
  ended 0
  grep -qx 'HostMetadata=role=machine cloud=aws env=dev region=eu-west-1 site=eu' "${DROVER_ROOT}${OURS}"
  grep -qx 'Hostname=dev-eu-machine-files' "${DROVER_ROOT}${OURS}"
}

@test "the key is the agent's alone, and stands in no argument and no log" {
  step 35-zabbix-agent
  ended 0
  [ "$(content /etc/zabbix/drover.psk)" = "$PSK" ]
  [ "$(mode /etc/zabbix/drover.psk)" = 400 ]
  called "chown zabbix ${DROVER_ROOT}/etc/zabbix/drover.psk"
  not_called "$PSK"
  [[ $output != *"$PSK"* ]]
}

@test "the package's own settings don't contradict ours, the rest of them stays" {
  step 35-zabbix-agent
  [ "$(content /etc/zabbix/zabbix_agent2.conf)" = 'LogFile=/var/log/zabbix/zabbix_agent2.log
Include=/etc/zabbix/zabbix_agent2.d/*.conf' ]
}

@test "a machine without a fixed name uses the host's own, and HA nodes of a server are told as one" {
  ZABBIX_SERVER_ACTIVE='za.example.org;zb.example.org' step 35-zabbix-agent
  grep -qx 'Hostname=ip-10-0-0-9' "${DROVER_ROOT}${OURS}"
  grep -qx 'ServerActive=za.example.org;zb.example.org' "${DROVER_ROOT}${OURS}"
}

@test "the agent is restarted only when something changed" {
  step 35-zabbix-agent
  : >"$CALLS"
  step 35-zabbix-agent
  ended 0
  said 'the agent runs with these settings already'
  not_called 'systemctl restart'
  parameter /drover/psk "${PSK}aa"
  step 35-zabbix-agent
  called 'systemctl restart'
}

@test "a key that is none is refused and not repeated" {
  parameter /drover/psk 'short-secret'
  step 35-zabbix-agent
  ended 1
  said "secret '/drover/psk' is no pre-shared key: must be 32 to 512 hexadecimal digits"
  [[ $output != *short-secret* ]]
  not_called 'systemctl restart'
}

@test "a key that never comes ends the step at the deadline" {
  parameter /drover/psk pending
  SECRET_DEADLINE_SEC=10 step 35-zabbix-agent
  ended 3
}

@test "metadata that the server would cut is refused" {
  DROVER_NODE_GROUP=$(printf 'x%.0s' {1..250}) step 35-zabbix-agent
  ended 1
  said 'Zabbix takes at most 255'
}

@test "an agent that does not stay up ends the step" {
  stub systemctl '[ "$1" != is-active ]'
  step 35-zabbix-agent
  ended 3
  said 'waiting for zabbix-agent2 to be active'
}

@test "servers, key and its name are required" {
  ZABBIX_SERVER='' ZABBIX_PSK_IDENTITY='' step 35-zabbix-agent
  ended 2
  said "'ZABBIX_SERVER' 'ZABBIX_PSK_IDENTITY'"
}
