#!/usr/bin/env bash
# Registers this machine with its Rancher-managed cluster through Rancher's system agent.
#   RANCHER_URL                 https address of Rancher                                        (required)
#   DROVER_CLOUD                aws, azure or metal                                             (default aws)
#   DROVER_PLATFORM             the same of this machine, as a guest of another site            (default DROVER_CLOUD)
#   HOST_ADDRESS                this host's address in its site                                 (required on metal)
#   REGION                      region of this machine                                          (required)
#   RANCHER_TOKEN_PARAMETER     secret with the cluster's registration token                    (required)
#   RANCHER_CHECKSUM_PARAMETER  secret with the sha256 of Rancher's CA; 'none' for a public CA  (required)
#   SECRET_STORE                where both lie; see lib/secret.sh                               (default ssm)
#   NODE_ROLES                  space-separated: etcd, controlplane, worker                     (required)
#   DROVER_NODE                 fixed name of this node                                         (default the host's own)
#   NODE_LABELS                 space-separated key=value                                       (default none)
#   NODE_TAINTS                 space-separated key=value:Effect                                (default none)
#   PROVIDER_ID_BY              self, or ccm                                                    (default ccm)
#   TOPOLOGY_BY                 self, or ccm: who labels the node with its region and zone      (default ccm)
#   JOIN_DEADLINE_SEC           time for Rancher to publish its token and answer                (default 1800)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/cloud.sh
. "${LIB_DIR}/cloud.sh"
# shellcheck source=../lib/secret.sh
. "${LIB_DIR}/secret.sh"
# shellcheck source=../lib/node.sh
. "${LIB_DIR}/node.sh"

WORK=''
ARGUMENTS=()

main() {
  require RANCHER_URL REGION RANCHER_TOKEN_PARAMETER RANCHER_CHECKSUM_PARAMETER NODE_ROLES
  check_roles
  : "${TOPOLOGY_BY:=ccm}"
  one_of TOPOLOGY_BY self ccm
  apply_provider_id_setting
  if systemctl is-active --quiet rancher-system-agent && [ -s "${ROOT}/etc/rancher/agent/cattle-id" ]; then
    log 'the system agent runs already: this machine is registered'
    return 0
  fi
  WORK=$(mktemp --directory)
  trap 'rm -rf "$WORK"' EXIT
  local deadline="${JOIN_DEADLINE_SEC:-1800}" token checksum
  token=$(secret_await "$RANCHER_TOKEN_PARAMETER" "$deadline")
  checksum=$(secret_await "$RANCHER_CHECKSUM_PARAMETER" "$deadline")
  get_installer "$checksum" "$deadline"
  install_agent "$token" "$checksum"
}

check_roles() {
  local role
  words "$NODE_ROLES"
  for role in "${WORDS[@]}"; do
    case "$role" in
      etcd | controlplane | worker) ARGUMENTS+=("--${role}") ;;
      *) die "'NODE_ROLES' holds '${role}', allowed are etcd, controlplane and worker" 2 ;;
    esac
  done
}

# get_installer CHECKSUM DEADLINE: trusts Rancher's own CA only after comparing its checksum
get_installer() {
  local trust=() found
  if [ "$1" != none ]; then
    retry --deadline "$2" --every 5 --what "the CA of '${RANCHER_URL}'" \
      get --insecure --output "${WORK}/ca.pem" "${RANCHER_URL}/cacerts"
    found=$(sha256sum "${WORK}/ca.pem")
    [ "${found%% *}" = "$1" ] ||
      die "the CA at '${RANCHER_URL}/cacerts' has checksum '${found%% *}', parameter '${RANCHER_CHECKSUM_PARAMETER}' says '$1': this is not the Rancher that was deployed"
    trust=(--cacert "${WORK}/ca.pem")
  fi
  retry --deadline "$2" --every 5 --what "the installer of '${RANCHER_URL}'" \
    get ${trust[@]+"${trust[@]}"} --output "${WORK}/install.sh" "${RANCHER_URL}/system-agent-install.sh"
}

get() { curl --silent --show-error --fail --location --max-time 30 "$@"; }

# install_agent TOKEN CHECKSUM: the token goes through the environment, which no process list shows
install_agent() {
  local item address topology=''
  # the installer's own address lookup knows EC2 alone, and there the metadata service's first version, which is off
  address=$(machine_address) || die "could not read this machine's address from its metadata"
  ARGUMENTS+=(--server "$RANCHER_URL" --address "$address" --internal-address "$address" --label 'cattle.io/os=linux')
  [ "$2" = none ] || ARGUMENTS+=(--ca-checksum "$2")
  [ -z "${DROVER_NODE:-}" ] || ARGUMENTS+=(--node-name "$DROVER_NODE")
  if [ "$TOPOLOGY_BY" = self ]; then
    topology=$(machine_topology) || die "could not read this machine's region and zone from its metadata"
  fi
  words "${NODE_LABELS:-} ${topology}"
  for item in ${WORDS[@]+"${WORDS[@]}"}; do
    ARGUMENTS+=(--label "$item")
  done
  words "${NODE_TAINTS:-}"
  for item in ${WORDS[@]+"${WORDS[@]}"}; do
    ARGUMENTS+=(--taints "$item")
  done
  log "registering at '${RANCHER_URL}' with roles ${NODE_ROLES}"
  # the installer would try for six hours by itself
  CATTLE_TOKEN="$1" timeout "${JOIN_DEADLINE_SEC:-1800}" sh "${WORK}/install.sh" "${ARGUMENTS[@]}" ||
    die "Rancher's installer did not register this machine (exit code $?; 124 means not within ${JOIN_DEADLINE_SEC:-1800} s)"
}

main "$@"
