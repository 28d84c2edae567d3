load helper

CONFIG=/etc/rancher/rke2/config.yaml.d/45-snapshots.yaml
CA=/etc/rancher/rke2/snapshot-store-ca.pem
ACCESS=AKIDSNAPSHOTS

setup() {
  setup_machine
  export DROVER_CLOUD=metal REGION=hall-1 SECRET_STORE=vault VAULT_ADDR=https://vault.example.org VAULT_ROLE_ID=role-1
  export SNAPSHOT_S3_ENDPOINT=s3.example.org:9000 SNAPSHOT_S3_BUCKET=snapshots SNAPSHOT_S3_REGION=us-east-1
  export SNAPSHOT_S3_FOLDER=lab-plant SNAPSHOT_S3_RETENTION=84
  export SNAPSHOT_S3_ACCESS_KEY=drover/shared/s3#access SNAPSHOT_S3_SECRET_KEY=drover/shared/s3#secret
  stub systemctl '[ -e "${BATS_TEST_TMPDIR}/active" ]'
  place /etc/drover/vault-secret-id secret-id
  chmod 600 "${DROVER_ROOT}/etc/drover/vault-secret-id"
  answer auth/approle/login '{"auth": {"client_token": "vault-token", "lease_duration": 600}}'
  keys "$ACCESS" 's3cr3t/\"with\\quotes+='
}

# keys ACCESS SECRET: what Vault holds, as JSON writes it
keys() {
  answer https://vault.example.org/v1/drover/data/shared/s3 "{\"data\": {\"data\": {\"access\": \"$1\", \"secret\": \"$2\"}}}"
}

@test "RKE2 is told of the store, with the keys that the host fetched" {
  step 58-snapshot-store
  ended 0
  [ "$(content "$CONFIG")" = 'etcd-s3: true
etcd-s3-endpoint: "s3.example.org:9000"
etcd-s3-bucket: "snapshots"
etcd-s3-region: "us-east-1"
etcd-s3-folder: "lab-plant"
etcd-s3-retention: 84
etcd-s3-access-key: "AKIDSNAPSHOTS"
etcd-s3-secret-key: "s3cr3t/\"with\\quotes+="' ]
  [ "$(mode "$CONFIG")" = 600 ]
  [ ! -e "${DROVER_ROOT}${CA}" ]
}

@test "the keys stand in no argument and no log" {
  step 58-snapshot-store
  ended 0
  said "snapshots go to 'lab-plant' in bucket 'snapshots' of 's3.example.org:9000'"
  for word in "$ACCESS" s3cr3t vault-token secret-id; do
    not_called "$word"
    [[ $output != *"$word"* ]]
  done
}

@test "a private CA lies beside it" {
  SNAPSHOT_S3_CA=$(printf 'certificate\nsecond\n' | base64 --wrap 0) step 58-snapshot-store
  ended 0
  [ "$(content "$CA")" = $'certificate\nsecond' ]
  grep -qx "etcd-s3-endpoint-ca: \"${CA}\"" "${DROVER_ROOT}${CONFIG}"
  step 58-snapshot-store
  ended 0
  [ ! -e "${DROVER_ROOT}${CA}" ]
  [[ $(content "$CONFIG") != *endpoint-ca* ]]
}

@test "what is known already is said to be, and a key that has changed waits for the next start of what runs" {
  step 58-snapshot-store
  [[ $output != *'knows this store already'* ]]
  step 58-snapshot-store
  ended 0
  said 'RKE2 knows this store already'
  touch "${BATS_TEST_TMPDIR}/active"
  keys AKIDROTATED other
  step 58-snapshot-store
  ended 0
  said 'it takes the store as it is now at its next start'
  grep -qx 'etcd-s3-access-key: "AKIDROTATED"' "${DROVER_ROOT}${CONFIG}"
  not_called restart
}

@test "a key that never comes ends the step at the deadline, by its name" {
  keys pending other
  SECRET_DEADLINE_SEC=10 step 58-snapshot-store
  ended 3
  said "parameter 'drover/shared/s3#access'"
  [ ! -e "${DROVER_ROOT}${CONFIG}" ]
}

@test "a secret without that key ends it as well" {
  SNAPSHOT_S3_SECRET_KEY=drover/shared/s3#missing SECRET_DEADLINE_SEC=10 step 58-snapshot-store
  ended 3
  said "parameter 'drover/shared/s3#missing'"
}

@test "what is no key is refused and not repeated" {
  keys "$ACCESS" 'two words'
  step 58-snapshot-store
  ended 1
  said "secret 'drover/shared/s3#secret' is no key of a store: must be one word of printable characters"
  [[ $output != *'two words'* ]]
}

@test "on Azure the keys are secrets of the vault" {
  answers_of_azure
  vault_secret s3-access "$ACCESS"
  vault_secret s3-secret hush
  SNAPSHOT_S3_ACCESS_KEY=s3-access SNAPSHOT_S3_SECRET_KEY=s3-secret step 58-snapshot-store
  ended 0
  grep -qx 'etcd-s3-secret-key: "hush"' "${DROVER_ROOT}${CONFIG}"
}

@test "settings are checked" {
  SNAPSHOT_S3_BUCKET='' SNAPSHOT_S3_SECRET_KEY='' step 58-snapshot-store
  ended 2
  said "'SNAPSHOT_S3_BUCKET' 'SNAPSHOT_S3_SECRET_KEY'"
  SNAPSHOT_S3_ENDPOINT=https://s3.example.org step 58-snapshot-store
  ended 2
  said "must be host or host:port"
  SNAPSHOT_S3_RETENTION=0 step 58-snapshot-store
  ended 2
  said "'SNAPSHOT_S3_RETENTION' is '0', must be a number"
  SNAPSHOT_S3_CA='not base64!' step 58-snapshot-store
  ended 2
  said "'SNAPSHOT_S3_CA' is no base64"
  [ ! -e "${DROVER_ROOT}${CONFIG}" ]
}
