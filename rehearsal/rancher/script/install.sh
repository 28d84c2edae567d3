#!/bin/sh
# Registers this machine at Rancher and installs its system agent. Rancher puts its address, the agent's address and the
# agent's checksum in front of these lines when it serves the script.
#   CATTLE_TOKEN                  registration token of the cluster                   (required)
#   CATTLE_SERVER                 https address of Rancher                            (required, or --server)
#   CATTLE_CA_CHECKSUM            sha256 of Rancher's CA                              (default the system's trust)
#   CATTLE_ID                     identity of this machine                            (default the one it has, or a new one)
#   CATTLE_AGENT_BINARY_URL       where the agent is                                  (required)
#   CATTLE_AGENT_BINARY_CHECKSUM  its sha256                                          (required)
#   CATTLE_AGENT_CONFIG_DIR       (default /etc/rancher/agent)
#   CATTLE_AGENT_VAR_DIR          (default /var/lib/rancher/agent)
#   CATTLE_AGENT_BIN_PREFIX       (default /usr/local)
#   CATTLE_RETRIES                attempts of a request, five seconds apart           (default 4500)
#   CATTLE_ROOT                   prefix of every path, used by tests                 (default empty)
# Arguments: --server URL, --token TOKEN, --ca-checksum SHA256, --address IP, --internal-address IP, --node-name NAME,
#   --label KEY=VALUE, --taints KEY=VALUE:EFFECT (both may come again), --etcd, --controlplane, --worker, --all-roles
set -o errexit -o nounset

ROOT="${CATTLE_ROOT:-}"
ETCD=false CONTROL_PLANE=false WORKER=false
NODE_NAME='' ADDRESS='' INTERNAL_ADDRESS='' LABELS='' TAINTS=''
WORK=''

info() { printf '[INFO]  %s\n' "$*"; }
error() { printf '[ERROR] %s\n' "$*" >&2; }
fatal() {
  printf '[FATAL] %s\n' "$*" >&2
  exit 1
}

# value NAME COUNT: stops when an option has no value behind it
value() { [ "$2" -ge 2 ] || fatal "argument '$1' needs a value"; }

parse_args() {
  while [ $# -gt 0 ]; do
    case "$1" in
      -e | --etcd) ETCD=true ;;
      -p | --controlplane) CONTROL_PLANE=true ;;
      -w | --worker) WORKER=true ;;
      # a lone -a means every role, never an address
      -a | --all-roles) ETCD=true CONTROL_PLANE=true WORKER=true ;;
      *)
        value "$1" $#
        parse_option "$1" "$2"
        shift
        ;;
    esac
    shift
  done
}

parse_option() {
  case "$1" in
    -s | --server) CATTLE_SERVER="$2" ;;
    -t | --token) CATTLE_TOKEN="$2" ;;
    -c | --ca-checksum) CATTLE_CA_CHECKSUM="$2" ;;
    -n | --node-name) NODE_NAME="$2" ;;
    --address) ADDRESS="$2" ;;
    -i | --internal-address) INTERNAL_ADDRESS="$2" ;;
    -l | --label) LABELS="${LABELS:+${LABELS},}$2" ;;
    --taint | --taints) TAINTS="${TAINTS:+${TAINTS},}$2" ;;
    *) fatal "unknown argument '$1'" ;;
  esac
}

check_settings() {
  [ -n "${CATTLE_TOKEN:-}" ] || fatal "'CATTLE_TOKEN' is not set"
  [ -n "${CATTLE_SERVER:-}" ] || fatal "'CATTLE_SERVER' is not set"
  [ "$ETCD" = true ] || [ "$CONTROL_PLANE" = true ] || [ "$WORKER" = true ] ||
    fatal 'no role: give one of --etcd, --controlplane, --worker'
  CATTLE_SERVER="${CATTLE_SERVER%/}"
  : "${CATTLE_AGENT_CONFIG_DIR:=/etc/rancher/agent}"
  : "${CATTLE_AGENT_VAR_DIR:=/var/lib/rancher/agent}"
  : "${CATTLE_AGENT_BIN_PREFIX:=/usr/local}"
  : "${CATTLE_RETRIES:=4500}"
}

# fetch WHAT FILE CURL_ARGUMENT...: asks until the answer is 200
fetch() {
  what=$1 file=$2 attempt=1
  shift 2
  while :; do
    code=$(curl --silent --show-error --location --connect-timeout 60 --max-time 300 \
      --write-out '%{http_code}' --output "$file" "$@") || code="${code:-000}"
    [ "$code" != 200 ] || return 0
    error "${code} received while asking for ${what}"
    [ "$attempt" -lt "$CATTLE_RETRIES" ] || fatal "gave up asking for ${what} after ${attempt} attempts"
    attempt=$((attempt + 1))
    sleep 5
  done
}

checksum_of() { sha256sum "$1" | cut -d ' ' -f 1; }

# trust: sets CA_FILE to what later requests trust; empty means the system's own store
trust() {
  CA_FILE=''
  [ -n "${CATTLE_CA_CHECKSUM:-}" ] || return 0
  fetch "the CA of '${CATTLE_SERVER}'" "${WORK}/ca.pem" --insecure "${CATTLE_SERVER}/cacerts"
  [ -s "${WORK}/ca.pem" ] || fatal "a CA checksum is given but '${CATTLE_SERVER}/cacerts' is empty"
  found=$(checksum_of "${WORK}/ca.pem")
  [ "$found" = "$CATTLE_CA_CHECKSUM" ] ||
    fatal "the CA at '${CATTLE_SERVER}/cacerts' has checksum '${found}', --ca-checksum says '${CATTLE_CA_CHECKSUM}'"
  CA_FILE="${WORK}/ca.pem"
}

# trusted_fetch WHAT FILE CURL_ARGUMENT...
trusted_fetch() {
  if [ -n "$CA_FILE" ]; then
    fetch "$@" --cacert "$CA_FILE"
  else
    fetch "$@"
  fi
}

install_binary() {
  [ -n "${CATTLE_AGENT_BINARY_URL:-}" ] || fatal "'CATTLE_AGENT_BINARY_URL' is not set"
  [ -n "${CATTLE_AGENT_BINARY_CHECKSUM:-}" ] || fatal "'CATTLE_AGENT_BINARY_CHECKSUM' is not set"
  target="${ROOT}${CATTLE_AGENT_BIN_PREFIX}/bin/rancher-system-agent"
  mkdir -p "${target%/*}"
  trusted_fetch "'${CATTLE_AGENT_BINARY_URL}'" "${WORK}/agent" "$CATTLE_AGENT_BINARY_URL"
  found=$(checksum_of "${WORK}/agent")
  [ "$found" = "$CATTLE_AGENT_BINARY_CHECKSUM" ] ||
    fatal "'${CATTLE_AGENT_BINARY_URL}' has checksum '${found}', expected '${CATTLE_AGENT_BINARY_CHECKSUM}'"
  # a program that runs can't be written to, but it can be replaced
  cp "${WORK}/agent" "${target}.new"
  chmod 0755 "${target}.new"
  mv -f "${target}.new" "$target"
  info "agent installed as '${target}'"
}

make_directories() {
  mkdir -p "${ROOT}${CATTLE_AGENT_CONFIG_DIR}" "${ROOT}${CATTLE_AGENT_VAR_DIR}"
  chmod 0700 "${ROOT}${CATTLE_AGENT_CONFIG_DIR}" "${ROOT}${CATTLE_AGENT_VAR_DIR}"
}

identify() {
  [ -z "${CATTLE_ID:-}" ] || return 0
  id_file="${ROOT}${CATTLE_AGENT_CONFIG_DIR}/cattle-id"
  if [ -s "$id_file" ]; then
    CATTLE_ID=$(cat "$id_file")
    info "this machine is known as '${CATTLE_ID}': not making a new identity"
    return 0
  fi
  CATTLE_ID=$(od -A n -N 32 -t x1 /dev/urandom | tr -d ' \n')
  printf '%s\n' "$CATTLE_ID" >"${id_file}.new"
  mv -f "${id_file}.new" "$id_file"
}

# register: the token goes through a file, so that no process list shows it
register() {
  connection="${ROOT}${CATTLE_AGENT_VAR_DIR}/rancher2_connection_info.json"
  printf 'header = "Authorization: Bearer %s"\n' "$CATTLE_TOKEN" >"${WORK}/token"
  trusted_fetch 'connection information' "${WORK}/connection" --config "${WORK}/token" \
    --header "X-Cattle-Id: ${CATTLE_ID}" \
    --header "X-Cattle-Role-Etcd: ${ETCD}" \
    --header "X-Cattle-Role-Control-Plane: ${CONTROL_PLANE}" \
    --header "X-Cattle-Role-Worker: ${WORKER}" \
    --header "X-Cattle-Node-Name: ${NODE_NAME}" \
    --header "X-Cattle-Address: ${ADDRESS}" \
    --header "X-Cattle-Internal-Address: ${INTERNAL_ADDRESS}" \
    --header "X-Cattle-Labels: ${LABELS}" \
    --header "X-Cattle-Taints: ${TAINTS}" \
    "${CATTLE_SERVER}/v3/connect/agent"
  cp "${WORK}/connection" "${connection}.new"
  chmod 0600 "${connection}.new"
  mv -f "${connection}.new" "$connection"
  info "registered at '${CATTLE_SERVER}'"
}

write_config() {
  cat >"${ROOT}${CATTLE_AGENT_CONFIG_DIR}/config.yaml" <<EOF
workDirectory: ${CATTLE_AGENT_VAR_DIR}/work
localPlanDirectory: ${CATTLE_AGENT_VAR_DIR}/plans
appliedPlanDirectory: ${CATTLE_AGENT_VAR_DIR}/applied
remoteEnabled: true
connectionInfoFile: ${CATTLE_AGENT_VAR_DIR}/rancher2_connection_info.json
preserveWorkDirectory: false
EOF
}

write_unit() {
  mkdir -p "${ROOT}/etc/systemd/system"
  cat >"${ROOT}/etc/systemd/system/rancher-system-agent.service" <<EOF
[Unit]
Description=Rancher System Agent
Documentation=https://www.rancher.com
Wants=network-online.target
After=network-online.target

[Service]
EnvironmentFile=-/etc/default/rancher-system-agent
EnvironmentFile=-/etc/sysconfig/rancher-system-agent
Type=simple
Restart=always
RestartSec=5s
Environment=CATTLE_AGENT_CONFIG=${CATTLE_AGENT_CONFIG_DIR}/config.yaml
ExecStart=${CATTLE_AGENT_BIN_PREFIX}/bin/rancher-system-agent agent

[Install]
WantedBy=multi-user.target
EOF
}

main() {
  parse_args "$@"
  check_settings
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  make_directories
  trust
  if systemctl is-active --quiet rancher-system-agent.service; then
    info 'stopping the agent that runs'
    systemctl stop rancher-system-agent.service
  fi
  install_binary
  write_config
  identify
  register
  write_unit
  # reads the units anew, too
  systemctl enable --quiet rancher-system-agent.service
  systemctl restart rancher-system-agent.service
  info 'the system agent runs'
}

main "$@"
