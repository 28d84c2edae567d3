# shellcheck shell=bash
# What tests of a host that leaves share: a host in a cluster, and what its commands answer.

# setup_leaving: a host whose commands answer well
setup_leaving() {
  setup_machine
  export MOUNTS="${BATS_TEST_TMPDIR}/mounts" PODS="${BATS_TEST_TMPDIR}/pods.json" GONE="${BATS_TEST_TMPDIR}/gone"
  : >"$MOUNTS"
  printf '{"items": []}' >"$PODS"
  stub systemctl
  stub nft
  stub timeout 'shift; exec "$@"'
  stub mountpoint 'grep -qxF -- "${2#"$DROVER_ROOT"}" "$MOUNTS"'
  stub umount 'sed -i "\#^${1#"$DROVER_ROOT"}\$#d" "$MOUNTS"'
  stub lsblk 'echo "/dev/sdb S4X9"'
  stub wipefs
  answer selfsubjectreviews '{"userInfo": {"username": "system:node:kv-01"}}'
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *"get pods"*) cat "$PODS" ;;
    *"create --raw"*) cat >>"${BATS_TEST_TMPDIR}/evictions"; echo "{\"items\": []}" >"$PODS" ;;
    *"delete node"*) : >"$GONE" ;;
    *"get node "*) [ ! -e "$GONE" ] ;;
  esac'
  executable /usr/local/bin/rke2-killall.sh ''
  executable /usr/local/bin/rke2-uninstall.sh ''
  executable /usr/local/bin/rancher-system-agent-uninstall.sh ''
  place /etc/nftables.d/drover.nft rules
  place /etc/systemd/system/drover-firewall.service
  place /var/lib/drover/bootstrap.json '{}'
  place /etc/drover/vault-secret-id secret
}

# member ROLE [SETTINGS]
member() {
  place /etc/drover/bootstrap.env "DROVER_CLUSTER='plant'
DROVER_ROLE='$1'
STEPS='10-host'
LEAVE_DEADLINE_SEC='9'
${2:-}"
}

# data_disk: mounted, with the folders of a server on it
data_disk() {
  member server "DATA_VOLUME_ID='serial:S4X9'"
  printf '%s\n' /mnt/drover-data /var/lib/rancher /etc/rancher/node /etc/rancher/agent >"$MOUNTS"
  place /mnt/drover-data/var/lib/rancher/rke2/server/db/etcd data
  place /mnt/drover-data/etc/rancher/node/password hush
  place /etc/fstab 'UUID=1 / ext4 defaults 0 1
UUID=2 /mnt/drover-data xfs defaults 0 2
/mnt/drover-data/var/lib/rancher /var/lib/rancher none bind 0 0'
}

leave() { run "${USERDATA}/leave-cluster.sh" "$@"; }

# order WORD...: calls that hold these words were made in this order
order() {
  local word line last=0
  for word in "$@"; do
    line=$(grep -nF -- "$word" "$CALLS" | tail -n 1 | cut -d : -f 1)
    [ "${line:-0}" -gt "$last" ] || {
      printf '%s does not come after the one before:\n%s\n' "$word" "$(<"$CALLS")" >&2
      return 1
    }
    last=$line
  done
}
