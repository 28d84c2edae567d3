#!/usr/bin/env bash
# Publishes what others need of a new cluster, once its API is ready. Runs on the server that began it.
#   DROVER_CLOUD          aws, azure or metal, which has no store for OIDC_BUCKET        (default aws)
#   REGION                region of the machine                                          (required)
#   SECRET_STORE          ssm, keyvault or vault: where the two secrets lie              (default ssm)
#   PUBLISH_CA_HASH       secret for the hash of the cluster's CA                        (default not published)
#   PUBLISH_DEPLOYER      secret for {host, token, ca} of the deploying account          (default not published)
#   REGISTRATION_ADDRESS  address of the API in that document           (required with PUBLISH_DEPLOYER)
#   OIDC_BUCKET           bucket for the token issuer's discovery document and keys; on Azure the address of the
#                         storage account                                                (default not published)
#   OIDC_ISSUER           https address of the issuer; its path is that of the documents, on Azure it begins with the
#                         container                                      (required with OIDC_BUCKET)
#   API_DEADLINE_SEC      time for the API to be ready                                   (default 1200)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/cloud.sh
. "${LIB_DIR}/cloud.sh"
# shellcheck source=../lib/secret.sh
. "${LIB_DIR}/secret.sh"
# shellcheck source=../lib/node.sh
. "${LIB_DIR}/node.sh"

main() {
  require REGION
  [ -n "${PUBLISH_CA_HASH:-}${PUBLISH_DEPLOYER:-}${OIDC_BUCKET:-}" ] ||
    die 'nothing to publish: set PUBLISH_CA_HASH, PUBLISH_DEPLOYER or OIDC_BUCKET' 2
  [ -z "${PUBLISH_DEPLOYER:-}" ] || require REGISTRATION_ADDRESS
  [ -z "${OIDC_BUCKET:-}" ] || require OIDC_ISSUER
  retry --deadline "${API_DEADLINE_SEC:-1200}" --every 2 --what 'the API to be ready' api_is_ready
  [ -z "${PUBLISH_CA_HASH:-}" ] || publish_ca_hash
  [ -z "${PUBLISH_DEPLOYER:-}" ] || publish_deployer
  [ -z "${OIDC_BUCKET:-}" ] || publish_issuer
}

# before there is a credential no kubectl is started: other machines need the processor
api_is_ready() { [ -s "${ROOT}/etc/rancher/rke2/rke2.yaml" ] && admin_kubectl get --raw /readyz >/dev/null 2>&1; }

# put_if_other NAME VALUE: no new version of a secret that holds the value already
put_if_other() {
  local current
  current=$(secret_get "$1") || return
  if [ "$current" = "$2" ]; then
    log "parameter '$1' is up to date"
    return 0
  fi
  secret_put "$1" "$2"
  log "parameter '$1' published"
}

publish_ca_hash() {
  local token hash
  token=$(<"${ROOT}${RKE2_DIR}/server/token")
  hash=${token#K10}
  hash=${hash%%::*}
  [[ $hash =~ ^[0-9a-f]{64}$ ]] || die "'${RKE2_DIR}/server/token' does not begin with K10 and a CA hash"
  put_if_other "$PUBLISH_CA_HASH" "$hash"
}

publish_deployer() {
  local secret token ca
  # the manifest is ours and tested: looking every field up would take longer than all else here
  admin_kubectl apply --server-side --validate=false --filename "${BOOTSTRAP_LIB%/*}/manifests/deployer.yaml" >/dev/null
  secret=$(retry --deadline 120 --every 1 --what "the token of 'drover-deployer'" deployer_secret)
  token=$(json_get data token <<<"$secret" | base64 --decode)
  ca=$(json_get data ca.crt <<<"$secret" | base64 --decode)
  put_if_other "$PUBLISH_DEPLOYER" "$(printf '{"host":%s,"token":%s,"ca":%s}' \
    "$(json_string "https://${REGISTRATION_ADDRESS}:6443")" "$(json_string "$token")" "$(json_string "$ca")")"
}

# deployer_secret: the secret, once the controller has filled it
deployer_secret() {
  local secret
  secret=$(admin_kubectl --namespace kube-system get secret drover-deployer --output json) || return
  json_get data token <<<"$secret" >/dev/null 2>&1 || return
  printf '%s\n' "$secret"
}

publish_issuer() {
  local prefix folder issuer
  prefix=$(sed -E 's#^https://[^/]+/?##; s#/$##' <<<"$OIDC_ISSUER")
  folder=$(mktemp --directory)
  admin_kubectl get --raw /.well-known/openid-configuration >"${folder}/discovery.json"
  admin_kubectl get --raw /openid/v1/jwks >"${folder}/keys.json"
  issuer=$(json_get issuer <"${folder}/discovery.json")
  [ "$issuer" = "$OIDC_ISSUER" ] ||
    die "the API says that its issuer is '${issuer}', 'OIDC_ISSUER' is '${OIDC_ISSUER}': it was begun with another one, which can't change"
  put_document "${prefix:+${prefix}/}.well-known/openid-configuration" "${folder}/discovery.json"
  put_document "${prefix:+${prefix}/}openid/v1/jwks" "${folder}/keys.json"
  rm -rf "$folder"
}

put_document() {
  retry --deadline 120 --every 5 --what "'$1' to be stored in bucket '${OIDC_BUCKET}'" document_put "$OIDC_BUCKET" "$1" "$2"
  log "'$1' stored in bucket '${OIDC_BUCKET}'"
}

main "$@"
