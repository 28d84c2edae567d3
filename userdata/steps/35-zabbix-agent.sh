#!/usr/bin/env bash
# Installs Zabbix agent 2, which registers itself with the server by its metadata and speaks with a pre-shared key only.
#   ZABBIX_SERVER           comma-separated servers and proxies that may ask                      (required)
#   ZABBIX_PSK_PARAMETER    secret with the key, at least 32 hexadecimal digits                   (required)
#   ZABBIX_PSK_IDENTITY     name of that key, as the server knows it                              (required)
#   ZABBIX_SERVER_ACTIVE    servers that are told: comma between servers, semicolon between nodes of one
#                           (default ZABBIX_SERVER)
#   ZABBIX_VERSION          version of the package                                                (default any)
#   ZABBIX_REPOSITORY       package source, as in 30-docker             (default the distribution's own)
#   ZABBIX_KEY_URL          https address of its signing key            (required with ZABBIX_REPOSITORY)
#   ZABBIX_KEY_SHA256       checksum of that key                        (required with ZABBIX_REPOSITORY)
#   DROVER_NODE             fixed name of this node                     (default the host's own)
#   DROVER_ROLE, DROVER_CLOUD, DROVER_ENV, DROVER_REGION, DROVER_CLUSTER, DROVER_SITE, DROVER_NODE_GROUP  the metadata
#   SECRET_STORE            where the key lies; see lib/secret.sh       (default ssm)
#   SECRET_DEADLINE_SEC     time for the key to be readable             (default 300)
#   PACKAGE_DEADLINE_SEC    time for the package                        (default 600)
# Restarts the agent only when something changed.
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/download.sh
. "${LIB_DIR}/download.sh"
# shellcheck source=../lib/packages.sh
. "${LIB_DIR}/packages.sh"
# shellcheck source=../lib/secret.sh
. "${LIB_DIR}/secret.sh"

CONFIG='/etc/zabbix/zabbix_agent2.conf'
OURS='/etc/zabbix/zabbix_agent2.d/drover.conf'
KEY='/etc/zabbix/drover.psk'

main() {
  require ZABBIX_SERVER ZABBIX_PSK_PARAMETER ZABBIX_PSK_IDENTITY
  local before after key
  [ -z "${ZABBIX_REPOSITORY:-}" ] || require ZABBIX_KEY_URL ZABBIX_KEY_SHA256
  [ -z "${ZABBIX_REPOSITORY:-}" ] ||
    add_repository zabbix "$ZABBIX_REPOSITORY" "$ZABBIX_KEY_URL" "$ZABBIX_KEY_SHA256"
  before=$(fingerprint)
  ensure_package zabbix-agent2 "${ZABBIX_VERSION:-}"
  key=$(secret_await "$ZABBIX_PSK_PARAMETER" "${SECRET_DEADLINE_SEC:-300}")
  [[ $key =~ ^([0-9A-Fa-f]{2}){16,256}$ ]] ||
    die "secret '${ZABBIX_PSK_PARAMETER}' is no pre-shared key: must be 32 to 512 hexadecimal digits"
  write_key "$key"
  leave_to_ours
  write_config
  after=$(fingerprint)
  systemctl enable --quiet zabbix-agent2
  if [ "$before" = "$after" ] && systemctl is-active --quiet zabbix-agent2; then
    log 'the agent runs with these settings already'
    return 0
  fi
  systemctl restart --no-block zabbix-agent2
  retry --deadline 60 --every 2 --what 'zabbix-agent2 to be active' systemctl is-active --quiet zabbix-agent2
  log "the agent runs as '$(node_name)'"
}

node_name() { printf '%s' "${DROVER_NODE:-$(uname -n)}"; }

# fingerprint: of all that the agent reads at its start
fingerprint() { { cat "${ROOT}${CONFIG}" "${ROOT}${OURS}" "${ROOT}${KEY}" 2>/dev/null || :; } | sha256sum; }

write_key() {
  [ "$(cat "${ROOT}${KEY}" 2>/dev/null || :)" = "$1" ] || printf '%s\n' "$1" | write_file "$KEY" 0400
  chown zabbix "${ROOT}${KEY}"
}

# leave_to_ours: the package's file has settings of its own for these keys, such as one host name for all machines
leave_to_ours() {
  local content
  content=$(grep -vE '^(Server|ServerActive|Hostname|HostnameItem|HostMetadata|HostMetadataItem|RefreshActiveChecks|TLS[A-Za-z0-9]+)=' \
    "${ROOT}${CONFIG}") || die "'${CONFIG}' of the package is missing or empty"
  grep --quiet '^Include=.*/zabbix_agent2\.d/' <<<"$content" || content+=$'\nInclude=/etc/zabbix/zabbix_agent2.d/*.conf'
  printf '%s\n' "$content" | write_file "$CONFIG" 0644
}

# metadata: what actions of auto-registration look for; the server takes at most 255 characters
metadata() {
  local part name value text=''
  for part in role cloud env region cluster site node_group; do
    name="DROVER_${part^^}"
    value=${!name:-}
    [ -z "$value" ] || text+="${text:+ }${part//_/-}=${value}"
  done
  [ "${#text}" -le 255 ] || die "the metadata has ${#text} characters, Zabbix takes at most 255: '${text}'"
  printf '%s' "$text"
}

write_config() {
  local host text
  host=$(node_name)
  text=$(metadata)
  write_file "$OURS" 0644 <<-END
	Server=${ZABBIX_SERVER}
	ServerActive=${ZABBIX_SERVER_ACTIVE:-$ZABBIX_SERVER}
	Hostname=${host}
	HostMetadata=${text}
	RefreshActiveChecks=60
	TLSConnect=psk
	TLSAccept=psk
	TLSPSKIdentity=${ZABBIX_PSK_IDENTITY}
	TLSPSKFile=${KEY}
	END
}

main "$@"
