#!/usr/bin/env bash
# Checks what `drover rehearse --hosts` is made of, and, as root where that is possible, runs every machine of the example
# environment as a real host and breaks it: some twenty minutes, the first time half an hour.
# Ends with "hosts: N passed, N failed". Exit: 0 everything passed, 1 something failed.
set -o nounset -o pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=suites.sh
. tools/suites.sh
# shellcheck source=apt.sh
. tools/apt.sh

export CHECKPOINT_DISABLE=1

# commands of the lab, and Debian's packages that bring them
readonly COMMANDS=(systemd-nspawn mmdebstrap mkfs.xfs ip)
readonly PACKAGES=(systemd-container mmdebstrap xfsprogs iproute2)

# can_isolate: whether this machine lets root have namespaces, overlay mounts and loop devices, which containers often lack
can_isolate() {
  local folder="$work/isolate"
  mkdir -p "$folder"/{lower,upper,work,merged} && truncate --size 1M "$folder/disk" &&
    unshare --mount --net --pid --fork --kill-child --mount-proc sh -ec '
      mount -t tmpfs tmpfs "$1/upper" && mkdir "$1/upper/upper" "$1/upper/work"
      mount -t overlay overlay -o "lowerdir=$1/lower,upperdir=$1/upper/upper,workdir=$1/upper/work" "$1/merged"
      losetup --detach "$(losetup --find --show "$1/disk")"' sh "$folder" >"$folder/log" 2>&1
}

real_hosts() {
  if [[ $(id -u) != 0 ]]; then
    skip 'real hosts' 'root is needed'
  elif ! have "${COMMANDS[@]}"; then
    skip 'real hosts' "what they run in is missing (apt-get install ${PACKAGES[*]})"
  elif ! can_isolate; then
    skip 'real hosts' "this machine gives root no namespaces, overlay mounts or loop devices: $(tail -n 1 "$work/isolate/log")"
  else
    # the same settings as pack.sh's, whose build of Kubernetes is used again
    CGO_ENABLED=0 go_suite 'Kubernetes of the hosts' kube -trimpath
    jest_suite 'real hosts' --config jest.hosts.config.cjs --testSequencer=./__tests__/hosts/in-order.cjs
  fi
}

# prepare_hosts: the file system that all hosts start from; said by itself, because it is as slow as packages come
prepare_hosts() {
  have "${COMMANDS[@]}" || apt_install "${PACKAGES[@]}" || return 0 # real_hosts says what is missing
  if [[ $(id -u) != 0 ]]; then return 0; fi
  check 'file system of the hosts' go run -C rehearsal/lab . prepare --workspace "$work"
}

main() {
  prepare_hosts
  go_suite 'lab of the hosts' lab
  go_suite 'stand-in for Rancher' rancher
  go_suite 'stand-in application' app
  real_hosts
  conclude 'hosts: '
}

main "$@"
