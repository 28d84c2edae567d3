#!/usr/bin/env bash
# Proves RKE2's stand-in on real hosts: a cluster begins, an agent and servers join, a pod runs, power is cut, a
# renewed server takes the place of a lost one. Needs root; leaves nothing behind. Prints seconds.
#   prove.sh ARCHIVE BASE   archive made by pack.sh; root file system made by base.sh
set -o errexit -o nounset -o pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck disable=SC2034 # used by scenes.sh
SECRET='a-secret-of-the-proof'

skip() {
  printf 'skipped: %s\n' "$1"
  exit 0
}

main() {
  [ "$(id -u)" -eq 0 ] || skip 'must be root'
  command -v systemd-nspawn >/dev/null || skip "no 'systemd-nspawn' (package systemd-container)"
  [ $# -eq 2 ] || skip 'usage: prove.sh ARCHIVE BASE'
  ARCHIVE=$(realpath --canonicalize-existing "$1")
  BASE=$(realpath --canonicalize-existing "$2")
  export ARCHIVE BASE
  if [ -z "${PROOF_INSIDE:-}" ]; then
    outside
  else
    inside
  fi
}

# everything lives in namespaces that end with this process
outside() {
  WORK=$(mktemp --directory /tmp/kube-proof.XXXXXX)
  GROUP=$(basename "$WORK")
  export WORK GROUP
  trap clean_up EXIT
  trap 'exit 143' TERM INT
  PROOF_INSIDE=1 unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
    "${HERE}/prove.sh" "$ARCHIVE" "$BASE"
}

clean_up() {
  find /sys/fs/cgroup -depth -type d -path "*/${GROUP}-*" -exec rmdir {} \; 2>/dev/null || :
  [ -n "${PROOF_KEEP:-}" ] || rm -rf "$WORK"
}

inside() {
  mount -t tmpfs -o mode=755 run /run
  mkdir -p /run/netns /run/lock
  # shellcheck source=host.sh
  . "${HERE}/host.sh"
  # shellcheck disable=SC2034 # used by host.sh
  mapfile -t CGROUPS < <(awk '$3 ~ /^cgroup2?$/ && ($3 == "cgroup2" || $4 ~ /name=systemd/) { print $2 }' /proc/mounts)
  trap show_failure EXIT
  network_up
  mark
  local name
  for name in h1 h2 h4; do add_host "$name"; done
  : >"${WORK}/hosts/h4/diskless"
  for name in h1 h2 h4; do host_on "$name"; done
  for name in h1 h2 h4; do wait_for 60 "${name} to boot" is_booted "$name"; done
  tell '3 hosts booted'
  # shellcheck source=scenes.sh
  . "${HERE}/scenes.sh"
  scenes
  tell_all
}

show_failure() {
  local code=$?
  [ "$code" -eq 0 ] || evidence
}

add_host() {
  host_create "$1"
  tar --extract --gzip --no-same-owner --file "$ARCHIVE" --directory "${WORK}/hosts/$1/root/usr/local"
}

mark() { MARK=$(date +%s%N); }

tell() {
  local now
  now=$(date +%s%N)
  printf '%7d.%d s  %s\n' $(((now - MARK) / 1000000000)) $(((now - MARK) / 100000000 % 10)) "$1"
}

tell_all() { printf 'all proven\n'; }

# wait_for SECONDS WHAT COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      printf 'not in time: %s\n' "$what" >&2
      exit 1
    fi
    sleep 0.1
  done
}

evidence() {
  local name
  for name in h1 h2 h3 h4; do
    [ -d "${WORK}/hosts/${name}" ] || continue
    printf -- '--- %s\n' "$name"
    in_host "$name" journalctl --no-pager --lines 25 --unit rke2-server --unit rke2-agent || tail -n 20 "${WORK}/hosts/${name}/console.log"
  done
}

main "$@"
