#!/usr/bin/env bash
# Keeps pods and containers off the metadata of this machine, and with it off its identity. On Azure nothing else does:
# there is no hop limit. What this machine forwards to 169.254.169.254, and to Azure's agent on 168.63.129.16, is
# dropped; pods with the host's network are not forwarded. Comes before the node joins; RKE2 does not start without it.
#   PACKAGE_DEADLINE_SEC  time for nftables, where the image lacks it  (default 600)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"

RULES='/etc/drover/pod-metadata.nft'

main() {
  local units="${BOOTSTRAP_LIB%/*}/units"
  command -v nft >/dev/null || install_packages nftables
  write_file "$RULES" 0644 <"${units}/pod-metadata.nft"
  timeout 30 nft --file "${ROOT}${RULES}" || die "the rules in '${RULES}' could not be set: pods would reach the metadata"
  write_file /etc/systemd/system/drover-pod-metadata.service 0644 <"${units}/drover-pod-metadata.service"
  enable_unit drover-pod-metadata
  # never restarted: that would restart RKE2, which requires it
  systemctl start --no-block drover-pod-metadata
  log 'pods are kept off the metadata'
}

main "$@"
