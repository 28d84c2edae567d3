load helper

SNAPSHOTS=/var/lib/rancher/rke2/server/db/snapshots
CONTAINER=https://acct.blob.core.windows.net/snapshots
COPY="${CONTAINER}/shop/dev-shop-s1/etcd-snapshot-s1-1700000000"

setup() {
  setup_machine
  answers_of_azure
  export SNAPSHOT_CONTAINER=$CONTAINER DROVER_CLUSTER=shop DROVER_NODE=dev-shop-s1
  place /etc/drover/bootstrap.env "DROVER_CLOUD='azure'
SNAPSHOT_CONTAINER='${CONTAINER}'
DROVER_CLUSTER='shop'
DROVER_NODE='dev-shop-s1'
KEY_VAULT_IDENTITY='client-1'"
  stub systemctl
}

# snapshot NAME [AGE]: one that RKE2 has finished
snapshot() {
  place "${SNAPSHOTS}/$1" data
  touch --date "${2:-10 minutes ago}" "${DROVER_ROOT}${SNAPSHOTS}/$1"
}

copies() { run "${USERDATA}/units/snapshot-copies.sh"; }

# exists URL: asked for, it is there; everything else about it stays as other answers say
exists() { answer "$1
header = \"Authorization: Bearer azure-token\"
header = \"x-ms-version: 2021-12-02\"
head" ''; }

stored() { requested "upload-file = \"${DROVER_ROOT}${SNAPSHOTS}/$1\""; }

@test "the timer is installed, started and kept at each boot" {
  step 70-snapshot-copies
  ended 0
  called 'systemctl enable --quiet --no-reload drover-snapshot-copies.timer'
  called 'systemctl start --no-block drover-snapshot-copies.timer'
  grep -qx 'ExecStart=/opt/drover/bundle/units/snapshot-copies.sh' \
    "${DROVER_ROOT}/etc/systemd/system/drover-snapshot-copies.service"
  grep -q '^OnUnitInactiveSec=' "${DROVER_ROOT}/etc/systemd/system/drover-snapshot-copies.timer"
}

@test "settings are checked" {
  SNAPSHOT_CONTAINER='' step 70-snapshot-copies
  ended 2
  said "'SNAPSHOT_CONTAINER'"
  SNAPSHOT_CONTAINER=https://acct.blob.core.windows.net/snapshots/ step 70-snapshot-copies
  ended 2
  said "must be like https://account.blob.core.windows.net/container"
  not_called systemctl
}

@test "a finished snapshot is sent once, by the managed identity, create-only" {
  snapshot etcd-snapshot-s1-1700000000
  answer 'request = "PUT"' ''
  copies
  ended 0
  called "--max-time 1800 --config - ${COPY}"
  stored etcd-snapshot-s1-1700000000
  requested 'header = "If-None-Match: *"'
  requested 'header = "x-ms-blob-type: BlockBlob"'
  said "snapshot 'etcd-snapshot-s1-1700000000' copied"
  not_called azure-token
}

@test "a snapshot that has a copy is not sent again" {
  snapshot etcd-snapshot-s1-1700000000
  exists "$COPY"
  copies
  ended 0
  not_requested 'request = "PUT"'
}

@test "a copy that another run has just made is as good" {
  snapshot etcd-snapshot-s1-1700000000
  answer 'request = "PUT"' '<Error><Code>BlobAlreadyExists</Code></Error>' 22
  copies
  ended 0
  said "snapshot 'etcd-snapshot-s1-1700000000' has a copy already"
}

@test "what is still being written is left for the next run" {
  snapshot etcd-snapshot-s1-1700000000.part
  snapshot etcd-snapshot-s1-1700000001 now
  answer 'request = "PUT"' ''
  copies
  ended 0
  not_called curl
}

@test "one that can't be copied is named, the others are copied, and the run fails" {
  snapshot 'a b'
  snapshot etcd-snapshot-s1-1700000000
  snapshot etcd-snapshot-s1-1700000006
  answer 'request = "PUT"' ''
  answer 'etcd-snapshot-s1-1700000000"' '<Error><Code>AuthorizationPermissionMismatch</Code></Error>' 22
  copies
  ended 1
  stored etcd-snapshot-s1-1700000006
  said "could not create blob '${COPY}': <Error><Code>AuthorizationPermissionMismatch</Code></Error>"
  said "snapshot 'a b' is not copied"
  said "2 snapshots have no copy in '${CONTAINER}'; they are tried again"
}

@test "a snapshot that is too large for one write is said, not sent" {
  snapshot etcd-snapshot-s1-1700000000
  truncate --size 5001M "${DROVER_ROOT}${SNAPSHOTS}/etcd-snapshot-s1-1700000000"
  touch --date '10 minutes ago' "${DROVER_ROOT}${SNAPSHOTS}/etcd-snapshot-s1-1700000000"
  copies
  ended 1
  said "at most 5000 MiB can be copied"
  not_requested 'request = "PUT"'
}

@test "a server without a snapshot yet copies nothing" {
  copies
  ended 0
  said "there is no snapshot yet"
  not_called curl
}
