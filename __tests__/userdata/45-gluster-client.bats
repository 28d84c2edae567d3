load helper

setup() {
  setup_machine
  export GLUSTER_VOLUME=shared GLUSTER_SERVERS='g1 g2 g3' MOUNTED="${BATS_TEST_TMPDIR}/mounted"
  stub findmnt '[ -e "$MOUNTED" ] && echo fuse.glusterfs'
  mounts 'touch "$MOUNTED"'
  stub timeout 'shift; "$@"'
  stub stat
  for command in chattr apt-get; do stub "$command"; done
  stub systemd-escape 'echo mnt-gluster.mount'
  stub dpkg-query 'printf "installed 11.1-4"'
  place /etc/drover/bootstrap.env "GLUSTER_GATE_SEC='10'"
}

# mounts WHAT: what systemd does when it is to mount the volume
mounts() { stub systemctl "[ \"\$*\" != 'start mnt-gluster.mount' ] || { $1; }"; }

gate() { run bash "${USERDATA}/units/gluster-gate.sh"; }

@test "the volume is mounted with all its servers, over a folder that nothing can be written to" {
  step 45-gluster-client
  ended 0
  [ "$(content /etc/fstab)" = 'g1:/shared /mnt/gluster glusterfs defaults,_netdev,nofail,backup-volfile-servers=g2:g3 0 0' ]
  called "chattr +i ${DROVER_ROOT}/mnt/gluster"
  called 'systemctl start mnt-gluster.mount'
  said "volume 'shared' is mounted at '/mnt/gluster'"
}

@test "the volume outlives the unit that the step runs in: systemd mounts it, in a group of its own" {
  stub mount 'touch "${MOUNTED}-by-hand"'
  step 45-gluster-client
  gate
  ended 0
  [ ! -e "${MOUNTED}-by-hand" ]
}

@test "one server needs no others" {
  GLUSTER_SERVERS=g1 step 45-gluster-client
  [ "$(content /etc/fstab)" = 'g1:/shared /mnt/gluster glusterfs defaults,_netdev,nofail 0 0' ]
}

@test "the kubelet starts after the mount, and only past the gate" {
  step 45-gluster-client
  for unit in rke2-agent rke2-server; do
    [ "$(content "/etc/systemd/system/${unit}.service.d/20-gluster.conf")" = '[Unit]
After=mnt-gluster.mount

[Service]
ExecStartPre=/opt/drover/bundle/units/gluster-gate.sh' ]
  done
}

@test "a second run mounts and changes nothing" {
  step 45-gluster-client
  : >"$CALLS"
  step 45-gluster-client
  ended 0
  not_called 'systemctl start'
  not_called chattr
}

@test "a volume that is never mounted ends the step before the join" {
  mounts 'exit 1'
  GLUSTER_DEADLINE_SEC=10 step 45-gluster-client
  ended 3
  said "waiting for volume 'shared' at '/mnt/gluster'"
}

@test "a mount that does not answer is not taken for a volume" {
  touch "$MOUNTED"
  stub stat 'exit 124'
  GLUSTER_DEADLINE_SEC=10 step 45-gluster-client
  ended 3
}

@test "files below the mount point are never hidden" {
  place /mnt/gluster/file
  step 45-gluster-client
  ended 1
  said "'/mnt/gluster' holds files beside the volume"
  not_called 'systemctl start'
}

@test "the gate opens once the volume is mounted" {
  gate
  ended 0
  called 'systemctl start mnt-gluster.mount'
}

@test "the gate stays closed without the volume, and says so within its time" {
  mounts 'exit 1'
  gate
  ended 3
  said "gave up after 10 s (deadline 10 s) waiting for the volume at '/mnt/gluster'"
}
