load helper

setup() {
  setup_machine
  export MOUNTED="${BATS_TEST_TMPDIR}/mounted"
  : >"$MOUNTED"
  stub mountpoint 'grep -qx -- "$2" "$MOUNTED"'
  stub mount 'echo "$1" >>"$MOUNTED"'
  stub mkfs.xfs 'touch "${BATS_TEST_TMPDIR}/formatted"'
  stub blkid '[ -e "${BATS_TEST_TMPDIR}/formatted" ] || exit 2; case "$3" in TYPE) echo xfs ;; UUID) echo uuid-1 ;; *) exit 2 ;; esac'
  stub lsblk 'echo nvme1n1'
  for command in wipefs xfs_growfs systemctl docker apt-get; do stub "$command"; done
  stub dpkg-query '[ -e "${BATS_TEST_TMPDIR}/installed" ] && printf "installed 5:27.5.1"'
  stub apt-get 'case "$*" in *" install "*) touch "${BATS_TEST_TMPDIR}/installed" ;; esac'
  stub timeout 'shift; "$@"'
  KEY=$'-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc'
  SUM=$(printf '%s' "$KEY" | sha256sum | cut -d' ' -f1)
  answer https://packages.example.org/gpg "$KEY"
}

@test "the distribution's Docker is installed where no repository is given" {
  step 30-docker
  ended 0
  called 'install --yes --no-install-recommends docker.io'
  said 'Docker answers'
  [ "$(json live-restore)" = true ]
}

json() { python3 "${USERDATA}/lib/json_get.py" "$@" <"${DROVER_ROOT}/etc/docker/daemon.json"; }

@test "a pinned version comes from the given repository, trusted through its pinned key" {
  DOCKER_REPOSITORY='https://packages.example.org/ubuntu noble stable' DOCKER_KEY_URL=https://packages.example.org/gpg \
    DOCKER_KEY_SHA256=$SUM DOCKER_VERSION=5:27.5.1 step 30-docker
  ended 0
  called 'install --yes --no-install-recommends docker-ce=5:27.5.1'
  grep -q 'packages.example.org/ubuntu noble stable' "${DROVER_ROOT}/etc/apt/sources.list.d/drover-docker.list"
}

@test "a second run installs and restarts nothing" {
  step 30-docker
  called 'systemctl restart --no-block docker'
  : >"$CALLS"
  DOCKER_VERSION=5:27.5.1 step 30-docker
  ended 0
  not_called apt-get
  not_called restart
}

@test "data lies on a disk of its own, mounted before the package starts Docker" {
  place /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc
  DOCKER_DISK=vol-0abc step 30-docker
  ended 0
  grep -q '^UUID=uuid-1 /var/lib/docker xfs ' "${DROVER_ROOT}/etc/fstab"
  grep -qx 'AssertPathIsMountPoint=/var/lib/docker' "${DROVER_ROOT}/etc/systemd/system/docker.service.d/10-data-disk.conf"
  [ "$(grep -nE -m1 '^mount ' "$CALLS" | cut -d: -f1)" -lt "$(grep -nF -m1 'install --yes' "$CALLS" | cut -d: -f1)" ]
}

@test "images beside the disk are never hidden by its mount" {
  place /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc
  place /var/lib/docker/overlay2/x
  DOCKER_DISK=vol-0abc step 30-docker
  ended 1
  said "'/var/lib/docker' holds files beside its disk"
}

@test "a repository without its key is refused" {
  DOCKER_REPOSITORY='https://packages.example.org/ubuntu noble stable' step 30-docker
  ended 2
  said "'DOCKER_KEY_URL' 'DOCKER_KEY_SHA256'"
}

@test "a Docker that never answers ends the step at the deadline" {
  stub docker 'exit 1'
  START_DEADLINE_SEC=10 step 30-docker
  ended 3
  said 'waiting for Docker to answer'
}
