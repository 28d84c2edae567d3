load helper

setup() {
  setup_machine
  export GLUSTER_BRICKS='b1=vol-0abc b2=vol-0def' GLUSTER_PEERS='g1 g2 g3' GLUSTER_SELF=g1 GLUSTER_VOLUME=shared
  export MOUNTED="${BATS_TEST_TMPDIR}/mounted" FORMATTED="${BATS_TEST_TMPDIR}/formatted" POOL="${BATS_TEST_TMPDIR}/pool"
  export VOLUME="${BATS_TEST_TMPDIR}/volume"
  : >"$MOUNTED"
  : >"$FORMATTED"
  stub mountpoint 'grep -qx -- "$2" "$MOUNTED"'
  stub mount 'echo "$1" >>"$MOUNTED"'
  stub mkfs.xfs 'echo "${@: -1}" >>"$FORMATTED"'
  stub blkid 'disk=${@: -1}; grep -qx -- "$disk" "$FORMATTED" || exit 2
    case "$3" in TYPE) echo xfs ;; UUID) echo "uuid-${disk##*_}" ;; *) exit 2 ;; esac'
  stub lsblk 'echo nvme1n1'
  for command in wipefs xfs_growfs systemctl apt-get; do stub "$command"; done
  stub dpkg-query 'printf "installed 11.1-4"'
  stub timeout 'shift; "$@"'
  printf 'UUID\t\tHostname\tState\nu1\tlocalhost\tConnected \n' >"$POOL"
  stub gluster 'shift; case "$1 $2" in
    "pool list") cat "$POOL" ;;
    "peer probe") printf "u-%s\t%s\tConnected \n" "$3" "$3" >>"$POOL" ;;
    "volume info") [ -s "$VOLUME" ] && cat "$VOLUME" ;;
    "volume create") echo "Status: Created" >"$VOLUME" ;;
    "volume start") echo "Status: Started" >"$VOLUME" ;;
  esac'
  for disk in vol0abc vol0def; do place "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${disk}"; done
}

@test "the first peer mounts its bricks, gathers the others and makes the volume" {
  step 25-gluster-server
  ended 0
  grep -q '^UUID=uuid-vol0abc /srv/gluster/b1 xfs ' "${DROVER_ROOT}/etc/fstab"
  grep -q '^UUID=uuid-vol0def /srv/gluster/b2 xfs ' "${DROVER_ROOT}/etc/fstab"
  [ -d "${DROVER_ROOT}/srv/gluster/b1/brick" ]
  called 'gluster --mode=script peer probe g2'
  called 'gluster --mode=script peer probe g3'
  # neighbours of one replica set are different machines
  called 'volume create shared replica 3 g1:/srv/gluster/b1/brick g2:/srv/gluster/b1/brick g3:/srv/gluster/b1/brick g1:/srv/gluster/b2/brick'
  called 'volume set shared network.ping-timeout 5'
  called 'volume start shared'
  not_called ' force'
}

@test "an arbiter is the last brick of each set, and keeps no content" {
  GLUSTER_ARBITER=true step 25-gluster-server
  ended 0
  called 'volume create shared replica 3 arbiter 1 g1:/srv/gluster/b1/brick g2:/srv/gluster/b1/brick g3:/srv/gluster/b1/brick'
  GLUSTER_ARBITER=maybe step 25-gluster-server
  ended 2
  said "'GLUSTER_ARBITER' is 'maybe', allowed is one of: true false"
}

@test "a second run formats, probes and creates nothing" {
  step 25-gluster-server
  : >"$CALLS"
  step 25-gluster-server
  ended 0
  for call in mkfs.xfs 'mount ' 'peer probe' 'volume create' 'volume start'; do not_called "$call"; done
  said "volume 'shared' is there already"
}

@test "the peer's identity lies on its first brick's disk, with what the package left in the image" {
  place /var/lib/glusterd/groups/virt x
  step 25-gluster-server
  ended 0
  grep -q '^/srv/gluster/b1/var/lib/glusterd /var/lib/glusterd none bind' "${DROVER_ROOT}/etc/fstab"
  [ "$(content /srv/gluster/b1/var/lib/glusterd/groups/virt)" = x ]
  grep -qx 'AssertPathIsMountPoint=/var/lib/glusterd' "${DROVER_ROOT}/etc/systemd/system/glusterd.service.d/10-data-disk.conf"
}

@test "a machine with the disks of a former one becomes that peer again" {
  printf '%s\n' "${DROVER_ROOT}/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_"{vol0abc,vol0def} >"$FORMATTED"
  place /srv/gluster/b1/var/lib/glusterd/glusterd.info UUID=old
  step 25-gluster-server
  ended 0
  not_called mkfs.xfs
  [ "$(content /srv/gluster/b1/var/lib/glusterd/glusterd.info)" = UUID=old ]
}

@test "an image that has been a peer of its own is refused" {
  place /var/lib/glusterd/glusterd.info UUID=image
  step 25-gluster-server
  ended 1
  said 'no machine may have two identities'
  not_called 'gluster '
}

@test "another peer waits until the first has gathered all, and makes nothing" {
  printf 'u2\tg1\tConnected \nu3\tg3\tConnected \n' >>"$POOL"
  GLUSTER_SELF=g2 step 25-gluster-server
  ended 0
  not_called 'peer probe'
  not_called 'volume '
}

@test "a peer that the first one takes in later does not wait for it, but once it is in a pool" {
  export GLUSTER_FIRST_COMES_LAST=true
  GLUSTER_SELF=g2 step 25-gluster-server
  ended 0
  said "in no pool yet: 'g1' is set up later and takes this peer in"
  not_called 'peer probe'
  not_called 'volume '
  printf 'u1\tg1\tConnected \nu3\tg3\tDisconnected \n' >>"$POOL"
  GLUSTER_SELF=g2 GLUSTER_DEADLINE_SEC=10 step 25-gluster-server
  ended 3
  said 'waiting for peers g1 g2 g3 to be in the pool'
}

@test "the first peer, which comes last, gathers the others and makes the volume" {
  GLUSTER_FIRST_COMES_LAST=true step 25-gluster-server
  ended 0
  called 'gluster --mode=script peer probe g2'
  called 'volume create shared replica 3'
}

@test "a peer that never comes ends the step at the deadline, and no volume is made" {
  stub gluster 'case "$2 $3" in "pool list") cat "$POOL" ;; *) exit 1 ;; esac'
  GLUSTER_DEADLINE_SEC=20 step 25-gluster-server
  ended 3
  said "peer 'g2' does not answer yet"
  said 'waiting for peers g1 g2 g3 to be in the pool'
  not_called 'volume '
}

@test "a peer in the pool that is cut off is waited for" {
  printf 'u2\tg2\tDisconnected \nu3\tg3\tConnected \n' >>"$POOL"
  GLUSTER_DEADLINE_SEC=10 step 25-gluster-server
  ended 3
  not_called 'peer probe'
}

@test "a brick's disk with anything on it is never formatted" {
  stub wipefs 'echo "nvme1n1 0x0 linux_raid_member"'
  step 25-gluster-server
  ended 1
  not_called mkfs.xfs
}

@test "settings that don't fit each other are refused" {
  GLUSTER_SELF=g9 step 25-gluster-server
  ended 2
  said "'GLUSTER_SELF' is 'g9', must be one of 'GLUSTER_PEERS': g1 g2 g3"
  GLUSTER_BRICKS='b1=sdf' step 25-gluster-server
  ended 2
  said "'GLUSTER_BRICKS' holds 'b1=sdf', must be like b1=vol-0123abc"
  GLUSTER_FIRST_COMES_LAST=maybe step 25-gluster-server
  ended 2
  said "'GLUSTER_FIRST_COMES_LAST' is 'maybe', allowed is one of: true false"
  GLUSTER_PEERS='g1 g2' step 25-gluster-server
  ended 2
  said "2 peers can't keep 3 copies each"
}
