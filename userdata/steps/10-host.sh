#!/usr/bin/env bash
# Prepares the operating system, of a node for Kubernetes.
#   DROVER_ROLE           server, worker, or storage and machine, which are no nodes  (required)
#   CIS_PROFILE           name of RKE2's CIS profile; also hardens the host         (default none)
#   PACKAGE_DEADLINE_SEC  time for missing packages                                 (default 600)
#   TIME_DEADLINE_SEC     time for the clock to be in sync; only a warning after it (default 120)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"

main() {
  require DROVER_ROLE
  one_of DROVER_ROLE server worker storage machine
  install_missing_commands
  case "$DROVER_ROLE" in
    server | worker) prepare_node ;;
  esac
  wait_for_clock
}

prepare_node() {
  load_modules overlay br_netfilter
  write_sysctls
  turn_swap_off
  [ -z "${CIS_PROFILE:-}" ] || meet_cis_prerequisites
}

# the commands of later steps that a minimal image may lack, each with its package; the names are equal for apt and zypper
install_missing_commands() {
  local missing=() pair
  for pair in curl:curl tar:tar python3:python3 mkfs.xfs:xfsprogs; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  if [ "${#missing[@]}" -eq 0 ]; then
    log 'all packages are there'
    return 0
  fi
  install_packages "${missing[@]}"
}

load_modules() {
  local module
  printf '%s\n' "$@" | write_file /etc/modules-load.d/drover.conf 0644
  for module in "$@"; do
    # a kernel that has it built in, or shares one with its host, may not know it as a module
    modprobe "$module" || log "warning: kernel module '${module}' could not be loaded; pods may lack a network"
  done
}

write_sysctls() {
  # numbers of inotify: RKE2 documentation, install/requirements
  write_file /etc/sysctl.d/90-drover.conf 0644 <<-'END'
	fs.inotify.max_user_instances = 8192
	fs.inotify.max_user_watches = 524288
	net.ipv4.ip_forward = 1
	END
  sysctl --quiet --load "${ROOT}/etc/sysctl.d/90-drover.conf"
}

turn_swap_off() {
  swapoff --all
  [ ! -f "${ROOT}/etc/fstab" ] || sed -i -E 's/^([^#]\S*\s+\S+\s+swap\s)/# \1/' "${ROOT}/etc/fstab"
}

# what kubelet's protect-kernel-defaults compares, the user that owns etcd's files, and what the API keeps an audit of
meet_cis_prerequisites() {
  write_file /etc/sysctl.d/60-rke2-cis.conf 0644 <<-'END'
	vm.panic_on_oom = 0
	vm.overcommit_memory = 1
	kernel.panic = 10
	kernel.panic_on_oops = 1
	kernel.keys.root_maxkeys = 1000000
	kernel.keys.root_maxbytes = 25000000
	END
  sysctl --quiet --load "${ROOT}/etc/sysctl.d/60-rke2-cis.conf"
  [ "$DROVER_ROLE" = server ] || return 0
  id etcd >/dev/null 2>&1 ||
    useradd --system --comment 'etcd user' --shell /sbin/nologin --no-create-home --user-group etcd
  # RKE2's own policy of that profile keeps no events at all
  write_file /etc/rancher/rke2/audit-policy.yaml 0600 <"${BOOTSTRAP_LIB%/*}/manifests/audit-policy.yaml"
}

wait_for_clock() {
  # the cloud's hypervisor sets the clock: a closed network without time servers is no reason to stop
  retry --deadline "${TIME_DEADLINE_SEC:-120}" --every 5 --what 'the clock to be in sync' clock_is_in_sync ||
    log 'warning: going on with a clock that no time server has confirmed'
}

clock_is_in_sync() { [ "$(timedatectl show --property NTPSynchronized --value)" = yes ]; }

main "$@"
