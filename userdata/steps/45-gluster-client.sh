#!/usr/bin/env bash
# Mounts the cluster's GlusterFS volume, and keeps this machine out of the cluster while that is not mounted: this step
# stops the bootstrap before the join, and at each later start the kubelet's unit runs units/gluster-gate.sh first.
#   GLUSTER_VOLUME        volume to mount                                              (required)
#   GLUSTER_SERVERS       space-separated peers, the first is asked first              (required)
#   GLUSTER_MOUNT         mount point                                                  (default /mnt/gluster)
#   GLUSTER_DEADLINE_SEC  time for the volume to be mounted                            (default 900)
#   PACKAGE_DEADLINE_SEC  time for the package                                         (default 600)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/download.sh
. "${LIB_DIR}/download.sh"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"
# shellcheck source=../lib/disk.sh
. "${LIB_DIR}/disk.sh"
# shellcheck source=../lib/gluster.sh
. "${LIB_DIR}/gluster.sh"

main() {
  require GLUSTER_VOLUME GLUSTER_SERVERS
  local manager package=glusterfs
  manager=$(package_manager)
  [ "$manager" != apt ] || package=glusterfs-client
  ensure_package "$package"
  protect_mount_point
  write_mount
  guard_kubelet
  retry --deadline "${GLUSTER_DEADLINE_SEC:-900}" --every 5 --what "volume '${GLUSTER_VOLUME}' at '${GLUSTER_MOUNT}'" \
    mount_volume
  log "volume '${GLUSTER_VOLUME}' is mounted at '${GLUSTER_MOUNT}'"
}

# nothing may be written to the folder below the mount: it would be hidden later, and fill the system disk
protect_mount_point() {
  ! volume_is_mounted || return 0
  mkdir -p "${ROOT}${GLUSTER_MOUNT}"
  [ -z "$(ls -A "${ROOT}${GLUSTER_MOUNT}")" ] ||
    die "'${GLUSTER_MOUNT}' holds files beside the volume: mounting would hide them; move them away"
  chattr +i "${ROOT}${GLUSTER_MOUNT}" || log "warning: '${GLUSTER_MOUNT}' could not be made immutable on this file system"
}

write_mount() {
  local others
  words "$GLUSTER_SERVERS"
  others=$(
    IFS=:
    printf '%s' "${WORDS[*]:1}"
  )
  # nofail: a machine without its volume still boots and can be looked at; the gate keeps the kubelet from starting
  add_to_fstab "$GLUSTER_MOUNT" \
    "${WORDS[0]}:/${GLUSTER_VOLUME} ${GLUSTER_MOUNT} glusterfs defaults,_netdev,nofail${others:+,backup-volfile-servers=${others}} 0 0"
}

# a condition of systemd's would be asked once; the unit's own start is repeated until the volume comes
guard_kubelet() {
  local unit mount
  mount=$(mount_unit)
  for unit in rke2-agent rke2-server; do
    printf '[Unit]\nAfter=%s\n\n[Service]\nExecStartPre=/opt/drover/bundle/units/gluster-gate.sh\n' "$mount" |
      write_file "/etc/systemd/system/${unit}.service.d/20-gluster.conf" 0644
  done
  systemctl daemon-reload
}

main "$@"
