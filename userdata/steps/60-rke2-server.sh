#!/usr/bin/env bash
# Starts an RKE2 server of the management cluster: with its data, as the first of a new cluster, or by joining.
#   DROVER_NODE           fixed name of this node                                        (required)
#   DROVER_CLOUD          aws, azure or metal                                            (default aws)
#   HOST_ADDRESS          this host's address in its site, where it may have several     (required on metal)
#   REGION                region of this machine                                         (required)
#   REGISTRATION_ADDRESS  name or address under which servers are joined                 (required)
#   INITIALISER           true on the one server that may begin a cluster, else false    (required)
#   CLAIM_INITIALISED     SSM parameter, address of a blob, or secret of Vault that exists from the first begin on
#                                                                                        (required)
#   PUBLISH_CA_HASH       secret with the hash of the cluster's CA, or 'pending'         (required)
#   SECRET_STORE          where that lies; see lib/secret.sh                             (default ssm)
#   TLS_SANS              further names of the API, space-separated                      (default none)
#   NODE_LABELS           space-separated key=value                                      (default none)
#   NODE_TAINTS           space-separated key=value:Effect                               (default none)
#   CIS_PROFILE           RKE2's profile                                                 (default none)
#   OIDC_ISSUER           https address of this cluster's own token issuer               (default RKE2's)
#   INGRESS_CONTROLLER    traefik or none                                                (default traefik)
#   ETCD_SNAPSHOT_CRON    when etcd snapshots are taken, UTC                             (default RKE2's)
#   ETCD_SNAPSHOT_RETENTION  how many are kept on the server                             (default RKE2's)
#   PROVIDER_ID_BY        self, or ccm                                                   (default ccm)
#   JOIN_DEADLINE_SEC     time for the first server to publish and answer                (default 1800)
#   START_DEADLINE_SEC    time for RKE2 to start                                         (default 900)
# Begins a cluster only if designated, and the disk is empty, and nothing answers at the registration address,
# and the marker could be created. If the marker exists and nothing answers it fails: no second cluster, ever.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/cloud.sh
. "${LIB_DIR}/cloud.sh"
# shellcheck source=../lib/secret.sh
. "${LIB_DIR}/secret.sh"
# shellcheck source=../lib/node.sh
. "${LIB_DIR}/node.sh"
# shellcheck source=../lib/server-config.sh
. "${LIB_DIR}/server-config.sh"

JOIN_TOKEN='/run/drover/join-token'
SERVER_TOKEN='/run/drover/server-token'
# on the data disk, beside RKE2's own folder: it goes where the data goes
CLAIM_FILE='/var/lib/rancher/drover-claim'

main() {
  require DROVER_NODE REGION REGISTRATION_ADDRESS INITIALISER CLAIM_INITIALISED PUBLISH_CA_HASH
  one_of INITIALISER true false
  [[ ${ETCD_SNAPSHOT_RETENTION:-1} =~ ^[0-9]+$ ]] ||
    die "'ETCD_SNAPSHOT_RETENTION' is '${ETCD_SNAPSHOT_RETENTION}', must be a number" 2
  if systemctl is-active --quiet rke2-server; then
    log 'RKE2 runs already: a running server is not restarted'
    return 0
  fi
  [ -s "${ROOT}${JOIN_TOKEN}" ] || die "no join secret in '${JOIN_TOKEN}': run step 40-join-secret first"
  write_server_config
  apply_provider_id_setting
  decide_membership
  # not earlier: a folder of RKE2's would make the disk look used
  install_manifests
  start
  write_membership "${RKE2_DIR}/server/token" "$(registration_url)"
}

registration_url() { printf 'https://%s:9345' "$REGISTRATION_ADDRESS"; }

decide_membership() {
  if has_data; then
    log 'the disk holds a member of the cluster: starting with it'
    write_membership "$(persistent_token)" "$(registration_url)"
  elif may_begin; then
    log 'beginning a new cluster'
    write_membership "$JOIN_TOKEN"
  else
    join
  fi
}

has_data() { [ -n "$(ls -A "${ROOT}${RKE2_DIR}/server/db/etcd/member/wal" 2>/dev/null)" ]; }

# the file that RKE2 keeps; a machine that was cut off before that file was written still has the fetched secret
persistent_token() {
  if [ -s "${ROOT}${RKE2_DIR}/server/token" ]; then
    printf '%s' "${RKE2_DIR}/server/token"
  else
    printf '%s' "$JOIN_TOKEN"
  fi
}

may_begin() {
  if [ "$INITIALISER" != true ]; then
    log 'not the server that may begin a cluster'
    return 1
  fi
  if [ -e "${ROOT}${RKE2_DIR}/server" ] && [ ! -s "${ROOT}${CLAIM_FILE}" ]; then
    log "the disk is not empty ('${RKE2_DIR}/server' exists): no new cluster begins on it"
    return 1
  fi
  # one silent moment of a load balancer is not an empty cluster; where there was a cluster, the marker keeps it
  if retry --deadline 6 --every 2 --what "an answer of '$(registration_url)', to join instead" something_answers; then
    log "'$(registration_url)' answers: there is a cluster to join"
    return 1
  fi
  claim
}

# any answer counts, whatever its certificate or status: it is the sign of a living cluster, not of its health
something_answers() { curl --silent --insecure --max-time 5 --output /dev/null "$(registration_url)/cacerts"; }

# claim: creates the marker, or finds that this very disk created it in a run that was cut short
claim() {
  local code=0 mine holder
  check_claim "$CLAIM_INITIALISED"
  if [ ! -s "${ROOT}${CLAIM_FILE}" ]; then
    printf '%s %s\n' "$DROVER_NODE" "$(cat "${ROOT}/proc/sys/kernel/random/uuid")" | write_file "$CLAIM_FILE" 0600
  fi
  mine=$(<"${ROOT}${CLAIM_FILE}")
  claim_create "$CLAIM_INITIALISED" "$mine" || code=$?
  case "$code" in
    0)
      log "marker '${CLAIM_INITIALISED}' created"
      return 0
      ;;
    4) ;;
    *) die "could not create marker '${CLAIM_INITIALISED}': without it no cluster begins" ;;
  esac
  holder=$(claim_read "$CLAIM_INITIALISED") || holder='unknown'
  if [ "$holder" = "$mine" ]; then
    log "marker '${CLAIM_INITIALISED}' is this disk's own, of a run that was cut short"
    return 0
  fi
  rm -f "${ROOT}${CLAIM_FILE}"
  retry --deadline 20 --every 4 --what "the cluster of marker '${CLAIM_INITIALISED}' to answer" something_answers || die \
    "marker '${CLAIM_INITIALISED}' exists (held by '${holder}') but nothing answers at '$(registration_url)': the cluster was begun before; bring back a server with its data, restore a snapshot, or delete the marker if the cluster is given up"
  return 1
}

join() {
  local hash secret deadline="${JOIN_DEADLINE_SEC:-1800}"
  hash=$(secret_await "$PUBLISH_CA_HASH" "$deadline")
  [[ $hash =~ ^[0-9a-f]{64}$ ]] || die "parameter '${PUBLISH_CA_HASH}' is '${hash}', must be 64 hexadecimal digits"
  retry --deadline "$deadline" --every 5 --what "an answer of '$(registration_url)'" something_answers
  secret=$(<"${ROOT}${JOIN_TOKEN}")
  # with the hash RKE2 refuses a server of another cluster
  printf 'K10%s::server:%s\n' "$hash" "$secret" | write_file "$SERVER_TOKEN" 0600
  write_membership "$SERVER_TOKEN" "$(registration_url)"
  log "joining at '$(registration_url)'"
}

start() {
  enable_unit rke2-server
  # its start takes as long as it takes: the deadline is ours
  systemctl start --no-block rke2-server
  if ! retry --deadline "${START_DEADLINE_SEC:-900}" --every 1 --what 'rke2-server to be active' \
    systemctl is-active --quiet rke2-server; then
    journalctl --unit rke2-server --no-pager --lines 30 >&2 || log 'no journal of rke2-server'
    exit 3
  fi
  log 'rke2-server is active'
}

main "$@"
