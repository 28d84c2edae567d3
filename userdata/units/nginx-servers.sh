#!/usr/bin/env bash
# Takes the present list of Rancher's servers into NGINX; run by drover-nginx-servers.timer, reads the machine's settings.
# Exit codes: 0 NGINX has the list, 1 it could not be read or was refused; the list before stays then
set -o errexit -o nounset -o pipefail

BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=../lib.sh
. "${BUNDLE}/lib.sh"

main() {
  # exported: curl reads the settings of a proxy from the environment
  set -o allexport
  # shellcheck source=/dev/null
  . "${ROOT}/etc/drover/bootstrap.env"
  set +o allexport
  # shellcheck source=../lib/packages.sh
  . "${LIB_DIR}/packages.sh"
  # shellcheck source=../lib/secret.sh
  . "${LIB_DIR}/secret.sh"
  # shellcheck source=../lib/nginx.sh
  . "${LIB_DIR}/nginx.sh"
  require NGINX_SERVERS_PARAMETER NGINX_HEALTH_PORT
  follow_servers || exit 1
}

main "$@"
