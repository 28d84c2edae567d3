#!/usr/bin/env bash
# The mounted GlusterFS volume. Sourced after lib.sh.
#   GLUSTER_MOUNT  mount point  (default /mnt/gluster)

: "${GLUSTER_MOUNT:=/mnt/gluster}"

# volume_is_mounted: and answers; a mount whose servers are gone is there but hangs
volume_is_mounted() {
  [ "$(findmnt --noheadings --output FSTYPE --mountpoint "${ROOT}${GLUSTER_MOUNT}")" = fuse.glusterfs ] || return
  timeout 10 stat --file-system "${ROOT}${GLUSTER_MOUNT}" >/dev/null
}

# mount_volume: by systemd, which keeps the client in a group of its own; in that of a step it would end with the bootstrap
mount_volume() {
  ! volume_is_mounted || return 0
  timeout 60 systemctl start "$(mount_unit)" || return
  volume_is_mounted
}

mount_unit() { systemd-escape --path --suffix=mount "$GLUSTER_MOUNT"; }
