#!/usr/bin/env bash
# Small hosts for the proof: one systemd each, in a network of their own. Sourced by prove.sh, inside its namespaces.
#   WORK  folder of the run   (required)
#   BASE  root file system    (required)

SWITCH='switch'
NETWORK='10.88.0'

network_up() {
  ip link set lo up
  ip netns add "$SWITCH"
  ip -n "$SWITCH" link set lo up
  ip -n "$SWITCH" link add br0 type bridge
  ip -n "$SWITCH" link set br0 up
  ip -n "$SWITCH" address add "${NETWORK}.1/16" dev br0
}

address_of() { printf '%s.1%s' "$NETWORK" "${1#h}"; }

# host_create NAME: the machine, still off
host_create() {
  local name=$1 folder="${WORK}/hosts/$1"
  mkdir -p "${folder}/upper" "${folder}/work" "${folder}/root" "${folder}/disk/rancher" "${folder}/disk/kubelet"
  mount -t overlay "host-${name}" -o "lowerdir=${BASE},upperdir=${folder}/upper,workdir=${folder}/work" "${folder}/root"
  printf '%s\n' "$name" >"${folder}/root/etc/hostname"
  : >"${folder}/root/etc/machine-id"
  rm -f "${folder}/root/etc/resolv.conf"
  : >"${folder}/root/etc/resolv.conf"
  printf '127.0.0.1 localhost\n' >"${folder}/root/etc/hosts"
  ip netns add "$name"
  ip -n "$name" link set lo up
  ip link add "v-${name}" netns "$SWITCH" type veth peer name eth0 netns "$name"
  ip -n "$SWITCH" link set "v-${name}" master br0 up
  ip -n "$name" address add "$(address_of "$name")/16" dev eth0
  ip -n "$name" link set eth0 up
  ip -n "$name" route add default via "${NETWORK}.1"
}

# host_on NAME: power on
host_on() { host_boot "$1" </dev/null >>"${WORK}/hosts/$1/console.log" 2>&1 & }

host_boot() {
  local name=$1 folder="${WORK}/hosts/$1" hierarchy binds=(--bind=/dev/fuse --bind=/dev/null:/dev/kmsg)
  for hierarchy in "${CGROUPS[@]}"; do
    clear_cgroup "${hierarchy}/${GROUP}-${name}"
    mkdir -p "${hierarchy}/${GROUP}-${name}"
    printf '%s\n' "$BASHPID" >"${hierarchy}/${GROUP}-${name}/cgroup.procs"
  done
  rm -rf "${folder}/udev"
  mkdir -p "${folder}/udev"
  : >"${folder}/udev/control"
  binds+=("--bind=${folder}/udev:/run/udev")
  # one host keeps everything on its overlay, as a machine without a data disk does
  [ -e "${folder}/diskless" ] ||
    binds+=("--bind=${folder}/disk/rancher:/var/lib/rancher" "--bind=${folder}/disk/kubelet:/var/lib/kubelet")
  export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=1 SYSTEMD_SECCOMP=0
  exec systemd-nspawn -q -D "${folder}/root" -M "$name" --boot --register=no --keep-unit \
    --network-namespace-path="/run/netns/${name}" --console=pipe --capability=all --resolv-conf=off --timezone=off \
    --link-journal=no "${binds[@]}"
}

clear_cgroup() { [ ! -d "$1" ] || find "$1" -depth -type d -exec rmdir {} \; 2>/dev/null || :; }

# leader NAME: the host's first process
leader() {
  local nspawn
  nspawn=$(pgrep -f "systemd-nspawn -q -D ${WORK}/hosts/$1/root" | head -n 1)
  [ -n "$nspawn" ] || return 1
  pgrep -P "$nspawn" | head -n 1
}

# in_host NAME COMMAND...
in_host() {
  local process
  process=$(leader "$1") || return
  shift
  nsenter -t "$process" -m -u -i -n -p -C -r -w -- env -i \
    PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
}

# host_cut NAME: power cut
host_cut() {
  local process
  process=$(leader "$1") || return
  kill -9 "$process"
  while leader "$1" >/dev/null; do sleep 0.05; done
}

is_booted() { [[ $(in_host "$1" systemctl is-system-running 2>/dev/null) =~ ^(running|degraded)$ ]]; }
