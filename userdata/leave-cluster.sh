#!/usr/bin/env bash
# Takes this host out of its cluster, or ends a machine that is in none (DROVER_ROLE machine): empties the node, takes a
# server out of etcd, removes RKE2, Rancher's agent and all that Drover set up. Run as root when the environment no longer
# names the host; may be repeated, and in no cluster does nothing.
#   leave-cluster.sh [--wipe]
# What the data disk or the disk of a brick holds is kept, set aside on it as left/<cluster>-<time>, where no later cluster
# finds it; on a machine that is no node it stays as it is. --wipe takes the file system off the disk instead.
#   LEAVE_DEADLINE_SEC  time for the pods to go                                                  (default 300)
#   DATA_VOLUME_ID, DATA_MOUNT, DATA_DIRECTORIES  as in 20-data-disk
#   GLUSTER_BRICKS      as in 25-gluster-server; a storage node takes its copy with it, and nobody is asked
# /opt/drover and the log stay, and packages that were installed. A worker can't take its name off the cluster's list: delete
# the machine in Rancher.
# Exit codes: 0 the host is free, 1 it is not (the reason is said), 2 an argument is unknown, 3 a wait passed its deadline,
# 30 a run of the bootstrap could not be ended
set -o errexit -o nounset -o pipefail

BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=lib.sh
. "${BUNDLE}/lib.sh"
# shellcheck source=lib/node.sh
. "${LIB_DIR}/node.sh"
# shellcheck source=lib/disk.sh
. "${LIB_DIR}/disk.sh"

SETTINGS='/etc/drover/bootstrap.env'
WIPE=false

main() {
  case "$*" in
    '') ;;
    --wipe) WIPE=true ;;
    *) die "'$*' is unknown, allowed is --wipe" 2 ;;
  esac
  if [ ! -e "${ROOT}${SETTINGS}" ]; then
    log 'this host is in no cluster'
    return 0
  fi
  load_settings
  end_bootstrap
  case "$DROVER_ROLE" in
    nginx)
      # the address first: the other host takes it over while this one still answers
      stop_unit keepalived
      stop_unit nginx
      ;;
    storage) leave_as_storage_node ;;
    machine) leave_disk ;;
    *) leave_as_node ;;
  esac
  ! grep --quiet 35-zabbix-agent <<<"${STEPS:-}" || stop_unit zabbix-agent2
  remove_own
  if [ "$DROVER_ROLE" = machine ]; then
    log "this host is no machine of site '${DROVER_SITE:-}' any more"
  else
    log "this host has left cluster '${DROVER_CLUSTER}'"
  fi
}

load_settings() {
  # shellcheck source=/dev/null
  . "${ROOT}${SETTINGS}"
  require DROVER_ROLE
  [ "$DROVER_ROLE" = machine ] || require DROVER_CLUSTER
  : "${LEAVE_DEADLINE_SEC:=300}"
  : "${DATA_MOUNT:=/mnt/drover-data}"
  : "${DATA_DIRECTORIES:=/var/lib/rancher /etc/rancher/node /etc/rancher/agent}"
  # shellcheck source=lib/empty-node.sh
  . "${LIB_DIR}/empty-node.sh"
}

# stop_unit UNIT: now and for good
stop_unit() {
  systemctl disable --quiet "$1" 2>/dev/null || log "'$1' was not enabled"
  timeout 120 systemctl stop "$1" 2>/dev/null || log "'$1' was not stopped"
}

end_bootstrap() {
  stop_unit drover-bootstrap
  mkdir -p "${ROOT}/run/drover"
  exec 9>"${ROOT}/run/drover/run.lock"
  flock --timeout 60 9 || die 'a run of the bootstrap is under way and does not end' 30
}

leave_as_node() {
  local unit
  empty_node || log 'going on: the host goes whether its pods are ready or not'
  leave_etcd
  # Rancher's agent first: it would start RKE2 again
  for unit in rancher-system-agent rke2-server rke2-agent; do
    stop_unit "$unit"
  done
  run_program rke2-killall.sh
  leave_gluster
  [ -z "${DATA_VOLUME_ID:-}" ] || free_data_disk
  check_unmounted
  run_program rancher-system-agent-uninstall.sh
  run_program rke2-uninstall.sh
  rm -rf --one-file-system "${ROOT}/etc/rancher" "${ROOT}/var/lib/rancher"
}

leave_as_storage_node() {
  local bricks brick
  stop_unit glusterd
  retry --deadline 60 --every 2 --what 'the bricks to stop' bricks_are_stopped ||
    die 'bricks are served still: nothing of them is removed'
  words "${GLUSTER_BRICKS:-}" && bricks=(${WORDS[@]+"${WORDS[@]}"})
  for brick in ${bricks[@]+"${bricks[@]}"}; do
    DATA_VOLUME_ID=${brick#*=} DATA_MOUNT="/srv/gluster/${brick%%=*}" DATA_DIRECTORIES='/var/lib/glusterd /brick'
    free_data_disk
  done
}

# bricks_are_stopped: glusterd leaves them running, and what heals them
bricks_are_stopped() { ! pkill --exact 'glusterfsd?' >/dev/null && ! pgrep --exact 'glusterfsd?' >/dev/null; }

# leave_disk: whatever uses it is not ours to stop
leave_disk() {
  [ -n "${DATA_VOLUME_ID:-}" ] || return 0
  unmount "$DATA_MOUNT"
  [ "$WIPE" = false ] || wipe
}

# leave_etcd: RKE2 takes a member out when its node is deleted, which a server alone may do; the last one can't be
leave_etcd() {
  local name
  [ "$DROVER_ROLE" = server ] || return 0
  if ! name=$(own_node_name) || ! admin_kubectl delete node "$name" --wait=false >/dev/null; then
    log 'could not delete this node: if its cluster lives on, delete it there'
    return 0
  fi
  retry --deadline 60 --every 3 --what "node '${name}' to be out of etcd" node_is_gone "$name" ||
    log "going on: look at the members of etcd, '${name}' may be among them"
}

# node_is_gone NODE: also when this server, out of etcd, can't answer any more
node_is_gone() { ! admin_kubectl get node "$1" >/dev/null 2>&1; }

# run_program NAME: one that RKE2 or Rancher's agent brought, wherever it was put
run_program() {
  local folder
  for folder in /usr/local/bin /opt/rke2/bin /opt/rancher-system-agent/bin; do
    [ -x "${ROOT}${folder}/$1" ] || continue
    timeout 300 "${ROOT}${folder}/$1" >/dev/null || log "'$1' ended with code $?"
    return 0
  done
}

leave_gluster() {
  [ -n "${GLUSTER_VOLUME:-}" ] || return 0
  unmount "${GLUSTER_MOUNT:-/mnt/gluster}"
}

# unmount MOUNT_POINT: now and at each boot
unmount() {
  retry --deadline 60 --every 3 --what "'$1' to be free" is_unmounted "$1" || die "'$1' is in use: nothing of it is removed"
  drop_from_fstab "$1"
}

is_unmounted() { ! mountpoint --quiet "${ROOT}$1" || timeout 30 umount "${ROOT}$1"; }

# free_data_disk: its folders leave their places before anything there is removed
free_data_disk() {
  local directory
  words "$DATA_DIRECTORIES"
  for directory in "${WORDS[@]}"; do
    unmount "$directory"
  done
  [ "$WIPE" = true ] || ! mountpoint --quiet "${ROOT}${DATA_MOUNT}" || set_aside
  unmount "$DATA_MOUNT"
  [ "$WIPE" = false ] || wipe
}

set_aside() {
  local directory aside
  aside="${DATA_MOUNT}/left/${DROVER_CLUSTER}-$(TZ=UTC printf '%(%Y%m%dT%H%M%SZ)T' -1)"
  for directory in "${WORDS[@]}"; do
    [ -e "${ROOT}${DATA_MOUNT}${directory}" ] || continue
    mkdir -p "$(dirname "${ROOT}${aside}${directory}")"
    mv "${ROOT}${DATA_MOUNT}${directory}" "${ROOT}${aside}${directory}"
  done
  log "what the data disk held is kept on it in '${aside#"$DATA_MOUNT"/}'"
}

wipe() {
  if ! find_disk "$DATA_VOLUME_ID"; then
    log "disk '${DATA_VOLUME_ID}' is not there: it is not wiped"
    return 0
  fi
  wipefs --all --quiet "$DISK"
  log "disk '${DATA_VOLUME_ID}' (${DISK}) is wiped"
}

check_unmounted() {
  local directory
  for directory in /var/lib/rancher /etc/rancher/node /etc/rancher/agent; do
    ! mountpoint --quiet "${ROOT}${directory}" || die "'${directory}' is still mounted: nothing of it is removed"
  done
}

# remove_own: what Drover's steps wrote and would act at a later boot; the firewall last
remove_own() {
  local file
  for file in "${ROOT}"/etc/systemd/system/drover-*; do
    [ -e "$file" ] || continue
    stop_unit "$(basename "$file")"
    rm -f "$file"
  done
  rm -f "${ROOT}"/etc/systemd/system/*.service.d/{10-data-disk,20-gluster,20-drover}.conf
  systemctl daemon-reload
  rm -rf "${ROOT}/etc/keepalived/keepalived.conf" "${ROOT}/etc/zabbix/drover.psk" "${ROOT}/var/lib/drover" \
    "${ROOT}/run/drover/join-token" "${ROOT}/run/drover/server-token"
  if [ -e "${ROOT}/etc/nftables.d/drover.nft" ]; then
    timeout 30 nft delete table inet drover-firewall || log 'there was no firewall'
    rm -f "${ROOT}/etc/nftables.d/drover.nft"
  fi
  # with it the host forgets that it was in a cluster: what fails before can be repeated
  rm -rf "${ROOT}/etc/drover"
}

main "$@"
