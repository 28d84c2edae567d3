#!/usr/bin/env bash
# Passes ports on to servers with NGINX. Where their list lies in a parameter it follows it: drover-nginx-servers.timer
# reads it each minute, and what has changed is checked and reloaded without a dropped connection.
#   NGINX_SERVERS            addresses of the servers, space-separated, where they stay as they are
#                            (default those in NGINX_SERVERS_PARAMETER)
#   NGINX_SERVERS_PARAMETER  where the addresses stand, space-separated            (required without NGINX_SERVERS)
#   NGINX_PORTS              space-separated ports, each passed on to the same port                (default 80 443)
#   NGINX_HEALTH_PORT        port of /healthz, which fails while no server answers                       (required)
#   NGINX_VERSION            version of the distribution's package                                    (default any)
#   SECRET_STORE             where the list lies; see lib/secret.sh                                   (default ssm)
#   SECRET_DEADLINE_SEC      time for the list to be readable                                         (default 300)
#   PACKAGE_DEADLINE_SEC     time for the package                                                     (default 600)
# Servers see the address of this machine: the PROXY protocol would have to be expected by Rancher's ingress.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"
# shellcheck source=../lib/timer.sh
. "${LIB_DIR}/timer.sh"
# shellcheck source=../lib/nginx.sh
. "${LIB_DIR}/nginx.sh"

main() {
  require NGINX_HEALTH_PORT
  check_ports
  if [ -z "${NGINX_SERVERS:-}" ]; then
    require NGINX_SERVERS_PARAMETER
    # shellcheck source=../lib/secret.sh
    . "${LIB_DIR}/secret.sh"
  fi
  install
  keep_running
  take_servers
  systemctl enable --quiet nginx
  systemctl start --no-block nginx
  retry --deadline 60 --every 1 --what 'NGINX to answer for its health' health_answers
  [ -n "${NGINX_SERVERS:-}" ] || install_timer drover-nginx-servers
  log 'NGINX passes traffic on'
}

check_ports() {
  local port
  [[ $NGINX_HEALTH_PORT =~ ^[0-9]{1,5}$ ]] || die "'NGINX_HEALTH_PORT' is '${NGINX_HEALTH_PORT}', must be a port" 2
  words "${NGINX_PORTS:-80 443}"
  for port in "${WORDS[@]}"; do
    [[ $port =~ ^[0-9]{1,5}$ ]] || die "'NGINX_PORTS' holds '${port}', must be ports" 2
  done
}

# take_servers: a list in the settings is right or wrong at once, one in a parameter may come later
take_servers() {
  if [ -n "${NGINX_SERVERS:-}" ]; then
    follow_servers || die "the servers '${NGINX_SERVERS}' could not be taken into NGINX"
  else
    retry --deadline "${SECRET_DEADLINE_SEC:-300}" --every 10 --what "the servers in '${NGINX_SERVERS_PARAMETER}'" \
      follow_servers
  fi
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
