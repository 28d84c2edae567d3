load helper

HASH=$(printf 'ab%.0s' {1..32})
MARKER=drover/lab/management/cluster-initialised

setup() {
  setup_machine
  export DROVER_CLOUD=metal REGION=paris-dc1 DROVER_SITE=dc1 DROVER_NODE=kv-01 HOST_ADDRESS=10.40.0.11 PROVIDER_ID_BY=self
  export SECRET_STORE=vault VAULT_ADDR=https://vault.example.org VAULT_ROLE_ID=role-1
  export REGISTRATION_ADDRESS=10.40.0.5 INITIALISER=true CLAIM_INITIALISED=$MARKER JOIN_DEADLINE_SEC=20
  export PUBLISH_CA_HASH=drover/lab/management/ca-hash ACTIVE="${BATS_TEST_TMPDIR}/active"
  stub systemctl 'case "$*" in
    "is-active --quiet rke2-server") [ -e "$ACTIVE" ] ;;
    "start --no-block rke2-server") cp "${DROVER_ROOT}/etc/rancher/rke2/config.yaml.d/10-membership.yaml" "$ACTIVE" ;;
  esac'
  place /run/drover/join-token hush
  place /proc/sys/kernel/random/uuid uuid-1
  place /etc/drover/vault-secret-id secret-id
  chmod 600 "${DROVER_ROOT}/etc/drover/vault-secret-id"
  answer auth/approle/login '{"auth": {"client_token": "vault-token", "lease_duration": 600}}'
}

# holds NAME VALUE [TIMES]: what Vault answers
holds() { answer "https://vault.example.org/v1/${1/\///data/}" "{\"data\": {\"data\": {\"value\": \"$2\"}}}" 0 "${3:-1000000}"; }

claim_succeeds() { answer '\"cas\":0' '{"data": {"version": 1}}'; }

claim_exists() {
  holds "$MARKER" "$1"
  answer '\"cas\":0' '{"errors":["check-and-set parameter did not match the current version"]}' 22
}

never_begun() {
  ended "$1"
  [ ! -e "$ACTIVE" ]
}

BEGINS='token-file: "/run/drover/join-token"'
JOINS='token-file: "/run/drover/server-token"
server: "https://10.40.0.5:9345"'

@test "the designated server begins the cluster once it has created the secret, on the condition that there is none" {
  claim_succeeds
  step 60-rke2-server
  ended 0
  [ "$(<"$ACTIVE")" = "$BEGINS" ]
  called 'https://vault.example.org/v1/drover/data/lab/management/cluster-initialised'
  requested 'data = "{\"options\":{\"cas\":0},\"data\":{\"value\":\"kv-01 uuid-1\"}}"'
  for secret in vault-token secret-id; do not_called "$secret"; done
  not_called 169.254.169.254
}

@test "the kubelet says the host's own id and address, which no metadata know" {
  claim_succeeds
  step 60-rke2-server
  [ "$(content /etc/rancher/rke2/config.yaml.d/50-drover.yaml)" = 'kubelet-arg+:
  - "provider-id=metal://dc1/kv-01"' ]
  grep -qx 'node-ip: "10.40.0.11"' "${DROVER_ROOT}/etc/rancher/rke2/config.yaml"
  HOST_NAME=host-7 ACTIVE="${ACTIVE}-2" step 60-rke2-server
  grep -q 'metal://dc1/host-7' "${DROVER_ROOT}/etc/rancher/rke2/config.yaml.d/50-drover.yaml"
}

@test "snapshots are taken when the settings say, else as RKE2 does" {
  claim_succeeds
  step 60-rke2-server
  ! grep -q snapshot "${DROVER_ROOT}/etc/rancher/rke2/config.yaml" || return 1
  rm "$ACTIVE"
  ETCD_SNAPSHOT_CRON='0 */6 * * *' ETCD_SNAPSHOT_RETENTION=8 step 60-rke2-server
  grep -qx 'etcd-snapshot-schedule-cron: "0 \*/6 \* \* \*"' "${DROVER_ROOT}/etc/rancher/rke2/config.yaml"
  grep -qx 'etcd-snapshot-retention: 8' "${DROVER_ROOT}/etc/rancher/rke2/config.yaml"
  ETCD_SNAPSHOT_RETENTION=many step 60-rke2-server
  ended 2
  said "'ETCD_SNAPSHOT_RETENTION' is 'many', must be a number"
}

@test "with the secret taken and nothing answering the server fails and begins nothing" {
  claim_exists 'kv-01 uuid-of-a-lost-disk'
  step 60-rke2-server
  never_begun 1
  said "marker '${MARKER}' exists (held by 'kv-01 uuid-of-a-lost-disk') but nothing answers"
}

@test "a claim of this very disk, of a run that was cut short, still holds" {
  place /var/lib/rancher/drover-claim 'kv-01 uuid-0'
  claim_exists 'kv-01 uuid-0'
  step 60-rke2-server
  ended 0
  [ "$(<"$ACTIVE")" = "$BEGINS" ]
}

@test "a claim that Vault refuses or does not answer begins nothing" {
  answer '\"cas\":0' '{"errors":["permission denied"]}' 22
  step 60-rke2-server
  never_begun 1
  said "could not create marker '${MARKER}': without it no cluster begins"
  answer '\"cas\":0' '' 28
  step 60-rke2-server
  never_begun 1
}

@test "another server waits for the hash in Vault, joins, and never claims" {
  claim_succeeds
  holds "$PUBLISH_CA_HASH" "$HASH"
  holds "$PUBLISH_CA_HASH" pending 1
  answer https://10.40.0.5:9345/cacerts ''
  INITIALISER=false step 60-rke2-server
  ended 0
  [ "$(<"$ACTIVE")" = "$JOINS" ]
  [ "$(content /run/drover/server-token)" = "K10${HASH}::server:hush" ]
  not_requested cas
}

@test "a host without its address, and a store without such a condition, begin nothing" {
  HOST_ADDRESS='' DROVER_SITE='' step 60-rke2-server
  never_begun 2
  said "'HOST_ADDRESS' 'DROVER_SITE'"
  SECRET_STORE=file step 60-rke2-server
  never_begun 1
  said "a cluster on metal begins only with 'SECRET_STORE' vault"
  CLAIM_INITIALISED=marker step 60-rke2-server
  never_begun 2
  said "'marker' is not a secret in Vault"
}

@test "documents for the world have no store on metal" {
  run bash -c '. "$BOOTSTRAP_LIB"; . "${LIB_DIR}/cloud.sh"; document_put bucket openid/v1/jwks /dev/null'
  ended 2
  said "'openid/v1/jwks' has no store on metal"
}

@test "a member is registered under its address in the site, and without metadata" {
  export RANCHER_URL=https://rancher.example.org RANCHER_TOKEN_PARAMETER=drover/lab/plant/token NODE_ROLES=worker
  export RANCHER_CHECKSUM_PARAMETER=drover/lab/plant/checksum
  holds "$RANCHER_TOKEN_PARAMETER" t0ken
  holds "$RANCHER_CHECKSUM_PARAMETER" none
  answer system-agent-install.sh 'printf "%s\n" "$*" >"$DROVER_ROOT/registered"'
  stub systemctl 'exit 3'
  step 60-rancher-agent
  ended 0
  [[ $(content /registered) == *'--address 10.40.0.11 --internal-address 10.40.0.11 '*'--node-name kv-01' ]]
  not_called 169.254.169.254
}
