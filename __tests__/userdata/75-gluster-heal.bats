load helper

REPORT=/var/lib/drover/gluster-heal.json
AGENT=/etc/zabbix/zabbix_agent2.d

setup() {
  setup_machine
  export GLUSTER_VOLUME=shared SUMMARY="${BATS_TEST_TMPDIR}/summary"
  stub timeout 'shift; "$@"'
  stub gluster 'cat "$SUMMARY"; exit "${GLUSTER_CODE:-0}"'
  stub systemctl
  place /etc/drover/bootstrap.env "GLUSTER_VOLUME='shared'"
  summary "$(brick 10.20.240.11)" "$(brick 10.20.241.12)" "$(brick 10.20.242.13)"
}

# brick PEER [ENTRIES] [SPLIT-BRAIN]: as gluster tells of one
brick() {
  printf 'Brick %s:/srv/gluster/b1/brick\nStatus: Connected\nTotal Number of entries: %d\n' "$1" "${2:-0}"
  printf 'Number of entries in heal pending: %d\nNumber of entries in split-brain: %d\n' "$((${2:-0} - ${3:-0}))" "${3:-0}"
  printf 'Number of entries possibly healing: 0\n'
}

away() {
  printf 'Brick %s:/srv/gluster/b1/brick\nStatus: Transport endpoint is not connected\nTotal Number of entries: -\n' "$1"
  printf 'Number of entries in heal pending: -\nNumber of entries in split-brain: -\nNumber of entries possibly healing: -\n'
}

summary() { printf '%s\n\n' "$@" >"$SUMMARY"; }

watch() { run "${USERDATA}/units/gluster-heal.sh"; }

# reported RESULT AWAY ENTRIES SPLIT-BRAIN: by the last answer
reported() {
  [[ $(content "$REPORT") =~ ^\{\"result\":\ \"$1\",\ \"checked\":\ [0-9]{10,},\ \"bricks\":\ [0-9]+,\ \"away\":\ $2,\ \"entries\":\ $3,\ \"splitBrain\":\ $4\}$ ]] || {
    printf 'got: %s\n' "$(content "$REPORT")" >&2
    return 1
  }
}

@test "the watch is installed, started and kept at each boot" {
  step 75-gluster-heal
  ended 0
  called 'systemctl enable --quiet --no-reload drover-gluster-heal.timer'
  called 'systemctl start --no-block drover-gluster-heal.timer'
  grep -qx 'ExecStart=/opt/drover/bundle/units/gluster-heal.sh' "${DROVER_ROOT}/etc/systemd/system/drover-gluster-heal.service"
  grep -q '^TimeoutStartSec=' "${DROVER_ROOT}/etc/systemd/system/drover-gluster-heal.service"
  grep -q '^OnUnitInactiveSec=' "${DROVER_ROOT}/etc/systemd/system/drover-gluster-heal.timer"
  said "each copy of volume 'shared' is complete"
  reported healthy 0 0 0
}

@test "a node that has been away is ready once it has caught up, or not at all" {
  summary "$(brick 10.20.240.11)" "$(brick 10.20.241.12 4)" "$(brick 10.20.242.13 4)"
  GLUSTER_HEAL_DEADLINE_SEC=20 step 75-gluster-heal
  ended 3
  said "waiting for each copy of volume 'shared' to be complete"
  # the watch goes on
  called 'systemctl enable --quiet --no-reload drover-gluster-heal.timer'
}

@test "a volume that is made by another peer is waited for" {
  : >"$SUMMARY"
  GLUSTER_CODE=1 GLUSTER_HEAL_DEADLINE_SEC=20 step 75-gluster-heal
  ended 3
}

@test "a peer that is taken in later waits for no volume, and one that is in the pool does" {
  export GLUSTER_FIRST_COMES_LAST=true GLUSTER_PEERS='g1 g2 g3' GLUSTER_SELF=g2 POOL="${BATS_TEST_TMPDIR}/pool"
  stub gluster 'case "$2 $3" in "pool list") cat "$POOL" ;; *) exit 1 ;; esac'
  printf 'UUID\t\tHostname\tState\nu2\tlocalhost\tConnected \n' >"$POOL"
  step 75-gluster-heal
  ended 0
  said "volume 'shared' is made later, by the first peer"
  called 'systemctl start --no-block drover-gluster-heal.timer'
  printf 'u1\tg1\tDisconnected \n' >>"$POOL"
  GLUSTER_HEAL_DEADLINE_SEC=20 step 75-gluster-heal
  ended 3
  printf 'u2\tlocalhost\tConnected \n' >"$POOL"
  GLUSTER_SELF=g1 GLUSTER_HEAL_DEADLINE_SEC=20 step 75-gluster-heal
  ended 3
}

@test "a Zabbix agent learns where the answer lies, once" {
  mkdir -p "${DROVER_ROOT}${AGENT}"
  step 75-gluster-heal
  [ "$(content "${AGENT}/drover-gluster.conf")" = "UserParameter=drover.gluster.heal,cat ${REPORT}" ]
  called 'systemctl restart --no-block zabbix-agent2'
  : >"$CALLS"
  step 75-gluster-heal
  ended 0
  not_called 'zabbix-agent2'
}

@test "without an agent nothing is left for one" {
  step 75-gluster-heal
  [ ! -e "${DROVER_ROOT}${AGENT}" ]
}

@test "the volume has to be named" {
  GLUSTER_VOLUME='' step 75-gluster-heal
  ended 2
  said "'GLUSTER_VOLUME'"
}

@test "the watch asks within a limit, and all is well" {
  watch
  ended 0
  called 'timeout 120 gluster --mode=script volume heal shared info summary'
  said "volume 'shared': each copy is complete"
  reported healthy 0 0 0
}

@test "entries that heal by themselves are said, and no alarm" {
  summary "$(brick 10.20.240.11)" "$(brick 10.20.241.12 4)" "$(brick 10.20.242.13 3)"
  watch
  ended 0
  said "7 entries are still to be healed"
  reported healing 0 7 0
}

@test "a brick that does not answer is an alarm, whatever gluster's exit code is" {
  summary "$(away 10.20.240.11)" "$(brick 10.20.241.12 4)" "$(brick 10.20.242.13 4)"
  for code in 0 107; do
    GLUSTER_CODE=$code watch
    ended 1
    said "volume 'shared': 1 of 3 bricks do not answer"
    reported brick-away 1 8 0
  done
}

@test "split-brain is the worst, and needs a person" {
  summary "$(away 10.20.240.11)" "$(brick 10.20.241.12 2 1)" "$(brick 10.20.242.13 1 1)"
  watch
  ended 1
  said "2 entries are in split-brain: choose a copy of each by hand"
  reported split-brain 1 3 2
}

@test "no answer is no good news" {
  echo 'Launching heal operation has been unsuccessful: glusterd is not running' >"$SUMMARY"
  GLUSTER_CODE=1 watch
  ended 1
  said "volume 'shared': glusterd gave no answer within 120 s"
  reported unknown 0 0 0
}
