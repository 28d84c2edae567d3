#!/usr/bin/env bash
# A host of a data centre under the names of lib/cloud.sh, which sources this. It has no metadata: the settings say who it
# is. A marker is a secret of Vault, written on the condition that there is none.
#   HOST_ADDRESS  the host's address in its site    (required)
#   HOST_NAME     the host's name in its site       (default DROVER_NODE)
#   DROVER_SITE   the site                          (required)

: "${HOST_NAME:=${DROVER_NODE:-}}"
require HOST_ADDRESS HOST_NAME DROVER_SITE

machine_address() { printf '%s\n' "$HOST_ADDRESS"; }

machine_provider_id() { printf 'metal://%s/%s\n' "$DROVER_SITE" "$HOST_NAME"; }

machine_topology() { :; }

check_claim() {
  [ "$SECRET_STORE" = vault ] || die \
    "a cluster on metal begins only with 'SECRET_STORE' vault, where a marker can be created by one server alone; it is '${SECRET_STORE}'"
  vault_name "$1"
}

claim_create() { vault_create "$1" "$2"; }

claim_read() { vault_get "$1"; }

document_put() {
  die "'$2' has no store on metal, where nobody publishes a token issuer: unset 'OIDC_BUCKET' ('$1')" 2
}
