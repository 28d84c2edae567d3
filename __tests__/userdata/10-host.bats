load helper

setup() {
  setup_machine
  export DROVER_ROLE=worker
  for command in modprobe sysctl swapoff mkfs.xfs useradd apt-get zypper; do stub "$command"; done
  stub timeout 'shift; "$@"'
  stub timedatectl 'echo yes'
  stub id 'exit 1'
}

@test "a host gets modules, kernel settings and no swap" {
  place /etc/fstab $'UUID=1 / ext4 defaults 0 1\n/swap.img\tnone\tswap\tsw\t0\t0'
  step 10-host
  ended 0
  [ "$(content /etc/modules-load.d/drover.conf)" = $'overlay\nbr_netfilter' ]
  grep -qx 'fs.inotify.max_user_instances = 8192' "${DROVER_ROOT}/etc/sysctl.d/90-drover.conf"
  grep -qx 'fs.inotify.max_user_watches = 524288' "${DROVER_ROOT}/etc/sysctl.d/90-drover.conf"
  called 'swapoff --all'
  [ "$(content /etc/fstab)" = $'UUID=1 / ext4 defaults 0 1\n# /swap.img\tnone\tswap\tsw\t0\t0' ]
  said 'all packages are there'
  not_called apt-get
}

@test "a storage node is no node: it gets packages and a clock, and nothing for Kubernetes" {
  place /etc/fstab '/swap.img none swap sw 0 0'
  DROVER_ROLE=storage CIS_PROFILE=cis step 10-host
  ended 0
  said 'all packages are there'
  called timedatectl
  for command in modprobe sysctl swapoff useradd; do not_called "$command"; done
  [ "$(content /etc/fstab)" = '/swap.img none swap sw 0 0' ]
}

@test "a machine of a site is no node either, and keeps its swap" {
  place /etc/fstab '/swap.img none swap sw 0 0'
  DROVER_ROLE=machine step 10-host
  ended 0
  called timedatectl
  for command in modprobe sysctl swapoff useradd; do not_called "$command"; done
  [ "$(content /etc/fstab)" = '/swap.img none swap sw 0 0' ]
}

@test "a second run changes nothing" {
  place /etc/fstab $'/swap.img none swap sw 0 0'
  step 10-host
  find "$DROVER_ROOT" -type f -exec sha256sum {} + >"${BATS_TEST_TMPDIR}/before"
  step 10-host
  ended 0
  sha256sum --check --status "${BATS_TEST_TMPDIR}/before"
}

# hide COMMAND...: a PATH without these commands
hide() {
  local folder="${BATS_TEST_TMPDIR}/path" command
  mkdir -p "$folder"
  ln -s /usr/bin/* "${folder}/"
  ln -sf "$STUBS"/* "${folder}/"
  for command in "$@"; do rm -f "${folder}/${command}"; done
  PATH="$folder"
}

@test "a missing package is installed with apt where there is apt" {
  hide mkfs.xfs zypper
  step 10-host
  ended 0
  called 'apt-get -o DPkg::Lock::Timeout=240 update'
  called 'install --yes --no-install-recommends xfsprogs'
}

@test "a missing package is installed with zypper where there is no apt" {
  hide mkfs.xfs apt-get
  step 10-host
  ended 0
  called "zypper --non-interactive install --no-recommends --oldpackage xfsprogs"
}

@test "packages that can't be installed end the step at the deadline" {
  stub apt-get 'exit 100'
  hide mkfs.xfs
  step 10-host
  ended 3
  said 'gave up after 600 s (deadline 600 s) waiting for packages xfsprogs'
}

@test "a module that can't be loaded is a warning" {
  stub modprobe '[ "$1" != br_netfilter ]'
  step 10-host
  ended 0
  said "warning: kernel module 'br_netfilter' could not be loaded"
}

@test "a clock out of sync is waited for, then only a warning" {
  stub timedatectl 'echo no'
  TIME_DEADLINE_SEC=10 step 10-host
  ended 0
  said 'gave up after 10 s (deadline 10 s) waiting for the clock to be in sync'
  said 'warning: going on with a clock that no time server has confirmed'
}

@test "a CIS profile hardens the kernel, and gives a server the user of etcd" {
  export CIS_PROFILE=cis
  step 10-host
  grep -qx 'kernel.panic_on_oops = 1' "${DROVER_ROOT}/etc/sysctl.d/60-rke2-cis.conf"
  not_called useradd
  DROVER_ROLE=server step 10-host
  ended 0
  called 'useradd --system --comment etcd user'
  grep -qx '  - level: Metadata' "${DROVER_ROOT}/etc/rancher/rke2/audit-policy.yaml"
}

@test "an unknown role is refused" {
  DROVER_ROLE=boss step 10-host
  ended 2
  said "'DROVER_ROLE' is 'boss', allowed is one of: server worker"
}
