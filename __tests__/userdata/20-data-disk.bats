load helper

LINK=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc

setup() {
  setup_machine
  export DATA_VOLUME_ID=vol-0abc MOUNTED="${BATS_TEST_TMPDIR}/mounted" SIGNATURE="${BATS_TEST_TMPDIR}/signature"
  : >"$MOUNTED"
  stub mountpoint 'grep -qx -- "$2" "$MOUNTED"'
  stub mount 'echo "$1" >>"$MOUNTED"'
  stub mkfs.xfs 'echo "TYPE xfs" >"$SIGNATURE"; echo "UUID uuid-1" >>"$SIGNATURE"'
  # like the real one: code 2 when there is nothing
  stub blkid '[ -s "$SIGNATURE" ] || exit 2; awk -v tag="$3" "\$1 == tag { print \$2 }" "$SIGNATURE"'
  stub wipefs
  stub lsblk 'case "$*" in *PATH,SERIAL*) cat "${BATS_TEST_TMPDIR}/serials" ;; *) echo nvme1n1 ;; esac'
  stub xfs_growfs
  stub systemctl
  : >"${BATS_TEST_TMPDIR}/serials"
}

@test "an empty disk is formatted once, mounted by UUID and holds the machine's identity" {
  place "$LINK"
  step 20-data-disk
  ended 0
  called "mkfs.xfs -q -L drover-data ${DROVER_ROOT}${LINK}"
  [ "$(content /etc/fstab)" = "UUID=uuid-1 /mnt/drover-data xfs defaults,nofail,x-systemd.device-timeout=60s 0 2
/mnt/drover-data/var/lib/rancher /var/lib/rancher none bind,nofail,x-systemd.requires-mounts-for=/mnt/drover-data 0 0
/mnt/drover-data/etc/rancher/node /etc/rancher/node none bind,nofail,x-systemd.requires-mounts-for=/mnt/drover-data 0 0
/mnt/drover-data/etc/rancher/agent /etc/rancher/agent none bind,nofail,x-systemd.requires-mounts-for=/mnt/drover-data 0 0" ]
  called "xfs_growfs ${DROVER_ROOT}/mnt/drover-data"
  [ "$(wc -l <"$MOUNTED")" -eq 4 ]
}

@test "services of the cluster don't start without the disk" {
  place "$LINK"
  step 20-data-disk
  for unit in rke2-server rke2-agent rancher-system-agent; do
    grep -qx 'AssertPathIsMountPoint=/var/lib/rancher' "${DROVER_ROOT}/etc/systemd/system/${unit}.service.d/10-data-disk.conf"
  done
}

@test "on a machine that is no node the disk is where its mount point says, and holds nothing of a cluster" {
  place "$LINK"
  DROVER_ROLE=machine DATA_MOUNT=/srv/files step 20-data-disk
  ended 0
  [ "$(content /etc/fstab)" = 'UUID=uuid-1 /srv/files xfs defaults,nofail,x-systemd.device-timeout=60s 0 2' ]
  [ "$(wc -l <"$MOUNTED")" -eq 1 ]
  [ ! -e "${DROVER_ROOT}/etc/systemd/system/rke2-server.service.d" ]
  place /srv/files/report text
  DROVER_ROLE=machine DATA_MOUNT=/srv/files step 20-data-disk
  ended 0
}

@test "a machine's disk hides no files that are there already" {
  place "$LINK"
  place /var/lib/postgresql/14/main text
  DROVER_ROLE=machine DATA_MOUNT=/var/lib/postgresql step 20-data-disk
  ended 1
  said "'/var/lib/postgresql' holds files beside its disk"
  not_called mkfs.xfs
}

@test "a second run formats, mounts and changes nothing" {
  place "$LINK"
  step 20-data-disk
  cp "${DROVER_ROOT}/etc/fstab" "${BATS_TEST_TMPDIR}/fstab"
  : >"$CALLS"
  step 20-data-disk
  ended 0
  not_called mkfs.xfs
  not_called 'mount '
  cmp "${BATS_TEST_TMPDIR}/fstab" "${DROVER_ROOT}/etc/fstab"
}

@test "a disk that a former machine used is mounted as it is" {
  place "$LINK"
  printf 'TYPE xfs\nUUID uuid-7\n' >"$SIGNATURE"
  step 20-data-disk
  ended 0
  not_called mkfs.xfs
  grep -q '^UUID=uuid-7 /mnt/drover-data' "${DROVER_ROOT}/etc/fstab"
}

@test "other lines of fstab stay, an older line of the mount point goes" {
  place "$LINK"
  place /etc/fstab $'UUID=root / ext4 defaults 0 1\nUUID=old /mnt/drover-data xfs defaults 0 2'
  step 20-data-disk
  ended 0
  grep -q '^UUID=root / ' "${DROVER_ROOT}/etc/fstab"
  [ "$(grep -c UUID=old "${DROVER_ROOT}/etc/fstab")" -eq 0 ]
}

@test "a disk is found by its serial where there is no link" {
  printf '/dev/nvme0n1 vol9999\n/dev/nvme2n1 vol0abc\n' >"${BATS_TEST_TMPDIR}/serials"
  step 20-data-disk
  ended 0
  said "volume 'vol-0abc' is '/dev/nvme2n1'"
}

@test "a disk with another file system is never formatted" {
  place "$LINK"
  printf 'TYPE ext4\nUUID u\n' >"$SIGNATURE"
  step 20-data-disk
  ended 1
  said "holds 'ext4', only an empty disk or xfs is taken"
  not_called mkfs.xfs
}

@test "a disk with a partition table is never formatted" {
  place "$LINK"
  printf 'PTTYPE gpt\n' >"$SIGNATURE"
  step 20-data-disk
  ended 1
  said "holds 'gpt'"
  not_called mkfs.xfs
}

@test "a signature that only wipefs knows protects the disk" {
  place "$LINK"
  stub wipefs 'echo "nvme1n1 0x0 linux_raid_member"'
  step 20-data-disk
  ended 1
  not_called mkfs.xfs
}

@test "a disk that is in use is never formatted" {
  place "$LINK"
  stub lsblk 'printf "nvme1n1\nnvme1n1p1\n"'
  step 20-data-disk
  ended 1
  said 'has partitions or is in use'
  not_called mkfs.xfs
}

@test "a probe that can't tell is not taken for an empty disk" {
  place "$LINK"
  stub blkid 'exit 8'
  step 20-data-disk
  ended 1
  said 'blkid cannot tell what is on'
  not_called mkfs.xfs
}

@test "a volume that is never attached ends the step at the deadline" {
  DISK_DEADLINE_SEC=10 step 20-data-disk
  ended 3
  said "waiting for volume 'vol-0abc' to be attached"
}

@test "files beside the data disk are never hidden by the mount" {
  place "$LINK"
  place /etc/rancher/agent/cattle-id abc
  step 20-data-disk
  ended 1
  said "'/etc/rancher/agent' holds files beside the data disk"
}

@test "a name that the kernel gives anew at each boot is refused" {
  DATA_VOLUME_ID=sdf step 20-data-disk
  ended 2
  said "'DATA_VOLUME_ID' is 'sdf', must be like vol-0123abc, serial:S4X9, lun:0 or path:/dev/disk/by-path/..."
  DATA_VOLUME_ID=path:/dev/sdf step 20-data-disk
  ended 2
}

@test "a disk of metal is found by its serial" {
  printf '/dev/sda S0\n/dev/sdc S4X9.1\n' >"${BATS_TEST_TMPDIR}/serials"
  DATA_VOLUME_ID=serial:S4X9.1 step 20-data-disk
  ended 0
  called 'mkfs.xfs -q -L drover-data /dev/sdc'
}

@test "a disk of Azure is found by its LUN, on SCSI and on NVMe" {
  place /dev/disk/azure/scsi1/lun0
  DATA_VOLUME_ID=lun:0 step 20-data-disk
  ended 0
  said "volume 'lun:0' is '${DROVER_ROOT}/dev/disk/azure/scsi1/lun0'"
  place /dev/disk/azure/data/by-lun/1
  DATA_VOLUME_ID=lun:1 step 20-data-disk
  ended 0
  said "volume 'lun:1' is '${DROVER_ROOT}/dev/disk/azure/data/by-lun/1'"
}

@test "a disk is found by a link that stays" {
  place /dev/disk/by-path/pci-0000:00:1f.2-ata-1
  DATA_VOLUME_ID=path:/dev/disk/by-path/pci-0000:00:1f.2-ata-1 step 20-data-disk
  ended 0
}

@test "a disk that the kernel calls otherwise after a reboot is the same disk" {
  printf '/dev/nvme1n1 vol0abc\n' >"${BATS_TEST_TMPDIR}/serials"
  step 20-data-disk
  cp "${DROVER_ROOT}/etc/fstab" "${BATS_TEST_TMPDIR}/fstab"
  printf '/dev/nvme1n1 vol9999\n/dev/nvme2n1 vol0abc\n' >"${BATS_TEST_TMPDIR}/serials"
  : >"$MOUNTED"
  step 20-data-disk
  ended 0
  said "volume 'vol-0abc' is '/dev/nvme2n1'"
  cmp "${BATS_TEST_TMPDIR}/fstab" "${DROVER_ROOT}/etc/fstab"
  [ "$(grep -c '^mkfs.xfs ' "$CALLS")" -eq 1 ]
}

@test "a second run grows the file system of a disk that has grown, and asks a SCSI disk for its size first" {
  printf '/dev/sdc vol0abc\n' >"${BATS_TEST_TMPDIR}/serials"
  place /sys/class/block/sdc/device/rescan
  stub xfs_growfs 'cat "${DROVER_ROOT}/sys/class/block/sdc/device/rescan"'
  step 20-data-disk
  : >"$CALLS"
  : >"${DROVER_ROOT}/sys/class/block/sdc/device/rescan"
  step 20-data-disk
  ended 0
  called "xfs_growfs ${DROVER_ROOT}/mnt/drover-data"
  [ "$(content /sys/class/block/sdc/device/rescan)" = 1 ]
}

@test "the disk of an Azure machine is found by its logical unit, SCSI" {
  place /dev/disk/azure/scsi1/lun0
  place /dev/disk/azure/scsi1/lun1
  DATA_VOLUME_ID=lun:0 step 20-data-disk
  ended 0
  called "mkfs.xfs -q -L drover-data ${DROVER_ROOT}/dev/disk/azure/scsi1/lun0"
}

@test "the disk of an Azure machine is found by its logical unit, NVMe" {
  place /dev/disk/azure/data/by-lun/10
  place /dev/disk/azure/data/by-lun/1
  DATA_VOLUME_ID=lun:1 step 20-data-disk
  ended 0
  called "mkfs.xfs -q -L drover-data ${DROVER_ROOT}/dev/disk/azure/data/by-lun/1"
}

@test "another logical unit is not taken for the data disk" {
  place /dev/disk/azure/scsi1/lun1
  place /dev/disk/azure/data/by-lun/10
  DISK_DEADLINE_SEC=10 DATA_VOLUME_ID=lun:0 step 20-data-disk
  ended 3
  said "waiting for volume 'lun:0' to be attached"
  DATA_VOLUME_ID=lun:x step 20-data-disk
  ended 2
  said "'DATA_VOLUME_ID' is 'lun:x', must be like"
}
