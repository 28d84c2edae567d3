#!/usr/bin/env bash
# Mounts the data disk and puts on it what makes a node itself: cluster data, node password, agent id. On a machine that is no
# node (DROVER_ROLE machine) the disk is what its mount point says, and nothing else is put there.
# Formats a disk only if it holds nothing at all; grows the file system when the disk has grown.
#   DATA_VOLUME_ID     the disk: vol-..., serial:..., lun:... or path:... (lib/disk.sh)  (required)
#   DATA_MOUNT         where the disk is mounted                        (default /mnt/drover-data)
#   DATA_DIRECTORIES   space-separated folders that live on the disk
#                      (default /var/lib/rancher /etc/rancher/node /etc/rancher/agent; on a machine that is no node none)
#   DISK_DEADLINE_SEC  time for the volume to be attached               (default 300)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/disk.sh
. "${LIB_DIR}/disk.sh"

main() {
  require DATA_VOLUME_ID
  check_disk DATA_VOLUME_ID
  : "${DATA_MOUNT:=/mnt/drover-data}"
  [ "${DROVER_ROLE:-}" = machine ] || : "${DATA_DIRECTORIES:=/var/lib/rancher /etc/rancher/node /etc/rancher/agent}"
  [ "${DROVER_ROLE:-}" != machine ] || check_hides_nothing
  await_disk "$DATA_VOLUME_ID"
  format_if_empty "$DATA_VOLUME_ID" drover-data
  mount_disk "$DATA_MOUNT"
  bind_directories
  guard_services
  systemctl daemon-reload
}

# what a hook or the image has put there would be in nobody's sight, and gone with the machine
check_hides_nothing() {
  mountpoint --quiet "${ROOT}${DATA_MOUNT}" || [ -z "$(ls -A "${ROOT}${DATA_MOUNT}" 2>/dev/null)" ] ||
    die "'${DATA_MOUNT}' holds files beside its disk: mounting would hide them; move them away, or install what made them in a hook after the steps"
}

bind_directories() {
  local directory
  words "${DATA_DIRECTORIES:-}"
  for directory in ${WORDS[@]+"${WORDS[@]}"}; do
    bind_directory "$directory" "$DATA_MOUNT"
  done
}

guard_services() {
  local unit
  [[ " ${DATA_DIRECTORIES:-} " == *' /var/lib/rancher '* ]] || return 0
  for unit in rke2-server rke2-agent rancher-system-agent; do
    guard_service "$unit" /var/lib/rancher
  done
}

main "$@"
