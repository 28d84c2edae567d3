#!/usr/bin/env bash
# Installs Docker beside the cluster's own containerd, for hosts that ask for it: build nodes, what is not in Kubernetes yet.
#   DOCKER_VERSION         version of the package, as the package manager writes it    (default any)
#   DOCKER_PACKAGE         its name       (default docker-ce with a repository, else docker.io, on SUSE docker)
#   DOCKER_REPOSITORY      package source: for apt 'https://host/path suite component', for zypper a base URL
#                          (default the distribution's own)
#   DOCKER_KEY_URL         https address of its signing key     (required with DOCKER_REPOSITORY)
#   DOCKER_KEY_SHA256      checksum of that key                 (required with DOCKER_REPOSITORY)
#   DOCKER_DISK            disk of its own for /var/lib/docker; see lib/disk.sh        (default none)
#   DISK_DEADLINE_SEC      time for that disk to be attached                           (default 300)
#   PACKAGE_DEADLINE_SEC   time for the package                                        (default 600)
#   START_DEADLINE_SEC     time for Docker to answer                                   (default 900)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/download.sh
. "${LIB_DIR}/download.sh"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"
# shellcheck source=../lib/disk.sh
. "${LIB_DIR}/disk.sh"

main() {
  [ -z "${DOCKER_REPOSITORY:-}" ] || require DOCKER_KEY_URL DOCKER_KEY_SHA256
  # the package starts Docker: its disk and its settings have to be there before
  [ -z "${DOCKER_DISK:-}" ] || give_disk
  configure
  install
  start
}

give_disk() {
  check_disk DOCKER_DISK
  await_disk "$DOCKER_DISK"
  format_if_empty "$DOCKER_DISK" drover-docker
  if ! mountpoint --quiet "${ROOT}/var/lib/docker" && [ -n "$(ls -A "${ROOT}/var/lib/docker" 2>/dev/null)" ]; then
    die "'/var/lib/docker' holds files beside its disk: mounting would hide them; move them away"
  fi
  mount_disk /var/lib/docker
  guard_service docker /var/lib/docker
  systemctl daemon-reload
}

install() {
  local package=docker-ce manager
  manager=$(package_manager)
  if [ -z "${DOCKER_REPOSITORY:-}" ]; then
    [ "$manager" = apt ] && package=docker.io || package=docker
  fi
  package=${DOCKER_PACKAGE:-$package}
  [ -z "${DOCKER_REPOSITORY:-}" ] ||
    add_repository docker "$DOCKER_REPOSITORY" "$DOCKER_KEY_URL" "$DOCKER_KEY_SHA256"
  ensure_package "$package" "${DOCKER_VERSION:-}"
}

CHANGED=false

# containers go on while Docker is renewed, and no log fills the disk
configure() {
  local wanted='{
  "live-restore": true,
  "log-driver": "local",
  "log-opts": {"max-size": "20m", "max-file": "5"}
}'
  [ "$(cat "${ROOT}/etc/docker/daemon.json" 2>/dev/null || :)" != "$wanted" ] || return 0
  printf '%s\n' "$wanted" | write_file /etc/docker/daemon.json 0644
  CHANGED=true
}

start() {
  systemctl enable --quiet docker
  if [ "$CHANGED" = true ]; then
    systemctl restart --no-block docker
  else
    systemctl start --no-block docker
  fi
  retry --deadline "${START_DEADLINE_SEC:-900}" --every 2 --what 'Docker to answer' docker_answers
  log 'Docker answers'
}

docker_answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

main "$@"
