load helper

HASH=$(printf 'ab%.0s' {1..32})
MEMBERSHIP=/etc/rancher/rke2/config.yaml.d/10-membership.yaml

setup() {
  setup_machine
  export DROVER_NODE=dev-management-s1 REGISTRATION_ADDRESS=plane.example.org INITIALISER=true
  export CLAIM_INITIALISED=/drover/marker PUBLISH_CA_HASH=/drover/ca-hash JOIN_DEADLINE_SEC=20
  export ACTIVE="${BATS_TEST_TMPDIR}/active"
  # keeps what RKE2 would read at its start
  stub systemctl 'case "$*" in
    "is-active --quiet rke2-server") [ -e "$ACTIVE" ] ;;
    "start --no-block rke2-server") cp "${DROVER_ROOT}/etc/rancher/rke2/config.yaml.d/10-membership.yaml" "$ACTIVE" ;;
  esac'
  stub journalctl 'echo "last words of rke2"'
  place /run/drover/join-token hush
  place /proc/sys/kernel/random/uuid uuid-1
  answers_of_identity
}

registration_answers() { answer https://plane.example.org:9345/cacerts ''; }

claim_succeeds() { answer PutParameter '{"Version": 1}'; }

claim_exists() {
  answer PutParameter '{"__type": "ParameterAlreadyExists"}' 22
  parameter /drover/marker "$1"
}

data_on_disk() { place /var/lib/rancher/rke2/server/db/etcd/member/wal/0.wal; }

started_with() {
  [ "$(<"$ACTIVE")" = "$1" ] || {
    printf 'started with:\n%s\nexpected:\n%s\n' "$(cat "$ACTIVE")" "$1" >&2
    return 1
  }
}

BEGINS='token-file: "/run/drover/join-token"'
JOINS='token-file: "/run/drover/server-token"
server: "https://plane.example.org:9345"'
STAYS='token-file: "/var/lib/rancher/rke2/server/token"
server: "https://plane.example.org:9345"'

@test "the designated server with an empty disk begins the cluster, once its claim succeeded" {
  claim_succeeds
  step 60-rke2-server
  ended 0
  started_with "$BEGINS"
  requested '\"Name\":\"/drover/marker\",\"Value\":\"dev-management-s1 uuid-1\"'
  requested '\"Overwrite\":false'
}

@test "after its start a server would join, never begin, should it lose its data" {
  claim_succeeds
  step 60-rke2-server
  [ "$(content "$MEMBERSHIP")" = "$STAYS" ]
}

@test "a server with data starts with it and asks nobody" {
  data_on_disk
  place /var/lib/rancher/rke2/server/token "K10${HASH}::server:hush"
  step 60-rke2-server
  ended 0
  started_with "$STAYS"
  not_called curl
}

@test "a server that was cut off before RKE2 kept its token starts with the fetched one" {
  data_on_disk
  step 60-rke2-server
  ended 0
  started_with 'token-file: "/run/drover/join-token"
server: "https://plane.example.org:9345"'
}

@test "the designated server joins when something answers" {
  registration_answers
  parameter /drover/ca-hash "$HASH"
  step 60-rke2-server
  ended 0
  started_with "$JOINS"
  [ "$(content /run/drover/server-token)" = "K10${HASH}::server:hush" ]
  [ "$(mode /run/drover/server-token)" = 600 ]
  not_requested PutParameter
}

@test "with the marker taken and nothing answering the server fails and begins nothing" {
  claim_exists 'dev-management-s1 uuid-of-a-lost-disk'
  step 60-rke2-server
  ended 1
  said "marker '/drover/marker' exists (held by 'dev-management-s1 uuid-of-a-lost-disk') but nothing answers"
  [ ! -e "$ACTIVE" ]
  [ ! -e "${DROVER_ROOT}/var/lib/rancher/drover-claim" ]
}

@test "with the marker taken the server joins a cluster that answers late" {
  claim_exists 'dev-management-s2 uuid'
  parameter /drover/ca-hash "$HASH"
  # silent while it is asked whether a cluster may begin, and once more
  registration_answers
  answer https://plane.example.org:9345/cacerts '' 7 5
  step 60-rke2-server
  ended 0
  started_with "$JOINS"
}

@test "a claim of this very disk, of a run that was cut short, still holds" {
  place /var/lib/rancher/drover-claim 'dev-management-s1 uuid-0'
  place /var/lib/rancher/rke2/server/tls/half-made
  claim_exists 'dev-management-s1 uuid-0'
  step 60-rke2-server
  ended 0
  started_with "$BEGINS"
  said "is this disk's own"
}

@test "a claim that can't be written begins nothing" {
  answer PutParameter '{"__type": "AccessDeniedException"}' 22
  step 60-rke2-server
  ended 1
  said "could not create marker '/drover/marker': without it no cluster begins"
  [ ! -e "$ACTIVE" ]
}

@test "the remains of another server on the disk forbid a new cluster" {
  place /var/lib/rancher/rke2/server/tls/server-ca.crt
  claim_succeeds
  parameter /drover/ca-hash pending
  step 60-rke2-server
  ended 3
  said "the disk is not empty"
  not_requested PutParameter
  [ ! -e "$ACTIVE" ]
}

@test "another server waits for the hash and for an answer, then joins" {
  parameter /drover/ca-hash "$HASH"
  parameter /drover/ca-hash pending 1
  registration_answers
  INITIALISER=false step 60-rke2-server
  ended 0
  started_with "$JOINS"
  said 'not the server that may begin a cluster'
}

@test "another server never begins, even when nothing ever answers" {
  parameter /drover/ca-hash "$HASH"
  claim_succeeds
  INITIALISER=false step 60-rke2-server
  ended 3
  said "waiting for an answer of 'https://plane.example.org:9345'"
  not_requested PutParameter
  [ ! -e "$ACTIVE" ]
}

@test "a hash that is none is refused" {
  parameter /drover/ca-hash initialised
  registration_answers
  INITIALISER=false step 60-rke2-server
  ended 1
  said "parameter '/drover/ca-hash' is 'initialised', must be 64 hexadecimal digits"
}

@test "a cluster never begins where the store can't keep two servers from creating one marker" {
  place /etc/drover/secrets/ca-hash pending
  chmod 600 "${DROVER_ROOT}/etc/drover/secrets/ca-hash"
  SECRET_STORE=file PUBLISH_CA_HASH=ca-hash step 60-rke2-server
  ended 1
  said "a cluster begins only with 'SECRET_STORE' ssm"
  [ ! -e "$ACTIVE" ]
}

@test "the configuration holds what the settings say" {
  claim_succeeds
  TLS_SANS='rancher.example.org 10.0.0.5' NODE_LABELS='a=b' NODE_TAINTS='k=v:NoSchedule' CIS_PROFILE=cis \
    OIDC_ISSUER=https://id.example.org PROVIDER_ID_BY=self step 60-rke2-server
  ended 0
  [ "$(content /etc/rancher/rke2/config.yaml)" = 'node-name: "dev-management-s1"
write-kubeconfig-mode: "0600"
ingress-controller: "traefik"
profile: "cis"
audit-policy-file: /etc/rancher/rke2/audit-policy.yaml
tls-san:
  - "plane.example.org"
  - "rancher.example.org"
  - "10.0.0.5"
node-label:
  - "a=b"
node-taint:
  - "k=v:NoSchedule"
kube-apiserver-arg:
  - "service-account-issuer=https://id.example.org"
  - "service-account-jwks-uri=https://id.example.org/openid/v1/jwks"' ]
  [ "$(mode /etc/rancher/rke2/config.yaml)" = 600 ]
  [ "$(content /etc/rancher/rke2/config.yaml.d/50-drover.yaml)" = 'kubelet-arg+:
  - "provider-id=aws:///eu-west-1a/i-0abc"' ]
}

@test "manifests that cloud-init left are installed before the start" {
  claim_succeeds
  place /etc/drover/manifests/ccm.yaml 'kind: HelmChart'
  step 60-rke2-server
  [ "$(content /var/lib/rancher/rke2/server/manifests/ccm.yaml)" = 'kind: HelmChart' ]
}

@test "a designated server with manifests and an empty disk still begins the cluster" {
  claim_succeeds
  place /etc/drover/manifests/ccm.yaml 'kind: HelmChart'
  step 60-rke2-server
  ended 0
  started_with "$BEGINS"
}

@test "a running server is not touched" {
  touch "$ACTIVE"
  step 60-rke2-server
  ended 0
  said 'a running server is not restarted'
  not_called 'systemctl start'
}

@test "a server that does not start ends the step at the deadline with its last words" {
  claim_succeeds
  stub systemctl '[ "$1" != is-active ]'
  START_DEADLINE_SEC=10 step 60-rke2-server
  ended 3
  said 'waiting for rke2-server to be active'
  said 'last words of rke2'
}

@test "settings are checked" {
  INITIALISER=yes step 60-rke2-server
  ended 2
  said "'INITIALISER' is 'yes', allowed is one of: true false"
  rm "${DROVER_ROOT}/run/drover/join-token"
  step 60-rke2-server
  ended 1
  said "run step 40-join-secret first"
}
