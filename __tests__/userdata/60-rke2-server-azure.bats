load helper

HASH=$(printf 'ab%.0s' {1..32})
MARKER=https://acct.blob.core.windows.net/initialised-management/cluster-initialised

setup() {
  setup_machine
  answers_of_azure
  export DROVER_NODE=dev-management-s1 REGISTRATION_ADDRESS=plane.example.org INITIALISER=true
  export CLAIM_INITIALISED=$MARKER PUBLISH_CA_HASH=management-ca-hash JOIN_DEADLINE_SEC=20
  export ACTIVE="${BATS_TEST_TMPDIR}/active"
  # keeps what RKE2 would read at its start
  stub systemctl 'case "$*" in
    "is-active --quiet rke2-server") [ -e "$ACTIVE" ] ;;
    "start --no-block rke2-server") cp "${DROVER_ROOT}/etc/rancher/rke2/config.yaml.d/10-membership.yaml" "$ACTIVE" ;;
  esac'
  place /run/drover/join-token hush
  place /proc/sys/kernel/random/uuid uuid-1
}

registration_answers() { answer https://plane.example.org:9345/cacerts ''; }

claim_succeeds() { answer 'If-None-Match: *' ''; }

# claim_exists HOLDER [CODE]
claim_exists() {
  answer "$MARKER" "$1"
  answer 'If-None-Match: *' "<Error><Code>${2:-BlobAlreadyExists}</Code></Error>" 22
}

# never_begun CODE: the step ended with that code, and nothing was started
never_begun() {
  ended "$1"
  [ ! -e "$ACTIVE" ]
}

BEGINS='token-file: "/run/drover/join-token"'
JOINS='token-file: "/run/drover/server-token"
server: "https://plane.example.org:9345"'

@test "the designated server with an empty disk begins the cluster, once it has created the blob" {
  claim_succeeds
  step 60-rke2-server
  ended 0
  [ "$(<"$ACTIVE")" = "$BEGINS" ]
  called "$MARKER"
  requested 'header = "If-None-Match: *"'
  requested 'data-raw = "dev-management-s1 uuid-1"'
  not_called aws-sigv4
  not_called azure-token
}

@test "with the blob taken and nothing answering the server fails and begins nothing" {
  for code in BlobAlreadyExists ConditionNotMet; do
    claim_exists 'dev-management-s1 uuid-of-a-lost-disk' "$code"
    step 60-rke2-server
    never_begun 1
    said "marker '${MARKER}' exists (held by 'dev-management-s1 uuid-of-a-lost-disk') but nothing answers"
    [ ! -e "${DROVER_ROOT}/var/lib/rancher/drover-claim" ]
  done
}

@test "with the blob taken and unreadable the server begins nothing" {
  claim_exists ''
  answer "$MARKER" '<Error><Code>AuthorizationFailure</Code></Error>' 22
  answer 'If-None-Match: *' '<Error><Code>BlobAlreadyExists</Code></Error>' 22
  step 60-rke2-server
  never_begun 1
  said "(held by 'unknown')"
}

@test "a claim of this very disk, of a run that was cut short, still holds" {
  place /var/lib/rancher/drover-claim 'dev-management-s1 uuid-0'
  claim_exists 'dev-management-s1 uuid-0'
  step 60-rke2-server
  ended 0
  [ "$(<"$ACTIVE")" = "$BEGINS" ]
  said "is this disk's own"
}

@test "a claim that can't be written begins nothing, whatever the reason" {
  for code in AuthorizationPermissionMismatch ContainerBeingDeleted ContainerNotFound; do
    answer 'If-None-Match: *' "<Error><Code>${code}</Code></Error>" 22
    step 60-rke2-server
    never_begun 1
    said "could not create marker '${MARKER}': without it no cluster begins"
  done
  answer 'If-None-Match: *' '' 28
  step 60-rke2-server
  never_begun 1
}

@test "a machine whose identity gives no token begins nothing" {
  claim_succeeds
  answer metadata/identity/oauth2/token '' 22
  step 60-rke2-server
  never_begun 1
  not_requested 'If-None-Match'
}

@test "the designated server joins when something answers" {
  registration_answers
  vault_secret management-ca-hash "$HASH"
  step 60-rke2-server
  ended 0
  [ "$(<"$ACTIVE")" = "$JOINS" ]
  [ "$(content /run/drover/server-token)" = "K10${HASH}::server:hush" ]
  not_requested If-None-Match
}

@test "another server waits for the hash in Key Vault, joins, and never claims" {
  claim_succeeds
  vault_secret management-ca-hash "$HASH"
  vault_secret management-ca-hash pending 1
  registration_answers
  INITIALISER=false step 60-rke2-server
  ended 0
  [ "$(<"$ACTIVE")" = "$JOINS" ]
  not_requested If-None-Match
}

@test "a marker that is no blob, and a store that machines can't write, begin nothing" {
  CLAIM_INITIALISED=/drover/marker step 60-rke2-server
  never_begun 2
  said "'CLAIM_INITIALISED' is '/drover/marker', must be the address of a blob"
  SECRET_STORE=file PUBLISH_CA_HASH=ca-hash step 60-rke2-server
  never_begun 1
  said "a cluster on Azure begins only with 'SECRET_STORE' keyvault"
}
