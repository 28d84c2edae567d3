#!/usr/bin/env bash
# Leads everything that this machine fetches through the site's proxy and package mirror. Comes before any package.
#   HTTP_PROXY      http address of the proxy for http; never with a password in it   (default none)
#   HTTPS_PROXY     http address of the proxy for https; never with a password in it  (default none)
#   NO_PROXY        comma-separated names, domains and networks that are reached without it
#                   (default none; addresses of this machine and of the cluster are added)
#   PACKAGE_MIRROR  address that stands for the host of every package source          (default none)
# The runner gives these settings to all later steps as well.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/download.sh
. "${LIB_DIR}/download.sh"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"

# metadata, this machine, services and pods: through a proxy they would never answer
DIRECT='127.0.0.0/8,localhost,169.254.169.254,10.42.0.0/16,10.43.0.0/16,.svc,.cluster.local'

main() {
  [ -n "${HTTP_PROXY:-}${HTTPS_PROXY:-}${PACKAGE_MIRROR:-}" ] ||
    die 'nothing to lead anywhere: set HTTP_PROXY, HTTPS_PROXY or PACKAGE_MIRROR' 2
  check_proxy HTTP_PROXY
  check_proxy HTTPS_PROXY
  if [ -n "${HTTP_PROXY:-}${HTTPS_PROXY:-}" ]; then
    lead_services
    lead_package_manager
  fi
  if [ -n "${PACKAGE_MIRROR:-}" ]; then
    [[ $PACKAGE_MIRROR =~ ^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._/-]+)?$ && $PACKAGE_MIRROR != */ ]] ||
      die "'PACKAGE_MIRROR' is '${PACKAGE_MIRROR}', must be http(s)://host/path without a closing slash" 2
    use_package_mirror "$PACKAGE_MIRROR"
    log "packages come from '${PACKAGE_MIRROR}'"
  fi
}

check_proxy() {
  [ -z "${!1:-}" ] || [[ ${!1} =~ ^http://[A-Za-z0-9.-]+(:[0-9]+)?/?$ ]] ||
    die "'$1' must be like http://proxy.example.org:3128; user names and passwords are not allowed, settings hold no secrets" 2
}

# proxy_variables: as lines of an environment file
proxy_variables() {
  [ -z "${HTTP_PROXY:-}" ] || printf 'HTTP_PROXY=%s\n' "$HTTP_PROXY"
  [ -z "${HTTPS_PROXY:-}" ] || printf 'HTTPS_PROXY=%s\n' "$HTTPS_PROXY"
  printf 'NO_PROXY=%s\n' "${DIRECT}${NO_PROXY:+,${NO_PROXY}}"
}

# RKE2 hands them on to containerd and the kubelet
lead_services() {
  local unit
  for unit in rke2-server rke2-agent rancher-system-agent; do
    proxy_variables | write_file "/etc/default/${unit}" 0644
  done
  proxy_variables | sed 's/^/Environment="/; s/$/"/; 1i [Service]' |
    write_file /etc/systemd/system/docker.service.d/20-proxy.conf 0644
  log "services use the proxy '${HTTPS_PROXY:-${HTTP_PROXY:-}}'"
}

lead_package_manager() {
  local manager
  manager=$(package_manager)
  case "$manager" in
    apt)
      {
        [ -z "${HTTP_PROXY:-}" ] || printf 'Acquire::http::Proxy "%s";\n' "$HTTP_PROXY"
        [ -z "${HTTPS_PROXY:-}" ] || printf 'Acquire::https::Proxy "%s";\n' "$HTTPS_PROXY"
        direct_mirror
      } | write_file /etc/apt/apt.conf.d/90-drover-proxy 0644
      ;;
    # zypper reads it through libcurl and YaST's file alike
    zypper) { printf 'PROXY_ENABLED="yes"\n' && proxy_variables | sed -E 's/=(.*)/="\1"/'; } | write_file /etc/sysconfig/proxy 0644 ;;
  esac
}

# apt knows no list of hosts without proxy, only single ones: a mirror stands in the site
direct_mirror() {
  local host=${PACKAGE_MIRROR:-}
  [ -n "$host" ] || return 0
  host=${host#*://}
  host=${host%%[:/]*}
  printf 'Acquire::%s::Proxy::%s "DIRECT";\n' http "$host" https "$host"
}

main "$@"
