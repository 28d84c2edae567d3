load helper

HASH=$(printf 'cd%.0s' {1..32})

setup() {
  setup_machine
  answers_of_identity
  export KMS_KEY_ID=key-1 REGISTRATION_ADDRESS=plane.example.org
  place /var/lib/rancher/rke2/server/token "K10${HASH}::server:hush"
  place /etc/rancher/rke2/rke2.yaml credential
  export ISSUER=https://id.example.org/shop
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *"/readyz") [ ! -e "${BATS_TEST_TMPDIR}/down" ] ;;
    *apply*) ;;
    *"get secret drover-deployer"*)
      printf "{\"data\": {\"token\": \"%s\", \"ca.crt\": \"%s\"}}" "$(printf tok-1 | base64)" "$(printf "CA\nPEM\n" | base64)" ;;
    *openid-configuration) printf "{\"issuer\": \"%s\"}" "$ISSUER" ;;
    *jwks) printf "{\"keys\": []}" ;;
  esac'
}

@test "the CA hash is published out of the token that RKE2 keeps" {
  parameter /drover/hash pending
  answer PutParameter '{"Version": 2}'
  PUBLISH_CA_HASH=/drover/hash step 61-publish
  ended 0
  requested "\\\"Value\\\":\\\"${HASH}\\\",\\\"Overwrite\\\":true,\\\"Type\\\":\\\"SecureString\\\",\\\"KeyId\\\":\\\"key-1\\\""
}

@test "what is published already is not written again" {
  parameter /drover/hash "$HASH"
  PUBLISH_CA_HASH=/drover/hash step 61-publish
  ended 0
  said "parameter '/drover/hash' is up to date"
  not_requested PutParameter
}

@test "the deploying account's host, token and CA are published, the token in no argument" {
  parameter /drover/deployer pending
  answer PutParameter '{"Version": 2}'
  PUBLISH_DEPLOYER=/drover/deployer step 61-publish
  ended 0
  called "apply --server-side --validate=false --filename ${USERDATA}/manifests/deployer.yaml"
  requested '{\\\"host\\\":\\\"https://plane.example.org:6443\\\",\\\"token\\\":\\\"tok-1\\\",\\\"ca\\\":\\\"CA\\\\nPEM\\\"}'
  not_called tok-1
  [[ $output != *tok-1* ]]
}

@test "discovery document and keys go to the bucket under the issuer's path" {
  answer https://id-bucket.s3.eu-west-1.amazonaws.com/ ''
  OIDC_BUCKET=id-bucket OIDC_ISSUER=$ISSUER step 61-publish
  ended 0
  called 'https://id-bucket.s3.eu-west-1.amazonaws.com/shop/.well-known/openid-configuration'
  called 'https://id-bucket.s3.eu-west-1.amazonaws.com/shop/openid/v1/jwks'
}

@test "an issuer without a path is published at the root of the bucket" {
  export ISSUER=https://id-bucket.s3.eu-west-1.amazonaws.com
  answer https://id-bucket.s3.eu-west-1.amazonaws.com/ ''
  OIDC_BUCKET=id-bucket OIDC_ISSUER=$ISSUER step 61-publish
  ended 0
  called 'https://id-bucket.s3.eu-west-1.amazonaws.com/openid/v1/jwks'
}

@test "an API with another issuer is refused" {
  OIDC_BUCKET=id-bucket OIDC_ISSUER=https://other.example.org step 61-publish
  ended 1
  said "the API says that its issuer is 'https://id.example.org/shop', 'OIDC_ISSUER' is 'https://other.example.org'"
}

@test "an API that never gets ready ends the step at the deadline" {
  touch "${BATS_TEST_TMPDIR}/down"
  API_DEADLINE_SEC=10 PUBLISH_CA_HASH=/drover/hash step 61-publish
  ended 3
  said 'waiting for the API to be ready'
}

@test "a value that can't be written fails the step" {
  parameter /drover/hash pending
  answer PutParameter '{"__type": "AccessDeniedException"}' 22
  PUBLISH_CA_HASH=/drover/hash step 61-publish
  ended 1
  said "could not write parameter '/drover/hash'"
}

@test "nothing to publish is a mistake" {
  step 61-publish
  ended 2
  said 'nothing to publish: set PUBLISH_CA_HASH, PUBLISH_DEPLOYER or OIDC_BUCKET'
}

@test "on Azure hash and deploying account are new versions of Key Vault's secrets, in no argument" {
  answers_of_azure
  vault_secret ca-hash pending
  vault_secret deployer pending
  answer 'request = "PUT"' '{"id": "x"}'
  PUBLISH_CA_HASH=ca-hash PUBLISH_DEPLOYER=deployer step 61-publish
  ended 0
  requested "data = \"{\\\"value\\\":\\\"${HASH}\\\"}\""
  requested '\\\"token\\\":\\\"tok-1\\\"'
  for secret in tok-1 azure-token; do not_called "$secret"; done
  not_requested PutParameter
}

@test "on Azure what is published already makes no new version" {
  answers_of_azure
  vault_secret ca-hash "$HASH"
  PUBLISH_CA_HASH=ca-hash step 61-publish
  ended 0
  said "parameter 'ca-hash' is up to date"
  not_requested 'request = "PUT"'
}

@test "on Azure discovery document and keys are blobs under the issuer's path" {
  answers_of_azure
  export ISSUER=https://acct.blob.core.windows.net/identity
  answer 'x-ms-blob-type: BlockBlob' ''
  OIDC_BUCKET=https://acct.blob.core.windows.net OIDC_ISSUER=$ISSUER step 61-publish
  ended 0
  called 'https://acct.blob.core.windows.net/identity/.well-known/openid-configuration'
  called 'https://acct.blob.core.windows.net/identity/openid/v1/jwks'
  requested 'header = "Content-Type: application/json"'
  not_requested 'If-None-Match'
}

@test "on Azure a document that is refused is tried until the deadline" {
  answers_of_azure
  export ISSUER=https://acct.blob.core.windows.net/identity
  OIDC_BUCKET=https://acct.blob.core.windows.net OIDC_ISSUER=$ISSUER step 61-publish
  ended 3
  said "to be stored in bucket 'https://acct.blob.core.windows.net'"
}
