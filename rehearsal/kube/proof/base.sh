#!/usr/bin/env bash
# Makes the root file system of the proof's hosts out of the machine's own package source.
#   base.sh OUT   a folder that does not exist yet
set -o errexit -o nounset -o pipefail

PACKAGES='systemd,systemd-sysv,dbus,udev,iproute2,iputils-ping,ca-certificates,curl,procps,kmod,netbase,mount'
# what the stand-in takes from the distribution
PACKAGES+=',containerd,runc,containernetworking-plugins,iptables,nftables,conntrack,ethtool,socat'

main() {
  [ $# -eq 1 ] || {
    printf 'usage: base.sh OUT\n' >&2
    exit 2
  }
  local mirror
  mirror=$(awk '$1 == "URIs:" { print $2; exit }' /etc/apt/sources.list.d/debian.sources)
  nice -n 5 mmdebstrap --variant=minbase --mode=root "--include=${PACKAGES}" \
    --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='APT::Install-Recommends "false"' bookworm "$1" "deb ${mirror} bookworm main"
}

main "$@"
