#!/usr/bin/env bash
# RKE2's configuration of a management server, out of the settings. Sourced after lib.sh and lib/node.sh.

# write_server_config: everything but membership, which is a file of its own. Further files in
# /etc/rancher/rke2/config.yaml.d come from cloud-init and win over this one.
write_server_config() {
  local sans labels taints api_arguments=()
  words "${TLS_SANS:-}" && sans=(${WORDS[@]+"${WORDS[@]}"})
  words "${NODE_LABELS:-}" && labels=(${WORDS[@]+"${WORDS[@]}"})
  words "${NODE_TAINTS:-}" && taints=(${WORDS[@]+"${WORDS[@]}"})
  if [ -n "${OIDC_ISSUER:-}" ]; then
    api_arguments=("service-account-issuer=${OIDC_ISSUER}" "service-account-jwks-uri=${OIDC_ISSUER}/openid/v1/jwks")
  fi
  {
    printf 'node-name: %s\n' "$(json_string "$DROVER_NODE")"
    printf 'write-kubeconfig-mode: "0600"\n'
    # a host may have several networks: the one that the environment knows is meant
    [ -z "${HOST_ADDRESS:-}" ] || printf 'node-ip: %s\n' "$(json_string "$HOST_ADDRESS")"
    printf 'ingress-controller: %s\n' "$(json_string "${INGRESS_CONTROLLER:-traefik}")"
    [ -z "${ETCD_SNAPSHOT_CRON:-}" ] || printf 'etcd-snapshot-schedule-cron: %s\n' "$(json_string "$ETCD_SNAPSHOT_CRON")"
    [ -z "${ETCD_SNAPSHOT_RETENTION:-}" ] || printf 'etcd-snapshot-retention: %s\n' "$ETCD_SNAPSHOT_RETENTION"
    [ -z "${CIS_PROFILE:-}" ] || printf 'profile: %s\naudit-policy-file: /etc/rancher/rke2/audit-policy.yaml\n' \
      "$(json_string "$CIS_PROFILE")"
    yaml_list tls-san "$REGISTRATION_ADDRESS" ${sans[@]+"${sans[@]}"}
    yaml_list node-label ${labels[@]+"${labels[@]}"}
    yaml_list node-taint ${taints[@]+"${taints[@]}"}
    yaml_list kube-apiserver-arg ${api_arguments[@]+"${api_arguments[@]}"}
  } | write_file /etc/rancher/rke2/config.yaml 0600
}

# write_membership TOKEN_FILE [SERVER]: without a server RKE2 makes a new cluster, with one it joins or fails.
# Once there is data RKE2 ignores the server; it stays in the file, so that a server that loses its data joins.
write_membership() {
  {
    printf 'token-file: %s\n' "$(json_string "$1")"
    [ -z "${2:-}" ] || printf 'server: %s\n' "$(json_string "$2")"
  } | write_file /etc/rancher/rke2/config.yaml.d/10-membership.yaml 0600
}

# install_manifests: what cloud-init left in /etc/drover/manifests. It can't write to RKE2's folder itself,
# because that lies on the data disk, which is mounted later
install_manifests() {
  local manifest name
  for manifest in "${ROOT}/etc/drover/manifests"/*.yaml; do
    [ -f "$manifest" ] || continue
    name=$(basename "$manifest")
    write_file "${RKE2_DIR}/server/manifests/${name}" 0600 <"$manifest"
    log "manifest '${name}' installed"
  done
}
