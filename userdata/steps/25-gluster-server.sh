#!/usr/bin/env bash
# Makes this machine a storage node: bricks on disks of their own, all peers in one pool, and on the first peer the volume.
#   GLUSTER_BRICKS           space-separated name=disk, such as b1=vol-0123abc; see lib/disk.sh   (required)
#   GLUSTER_PEERS            space-separated names of all storage nodes, the same on each; the first one gathers
#                            the others and makes the volume                                      (required)
#   GLUSTER_SELF             this machine among them                                              (required)
#   GLUSTER_VOLUME           volume of one brick a name and peer               (default none is made)
#   GLUSTER_REPLICA          copies of each file; the number of peers is a multiple of it         (default 3)
#   GLUSTER_ARBITER          whether the last of them keeps names and versions alone                (default false)
#   GLUSTER_FIRST_COMES_LAST whether the first peer is set up after all others: while one of these is in no pool, it does
#                            not wait to be taken in                                              (default false)
#   GLUSTER_PING_TIMEOUT_SEC time after which clients give a peer up, s; an option of the volume  (default 5)
#   GLUSTER_DEADLINE_SEC     time for all peers to be in the pool                                 (default 900)
#   DISK_DEADLINE_SEC        time for a disk to be attached                                       (default 300)
#   PACKAGE_DEADLINE_SEC     time for the package                                                 (default 600)
# A brick is /srv/gluster/<name>/brick: a folder inside the mount, so that none is ever made on the disk below it.
# The peer's identity (/var/lib/glusterd) lies on the disk of the first brick and survives the machine.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/download.sh
. "${LIB_DIR}/download.sh"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"
# shellcheck source=../lib/disk.sh
. "${LIB_DIR}/disk.sh"
# shellcheck source=../lib/gluster-pool.sh
. "${LIB_DIR}/gluster-pool.sh"

BRICKS=()
PEERS=()

main() {
  require GLUSTER_BRICKS GLUSTER_PEERS GLUSTER_SELF
  check_settings
  mount_bricks
  ensure_package glusterfs-server
  systemctl enable --quiet glusterd
  systemctl start --no-block glusterd
  retry --deadline 120 --every 2 --what 'glusterd to answer' gluster_says pool list
  if is_taken_in_later; then
    log "in no pool yet: '${PEERS[0]}' is set up later and takes this peer in"
    return 0
  fi
  retry --deadline "${GLUSTER_DEADLINE_SEC:-900}" --every 5 --what "peers ${GLUSTER_PEERS} to be in the pool" gather_peers
  log "${#PEERS[@]} peers are in the pool"
  [ "$GLUSTER_SELF" != "${PEERS[0]}" ] || [ -z "${GLUSTER_VOLUME:-}" ] || make_volume
}

check_settings() {
  local pair
  words "$GLUSTER_PEERS" && PEERS=("${WORDS[@]}")
  words "$GLUSTER_BRICKS" && BRICKS=("${WORDS[@]}")
  [[ " ${GLUSTER_PEERS} " == *" ${GLUSTER_SELF} "* ]] ||
    die "'GLUSTER_SELF' is '${GLUSTER_SELF}', must be one of 'GLUSTER_PEERS': ${GLUSTER_PEERS}" 2
  for pair in "${BRICKS[@]}"; do
    if ! [[ $pair =~ ^[a-z0-9-]+=.+$ ]] || ! disk_is_named "${pair#*=}"; then
      die "'GLUSTER_BRICKS' holds '${pair}', must be like b1=vol-0123abc" 2
    fi
  done
  : "${GLUSTER_REPLICA:=3}" "${GLUSTER_ARBITER:=false}"
  : "${GLUSTER_FIRST_COMES_LAST:=false}"
  one_of GLUSTER_ARBITER true false
  one_of GLUSTER_FIRST_COMES_LAST true false
  [ -z "${GLUSTER_VOLUME:-}" ] || [ $((${#PEERS[@]} % GLUSTER_REPLICA)) -eq 0 ] ||
    die "${#PEERS[@]} peers can't keep ${GLUSTER_REPLICA} copies each: 'GLUSTER_PEERS' must hold a multiple of 'GLUSTER_REPLICA'" 2
}

mount_bricks() {
  local pair point
  for pair in "${BRICKS[@]}"; do
    point="/srv/gluster/${pair%%=*}"
    await_disk "${pair#*=}"
    format_if_empty "${pair#*=}" "drover-${pair%%=*}"
    mount_disk "$point"
    mkdir -p "${ROOT}${point}/brick"
  done
  keep_identity "/srv/gluster/${BRICKS[0]%%=*}"
  guard_service glusterd /var/lib/glusterd
  systemctl daemon-reload
}

# keep_identity MOUNT_POINT: an image may hold the package's files, but never a peer that has run
keep_identity() {
  local state=/var/lib/glusterd
  if ! mountpoint --quiet "${ROOT}${state}"; then
    [ ! -e "${ROOT}${state}/glusterd.info" ] ||
      die "'${state}' holds a peer of its own beside the brick's: no machine may have two identities; move it away"
    mkdir -p "${ROOT}$1${state}"
    [ ! -d "${ROOT}${state}" ] || cp --archive --no-clobber "${ROOT}${state}/." "${ROOT}$1${state}/"
    rm -rf --one-file-system "${ROOT}${state:?}"
  fi
  bind_directory "$state" "$1"
}

# gather_peers: the first one asks each that is missing; the others wait until all are connected
gather_peers() {
  local pool peer
  pool=$(gluster_says pool list) || return
  if [ "$GLUSTER_SELF" = "${PEERS[0]}" ]; then
    for peer in "${PEERS[@]:1}"; do
      # one that has gone away is a member still: asking again would only say so
      awk -v peer="$peer" '$2 == peer { found = 1 } END { exit !found }' <<<"$pool" ||
        gluster_says peer probe "$peer" >&2 || log "peer '${peer}' does not answer yet"
    done
    pool=$(gluster_says pool list) || return
  fi
  [ "$(grep -c '[[:space:]]Connected[[:space:]]*$' <<<"$pool")" -eq "${#PEERS[@]}" ]
}

make_volume() {
  local pair peer bricks=() copies=("$GLUSTER_REPLICA")
  [ "$GLUSTER_ARBITER" = false ] || copies+=(arbiter 1)
  if gluster_says volume info "$GLUSTER_VOLUME" >/dev/null 2>&1; then
    log "volume '${GLUSTER_VOLUME}' is there already"
  else
    # neighbours in this list keep the same files: no two of them may be one machine
    for pair in "${BRICKS[@]}"; do
      for peer in "${PEERS[@]}"; do
        bricks+=("${peer}:/srv/gluster/${pair%%=*}/brick")
      done
    done
    gluster_says volume create "$GLUSTER_VOLUME" replica "${copies[@]}" "${bricks[@]}" >&2
    log "volume '${GLUSTER_VOLUME}' created"
  fi
  gluster_says volume set "$GLUSTER_VOLUME" network.ping-timeout "${GLUSTER_PING_TIMEOUT_SEC:-5}" >&2
  gluster_says volume set "$GLUSTER_VOLUME" cluster.quorum-type auto >&2
  gluster_says volume set "$GLUSTER_VOLUME" cluster.server-quorum-type server >&2
  volume_is_started || gluster_says volume start "$GLUSTER_VOLUME" >&2
  retry --deadline 120 --every 5 --what "volume '${GLUSTER_VOLUME}' to be started" volume_is_started
}

volume_is_started() {
  local answer
  answer=$(gluster_says volume info "$GLUSTER_VOLUME") || return
  grep --quiet '^Status: Started' <<<"$answer"
}

main "$@"
