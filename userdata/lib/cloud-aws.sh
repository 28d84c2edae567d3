#!/usr/bin/env bash
# AWS under the names of lib/cloud.sh, which sources this.

# shellcheck source=aws.sh
. "${LIB_DIR}/aws.sh"

machine_address() { imds meta-data/local-ipv4; }

machine_provider_id() {
  local zone instance
  zone=$(imds meta-data/placement/availability-zone) || return
  instance=$(instance_id) || return
  printf 'aws:///%s/%s\n' "$zone" "$instance"
}

machine_topology() {
  local region zone type
  region=$(imds meta-data/placement/region) || return
  zone=$(imds meta-data/placement/availability-zone) || return
  type=$(imds meta-data/instance-type) || return
  topology_labels "$region" "$zone" "$type"
}

check_claim() {
  [ "$SECRET_STORE" = ssm ] || die \
    "a cluster begins only with 'SECRET_STORE' ssm, where a marker can be created by one server alone; it is '${SECRET_STORE}'"
}

claim_create() { ssm_put_new "$1" "$2"; }

claim_read() { ssm_get "$1"; }

document_put() { s3_put "$1" "$2" "$3"; }
