#!/usr/bin/env bash
# Disks that hold what must outlive a machine: found by what they are, never by the name that the kernel gave them.
# Sourced after lib.sh. Formats a disk only if it holds nothing at all.
#   DISK_DEADLINE_SEC  time for a disk to be attached  (default 300)
# A disk is one of
#   vol-0123abc    an EBS volume
#   serial:TEXT    the disk with this serial number (metal)
#   lun:NUMBER     the Azure data disk at that logical unit, SCSI or NVMe
#   path:/dev/...  a link that stays, such as one in /dev/disk/by-path or by-id

DISK=''

# check_disk SETTING: stops unless the setting names a disk
check_disk() { disk_is_named "${!1}" || die "'$1' is '${!1}', must be like vol-0123abc, serial:S4X9, lun:0 or path:/dev/disk/by-path/..." 2; }

disk_is_named() { [[ $1 =~ ^(vol-[0-9a-f]+|serial:[A-Za-z0-9_.-]+|lun:[0-9]+|path:/dev/disk/[A-Za-z0-9_./:-]+)$ ]]; }

# await_disk NAME: leaves its present device in DISK
await_disk() {
  retry --deadline "${DISK_DEADLINE_SEC:-300}" --every 5 --what "volume '$1' to be attached" find_disk "$1"
  log "volume '$1' is '${DISK}'"
}

find_disk() {
  DISK=''
  case "$1" in
    vol-*) find_by_link "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${1/-/}" || find_by_serial "${1/-/}" ;;
    serial:*) find_by_serial "${1#serial:}" ;;
    # links of WALinuxAgent's udev rules for SCSI, of azure-vm-utils for NVMe
    lun:*) find_by_link "/dev/disk/azure/scsi1/lun${1#lun:}" || find_by_link "/dev/disk/azure/data/by-lun/${1#lun:}" ;;
    path:*) find_by_link "${1#path:}" ;;
  esac
}

find_by_link() {
  [ -e "${ROOT}$1" ] || return
  DISK=$(readlink -f "${ROOT}$1")
}

find_by_serial() {
  DISK=$(lsblk --nodeps --noheadings --output PATH,SERIAL | awk -v serial="$1" '$2 == serial { print $1; exit }')
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

# format_if_empty NAME LABEL
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
    "volume '$1' (${DISK}) holds '${type:-${table:-${found}}}', only an empty disk or xfs is taken: empty it or give another volume"
  [ "$(lsblk --noheadings --output NAME "$DISK" | wc -l)" -eq 1 ] ||
    die "volume '$1' (${DISK}) has partitions or is in use: give a whole, unused volume"
  log 'the disk is empty: formatting it'
  mkfs.xfs -q -L "$2" "$DISK"
}

# mount_disk MOUNT_POINT: by UUID, now and at each boot; a file system smaller than its disk grows
mount_disk() {
  local uuid
  uuid=$(signature UUID)
  [ -n "$uuid" ] || die "the file system on '${DISK}' has no UUID"
  # nofail: without the disk the machine still boots and can be looked at; guard_service keeps what needs it from starting
  add_to_fstab "$1" "UUID=${uuid} $1 xfs defaults,nofail,x-systemd.device-timeout=60s 0 2"
  mkdir -p "${ROOT}$1"
  mountpoint --quiet "${ROOT}$1" || mount "${ROOT}$1"
  see_new_size
  xfs_growfs "${ROOT}$1" >/dev/null
}

# a SCSI disk tells its new size only when asked; other buses tell it by themselves
see_new_size() {
  local rescan
  rescan="${ROOT}/sys/class/block/$(basename "$DISK")/device/rescan"
  [ ! -w "$rescan" ] || printf '1\n' >"$rescan"
}

# add_to_fstab MOUNT_POINT LINE: replaces the line of that mount point. The step that calls it has systemd read its units
# anew, once for all lines: that is a fifth of a second of work each time
add_to_fstab() {
  local fstab="${ROOT}/etc/fstab" others
  ! grep --quiet --line-regexp --fixed-strings -- "$2" "$fstab" 2>/dev/null || return 0
  others=$({ [ ! -f "$fstab" ] || awk -v point="$1" '$2 != point' "$fstab"; })
  printf '%s\n' ${others:+"$others"} "$2" | write_file /etc/fstab 0644
}

# drop_from_fstab MOUNT_POINT
drop_from_fstab() {
  local others
  [ -f "${ROOT}/etc/fstab" ] || return 0
  others=$(awk -v point="$1" '$2 != point' "${ROOT}/etc/fstab")
  printf '%s\n' ${others:+"$others"} | write_file /etc/fstab 0644
}

# bind_directory DIRECTORY MOUNT_POINT: the folder lies on the disk that is mounted there, under its own path
bind_directory() {
  local source="$2$1"
  if mountpoint --quiet "${ROOT}$1"; then
    log "'$1' is on the data disk already"
    return 0
  fi
  mkdir -p "${ROOT}$1" "${ROOT}${source}"
  [ -z "$(ls -A "${ROOT}$1")" ] ||
    die "'$1' holds files beside the data disk: mounting would hide them, and no machine may have two identities; move them away"
  add_to_fstab "$1" "${source} $1 none bind,nofail,x-systemd.requires-mounts-for=$2 0 0"
  mount "${ROOT}$1"
}

# guard_service UNIT MOUNT_POINT: without its disk a service must not start as if it were new
guard_service() {
  printf '[Unit]\nRequiresMountsFor=%s\nAssertPathIsMountPoint=%s\n' "$2" "$2" |
    write_file "/etc/systemd/system/$1.service.d/10-data-disk.conf" 0644
}
