#!/usr/bin/env bash
# Runs before each start of RKE2: lets it start only once the GlusterFS volume is mounted and answers.
#   GLUSTER_MOUNT     mount point                                            (default /mnt/gluster)
#   GLUSTER_GATE_SEC  time of one attempt, after which the unit tries again  (default 300)
# Exit codes: 0 mounted, 3 not within its time
set -o errexit -o nounset -o pipefail

BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=../lib.sh
. "${BUNDLE}/lib.sh"

main() {
  # shellcheck source=/dev/null
  . "${ROOT}/etc/drover/bootstrap.env"
  # shellcheck source=../lib/gluster.sh
  . "${LIB_DIR}/gluster.sh"
  retry --deadline "${GLUSTER_GATE_SEC:-300}" --every 5 --what "the volume at '${GLUSTER_MOUNT}'" mount_volume
}

main "$@"
