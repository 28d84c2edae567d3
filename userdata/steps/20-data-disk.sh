#!/usr/bin/env bash
# Mounts the data disk and puts on it what makes this machine itself: cluster data, node password, agent id.
# Formats a disk only if it holds nothing at all.
#   DATA_VOLUME_ID     EBS volume, vol-...                              (required)
#   DATA_MOUNT         where the disk is mounted                        (default /mnt/drover-data)
#   DATA_DIRECTORIES   space-separated folders that live on the disk
#                      (default /var/lib/rancher /etc/rancher/node /etc/rancher/agent)
#   DISK_DEADLINE_SEC  time for the volume to be attached               (default 300)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"

DISK=''

main() {
  require DATA_VOLUME_ID
  [[ $DATA_VOLUME_ID =~ ^vol-[0-9a-f]+$ ]] || die "'DATA_VOLUME_ID' is '${DATA_VOLUME_ID}', must be like vol-0123abc" 2
  : "${DATA_MOUNT:=/mnt/drover-data}"
  : "${DATA_DIRECTORIES:=/var/lib/rancher /etc/rancher/node /etc/rancher/agent}"
  retry --deadline "${DISK_DEADLINE_SEC:-300}" --every 5 \
    --what "volume '${DATA_VOLUME_ID}' to be attached" find_disk
  log "volume '${DATA_VOLUME_ID}' is '${DISK}'"
  format_if_empty
  mount_disk
  bind_directories
  guard_services
}

find_disk() {
  local serial="${DATA_VOLUME_ID/-/}" link
  link="${ROOT}/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${serial}"
  if [ -e "$link" ]; then
    DISK=$(readlink -f "$link")
  else
    DISK=$(lsblk --nodeps --noheadings --output PATH,SERIAL | awk -v serial="$serial" '$2 == serial { print $1; exit }')
  fi
  [ -n "$DISK" ]
}

# signature PROPERTY: what low-level probing finds; empty when blkid is sure that there is nothing (its code 2)
signature() {
  local value code=0
  value=$(blkid --probe --match-tag "$1" --output value "$DISK") || code=$?
  case "$code" in
    0 | 2) printf '%s' "$value" ;;
    *) die "blkid cannot tell what is on '${DISK}' (code ${code}): look at it by hand" ;;
  esac
}

format_if_empty() {
  local type table found
  type=$(signature TYPE)
  table=$(signature PTTYPE)
  if [ "$type" = xfs ]; then
    log 'the disk holds a file system: kept as it is'
    return 0
  fi
  found=$(wipefs --noheadings "$DISK")
  [ -z "${type}${table}${found}" ] || die \
    "volume '${DATA_VOLUME_ID}' (${DISK}) holds '${type:-${table:-${found}}}', only an empty disk or xfs is taken: empty it or give another volume"
  [ "$(lsblk --noheadings --output NAME "$DISK" | wc -l)" -eq 1 ] ||
    die "volume '${DATA_VOLUME_ID}' (${DISK}) has partitions or is in use: give a whole, unused volume"
  log 'the disk is empty: formatting it'
  mkfs.xfs -q -L drover-data "$DISK"
}

mount_disk() {
  local uuid
  uuid=$(signature UUID)
  [ -n "$uuid" ] || die "the file system on '${DISK}' has no UUID"
  # nofail: without the disk the machine still boots and can be looked at; guard_services keeps the cluster from starting
  add_to_fstab "$DATA_MOUNT" "UUID=${uuid} ${DATA_MOUNT} xfs defaults,nofail,x-systemd.device-timeout=60s 0 2"
  mkdir -p "${ROOT}${DATA_MOUNT}"
  mountpoint --quiet "${ROOT}${DATA_MOUNT}" || mount "${ROOT}${DATA_MOUNT}"
  xfs_growfs "${ROOT}${DATA_MOUNT}" >/dev/null
}

# add_to_fstab MOUNT_POINT LINE: replaces the line of that mount point
add_to_fstab() {
  local fstab="${ROOT}/etc/fstab" others
  ! grep --quiet --line-regexp --fixed-strings -- "$2" "$fstab" 2>/dev/null || return 0
  others=$({ [ ! -f "$fstab" ] || awk -v point="$1" '$2 != point' "$fstab"; })
  printf '%s\n' ${others:+"$others"} "$2" | write_file /etc/fstab 0644
  systemctl daemon-reload
}

bind_directories() {
  local directory source
  words "$DATA_DIRECTORIES"
  for directory in "${WORDS[@]}"; do
    source="${DATA_MOUNT}${directory}"
    if mountpoint --quiet "${ROOT}${directory}"; then
      log "'${directory}' is on the data disk already"
      continue
    fi
    mkdir -p "${ROOT}${directory}" "${ROOT}${source}"
    [ -z "$(ls -A "${ROOT}${directory}")" ] ||
      die "'${directory}' holds files beside the data disk: mounting would hide them, and no machine may have two identities; move them away"
    add_to_fstab "$directory" "${source} ${directory} none bind,nofail,x-systemd.requires-mounts-for=${DATA_MOUNT} 0 0"
    mount "${ROOT}${directory}"
  done
}

guard_services() {
  local unit
  [[ " ${DATA_DIRECTORIES} " == *' /var/lib/rancher '* ]] || return 0
  for unit in rke2-server rke2-agent rancher-system-agent; do
    write_file "/etc/systemd/system/${unit}.service.d/10-data-disk.conf" 0644 <"${BOOTSTRAP_LIB%/*}/units/data-disk.conf"
  done
  systemctl daemon-reload
}

main "$@"
