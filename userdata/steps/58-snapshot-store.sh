#!/usr/bin/env bash
# Tells RKE2 of the store of one's own that it takes etcd snapshots to, by the protocol of S3, with keys that the machine
# fetches. RKE2 reads this when it starts: one that runs takes other keys at its next start.
#   SNAPSHOT_S3_ENDPOINT    host or host:port of the store, which speaks https              (required)
#   SNAPSHOT_S3_BUCKET      bucket, which exists                                            (required)
#   SNAPSHOT_S3_REGION      region that requests are signed for                             (required)
#   SNAPSHOT_S3_FOLDER      this cluster's folder in the bucket                             (required)
#   SNAPSHOT_S3_RETENTION   how many are kept there, of all servers together                (required)
#   SNAPSHOT_S3_ACCESS_KEY  secret with the access key                                      (required)
#   SNAPSHOT_S3_SECRET_KEY  secret with the secret key                                      (required)
#   SNAPSHOT_S3_CA          CA of the store, PEM in base64           (default the system's trust)
#   SECRET_STORE            where both secrets lie; see lib/secret.sh                       (default ssm)
#   SECRET_DEADLINE_SEC     time for each to be readable                                    (default 300)
set -o errexit -o nounset -o pipefail
# shellcheck source=../lib.sh
. "${BOOTSTRAP_LIB:?}"
# shellcheck source=../lib/secret.sh
. "${LIB_DIR}/secret.sh"

# before 50-rancher.yaml: of several RKE2 takes the last, and so a store that somebody tells Rancher of
CONFIG='/etc/rancher/rke2/config.yaml.d/45-snapshots.yaml'
CA='/etc/rancher/rke2/snapshot-store-ca.pem'

main() {
  require SNAPSHOT_S3_ENDPOINT SNAPSHOT_S3_BUCKET SNAPSHOT_S3_REGION SNAPSHOT_S3_FOLDER SNAPSHOT_S3_RETENTION SNAPSHOT_S3_ACCESS_KEY SNAPSHOT_S3_SECRET_KEY
  [[ $SNAPSHOT_S3_ENDPOINT =~ ^[A-Za-z0-9.-]+(:[0-9]+)?$ ]] ||
    die "'SNAPSHOT_S3_ENDPOINT' is '${SNAPSHOT_S3_ENDPOINT}', must be host or host:port" 2
  [[ $SNAPSHOT_S3_RETENTION =~ ^[1-9][0-9]*$ ]] ||
    die "'SNAPSHOT_S3_RETENTION' is '${SNAPSHOT_S3_RETENTION}', must be a number" 2
  local access secret before after
  access=$(key "$SNAPSHOT_S3_ACCESS_KEY")
  secret=$(key "$SNAPSHOT_S3_SECRET_KEY")
  before=$(fingerprint)
  write_ca
  write_config "$access" "$secret"
  after=$(fingerprint)
  if [ "$before" = "$after" ]; then
    log 'RKE2 knows this store already'
  elif systemctl is-active --quiet rke2-server; then
    log 'RKE2 runs: it takes the store as it is now at its next start'
  fi
  log "snapshots go to '${SNAPSHOT_S3_FOLDER}' in bucket '${SNAPSHOT_S3_BUCKET}' of '${SNAPSHOT_S3_ENDPOINT}'"
}

# key NAME: one of the two keys
key() {
  local value
  value=$(secret_await "$1" "${SECRET_DEADLINE_SEC:-300}")
  [[ $value =~ ^[[:graph:]]+$ ]] || die "secret '$1' is no key of a store: must be one word of printable characters"
  printf '%s' "$value"
}

# fingerprint: of all that RKE2 reads of the store
fingerprint() { { cat "${ROOT}${CONFIG}" "${ROOT}${CA}" 2>/dev/null || :; } | sha256sum; }

write_ca() {
  if [ -z "${SNAPSHOT_S3_CA:-}" ]; then
    rm -f "${ROOT}${CA}"
    return 0
  fi
  local text
  text=$(base64 --decode <<<"$SNAPSHOT_S3_CA") || die "'SNAPSHOT_S3_CA' is no base64" 2
  printf '%s\n' "$text" | write_file "$CA" 0600
}

# write_config ACCESS_KEY SECRET_KEY
write_config() {
  {
    printf 'etcd-s3: true\n'
    printf 'etcd-s3-endpoint: %s\n' "$(json_string "$SNAPSHOT_S3_ENDPOINT")"
    [ -z "${SNAPSHOT_S3_CA:-}" ] || printf 'etcd-s3-endpoint-ca: %s\n' "$(json_string "$CA")"
    printf 'etcd-s3-bucket: %s\n' "$(json_string "$SNAPSHOT_S3_BUCKET")"
    printf 'etcd-s3-region: %s\n' "$(json_string "$SNAPSHOT_S3_REGION")"
    printf 'etcd-s3-folder: %s\n' "$(json_string "$SNAPSHOT_S3_FOLDER")"
    printf 'etcd-s3-retention: %s\n' "$SNAPSHOT_S3_RETENTION"
    printf 'etcd-s3-access-key: %s\n' "$(json_string "$1")"
    printf 'etcd-s3-secret-key: %s\n' "$(json_string "$2")"
  } | write_file "$CONFIG" 0600
}

main "$@"
