load helper
load leaving

setup() { setup_leaving; }

# brick_disks: mounted, with a copy of a cluster's files on each and the peer's identity on the first
brick_disks() {
  member storage "GLUSTER_BRICKS='b1=serial:S4X9 b2=serial:S4X9'
GLUSTER_VOLUME='shared'"
  stub pkill "[ -e '${BATS_TEST_TMPDIR}/bricks' ] && rm -f '${BATS_TEST_TMPDIR}/bricks'"
  stub pgrep 'exit 1'
  : >"${BATS_TEST_TMPDIR}/bricks"
  printf '%s\n' /srv/gluster/b1 /srv/gluster/b2 /var/lib/glusterd >"$MOUNTS"
  place /srv/gluster/b1/brick/proof kept
  place /srv/gluster/b1/var/lib/glusterd/glusterd.info UUID=1
  place /srv/gluster/b2/brick/other kept
  place /etc/systemd/system/glusterd.service.d/10-data-disk.conf
  place /etc/fstab 'UUID=1 / ext4 defaults 0 1
UUID=2 /srv/gluster/b1 xfs defaults 0 2
UUID=3 /srv/gluster/b2 xfs defaults 0 2
/srv/gluster/b1/var/lib/glusterd /var/lib/glusterd none bind 0 0'
}

@test "a storage node stops its bricks, keeps its copy where no later cluster finds it, and is no node" {
  brick_disks
  leave
  ended 0
  order 'systemctl stop glusterd' 'pkill --exact glusterfsd?' "umount ${DROVER_ROOT}/var/lib/glusterd" \
    "umount ${DROVER_ROOT}/srv/gluster/b1" "umount ${DROVER_ROOT}/srv/gluster/b2" 'nft delete table inet drover-firewall'
  for call in kubectl rke2 rancher-system-agent 'patch node'; do not_called "$call"; done
  kept=$(echo "${DROVER_ROOT}"/srv/gluster/b1/left/plant-*)
  [ "$(<"${kept}/brick/proof")" = kept ]
  [ "$(<"${kept}/var/lib/glusterd/glusterd.info")" = UUID=1 ]
  [ "$(cat "${DROVER_ROOT}"/srv/gluster/b2/left/plant-*/brick/other)" = kept ]
  [ ! -e "${DROVER_ROOT}/srv/gluster/b1/brick" ]
  [ ! -s "$MOUNTS" ]
  [ "$(content /etc/fstab)" = 'UUID=1 / ext4 defaults 0 1' ]
  [ ! -e "${DROVER_ROOT}/etc/systemd/system/glusterd.service.d/10-data-disk.conf" ]
  said "this host has left cluster 'plant'"
}

@test "--wipe takes the file systems off the disks of bricks" {
  brick_disks
  leave --wipe
  ended 0
  order "umount ${DROVER_ROOT}/srv/gluster/b1" 'wipefs --all --quiet /dev/sdb'
  [ ! -e "${DROVER_ROOT}/srv/gluster/b1/left" ]
}

@test "bricks that do not stop keep everything as it is" {
  brick_disks
  stub pkill ''
  leave
  ended 1
  said 'bricks are served still: nothing of them is removed'
  not_called 'umount '
  [ -e "${DROVER_ROOT}/etc/drover/bootstrap.env" ]
}

@test "a storage node that got no further than its packages leaves as well" {
  member storage "GLUSTER_BRICKS='b1=serial:S4X9'"
  stub pkill 'exit 1'
  stub pgrep 'exit 1'
  leave
  ended 0
  not_called 'umount '
  [ ! -e "${DROVER_ROOT}/etc/drover" ]
}
