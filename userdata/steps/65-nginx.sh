#!/usr/bin/env bash
# Passes 80 and 443 on to Rancher's servers with NGINX, and follows the list of them: drover-nginx-servers.timer reads it
# each minute, and what has changed is checked and reloaded without a dropped connection.
#   NGINX_SERVERS_PARAMETER  where the addresses of the servers stand, space-separated        (required)
#   NGINX_HEALTH_PORT        port of /healthz, which fails while no server answers            (required)
#   NGINX_VERSION            version of the distribution's package                            (default any)
#   SECRET_STORE             where the list lies; see lib/secret.sh                           (default ssm)
#   SECRET_DEADLINE_SEC      time for the list to be readable                                 (default 300)
#   PACKAGE_DEADLINE_SEC     time for the package                                             (default 600)
# Servers see the address of this machine: the PROXY protocol would have to be expected by Rancher's ingress.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"
# shellcheck source=../lib/secret.sh
. "${LIB_DIR}/secret.sh"
# shellcheck source=../lib/timer.sh
. "${LIB_DIR}/timer.sh"
# shellcheck source=../lib/nginx.sh
. "${LIB_DIR}/nginx.sh"

main() {
  require NGINX_SERVERS_PARAMETER NGINX_HEALTH_PORT
  [[ $NGINX_HEALTH_PORT =~ ^[0-9]{1,5}$ ]] || die "'NGINX_HEALTH_PORT' is '${NGINX_HEALTH_PORT}', must be a port" 2
  install
  keep_running
  retry --deadline "${SECRET_DEADLINE_SEC:-300}" --every 10 --what "the servers in '${NGINX_SERVERS_PARAMETER}'" \
    follow_servers
  systemctl enable --quiet nginx
  systemctl start --no-block nginx
  retry --deadline 60 --every 1 --what 'NGINX to answer for its health' health_answers
  install_timer drover-nginx-servers
  log 'NGINX passes traffic on'
}

install() {
  local manager package packages=(nginx)
  manager=$(package_manager)
  # SUSE's package holds the module already
  [ "$manager" != apt ] || packages+=(libnginx-mod-stream)
  for package in "${packages[@]}"; do
    ensure_package "$package" "${NGINX_VERSION:-}"
  done
}

# the package's unit leaves a crashed NGINX as it is
keep_running() {
  printf '[Service]\nRestart=on-failure\nRestartSec=1\n' |
    write_file /etc/systemd/system/nginx.service.d/20-drover.conf 0644
  systemctl daemon-reload
}

# any status is an answer: servers may come later than this machine
health_answers() {
  curl --silent --max-time 10 --noproxy '*' --output /dev/null "http://127.0.0.1:${NGINX_HEALTH_PORT}/healthz"
}

main "$@"
