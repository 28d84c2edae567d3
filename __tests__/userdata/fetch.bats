load helper

URL='https://b.s3.eu-west-1.amazonaws.com/bootstrap.tar?versionId=v1'

setup() {
  setup_machine
  answers_of_identity
  mkdir "${BATS_TEST_TMPDIR}/content"
  printf '#!/usr/bin/env bash\necho the runner runs; exit 7\n' >"${BATS_TEST_TMPDIR}/content/run.sh"
  chmod +x "${BATS_TEST_TMPDIR}/content/run.sh"
  tar -cf "${BATS_TEST_TMPDIR}/bundle.tar" -C "${BATS_TEST_TMPDIR}/content" run.sh
  SUM=$(sha256sum <"${BATS_TEST_TMPDIR}/bundle.tar" | cut -d' ' -f1)
  answer_file "$URL" "${BATS_TEST_TMPDIR}/bundle.tar"
  settings "$SUM"
  stub systemctl
}

settings() { place /etc/drover/bootstrap.env "BUNDLE_URL='$URL'
BUNDLE_SHA256='$1'
REGION='eu-west-1'
FETCH_DEADLINE_SEC='${2:-0}'"; }

@test "the bundle is fetched by the machine's identity, proven, unpacked and run" {
  run "${USERDATA}/fetch.sh"
  ended 7
  said 'the runner runs'
  called "--aws-sigv4 aws:amz:eu-west-1:s3"
  requested 'user = "AKIDEXAMPLE:s3cr3t/key"'
  requested 'header = "X-Amz-Security-Token: session-token"'
  for secret in s3cr3t session-token imds-token; do not_called "$secret"; done
}

@test "should the power go meanwhile, the next boot goes on" {
  answer "$URL" '' 22
  run "${USERDATA}/fetch.sh"
  ended 3
  called 'systemctl enable --quiet --no-reload drover-bootstrap'
  [[ $(content /etc/systemd/system/drover-bootstrap.service) == *'ExecStart=/opt/drover/fetch.sh'* ]]
}

@test "a new bundle replaces the old one, nothing of that stays" {
  place /opt/drover/bundle/steps/old.sh
  run "${USERDATA}/fetch.sh"
  ended 7
  [ ! -e "${DROVER_ROOT}/opt/drover/bundle/steps/old.sh" ]
}

@test "another bundle is refused before it is unpacked" {
  settings "$(printf '0%.0s' {1..64})"
  run "${USERDATA}/fetch.sh"
  ended 4
  said "checksum of '$URL' is not '0000"
  [ ! -e "${DROVER_ROOT}/opt/drover/bundle" ]
}

@test "an object that is not there yet is asked for again" {
  settings "$SUM" 60
  answer "$URL" '' 22 2
  run "${USERDATA}/fetch.sh"
  ended 7
  [ "$(grep -c '^sleep 5$' "$CALLS")" -eq 2 ]
}

@test "an object that never comes ends at the deadline" {
  answer "$URL" '' 22
  run "${USERDATA}/fetch.sh"
  ended 3
  said "no bundle from '$URL' in time"
}

@test "missing settings and an old curl are said" {
  place /etc/drover/bootstrap.env "REGION='eu-west-1'"
  run "${USERDATA}/fetch.sh"
  ended 2
  said "'BUNDLE_URL' is missing"
  settings "$SUM"
  CURL_VERSION=7.81.0 run "${USERDATA}/fetch.sh"
  ended 5
  said "curl '7.81.0' is too old: 7.88 or later is needed"
}

# on_azure: cloud-init has put the second file beside the first
on_azure() {
  URL=https://acct.blob.core.windows.net/bundles/shop/abc.tar
  answer_file "$URL" "${BATS_TEST_TMPDIR}/bundle.tar"
  answer metadata/identity/oauth2/token '{"access_token":"azure-token","expires_in":"86399"}'
  mkdir -p "${DROVER_ROOT}/opt/drover"
  cp "${USERDATA}/fetch-azure.sh" "${DROVER_ROOT}/opt/drover/fetch-azure.sh"
  settings "$SUM"
  printf "DROVER_CLOUD='azure'\nKEY_VAULT_IDENTITY='client-1'\n" >>"${DROVER_ROOT}/etc/drover/bootstrap.env"
}

@test "on Azure the bundle is fetched by the managed identity of the settings, with any curl" {
  on_azure
  CURL_VERSION=7.81.0 run "${USERDATA}/fetch.sh"
  ended 7
  said 'the runner runs'
  called '-H Metadata: true http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=client-1'
  requested 'header = "Authorization: Bearer azure-token"'
  requested 'header = "x-ms-version: 2021-12-02"'
  not_called azure-token
  not_called aws-sigv4
  not_called /latest/
}

@test "on Azure the only identity of a machine needs no name" {
  on_azure
  sed -i '/KEY_VAULT_IDENTITY/d' "${DROVER_ROOT}/etc/drover/bootstrap.env"
  run "${USERDATA}/fetch.sh"
  ended 7
  grep -q 'storage.azure.com%2F$' "$CALLS"
}

@test "on Azure no blob is asked for without a token, and the deadline ends it" {
  on_azure
  answer metadata/identity/oauth2/token '{"error":"identity_not_found"}' 22
  run "${USERDATA}/fetch.sh"
  ended 3
  said "no bundle from '$URL' in time"
  not_called "-o ${DROVER_ROOT}/opt/drover/bundle.tar"
  answer metadata/identity/oauth2/token '{"error":"unknown"}'
  run "${USERDATA}/fetch.sh"
  ended 3
  not_called "-o ${DROVER_ROOT}/opt/drover/bundle.tar"
}

@test "on Azure a role that has not spread yet is waited for, another bundle is refused" {
  on_azure
  settings "$SUM" 60
  printf "DROVER_CLOUD='azure'\n" >>"${DROVER_ROOT}/etc/drover/bootstrap.env"
  answer "$URL" '' 22 2
  run "${USERDATA}/fetch.sh"
  ended 7
  [ "$(grep -c '^sleep 5$' "$CALLS")" -eq 2 ]
  settings "$(printf '0%.0s' {1..64})"
  printf "DROVER_CLOUD='azure'\n" >>"${DROVER_ROOT}/etc/drover/bootstrap.env"
  run "${USERDATA}/fetch.sh"
  ended 4
  said "checksum of '$URL' is not '0000"
}

@test "a guest on Azure of a cluster elsewhere fetches as a machine of Azure" {
  on_azure
  sed -i "s/DROVER_CLOUD=.*/DROVER_CLOUD='aws'\nDROVER_PLATFORM='azure'/" "${DROVER_ROOT}/etc/drover/bootstrap.env"
  run "${USERDATA}/fetch.sh"
  ended 7
  requested 'header = "Authorization: Bearer azure-token"'
  not_called aws-sigv4
}

@test "on AWS a file of another cloud changes nothing" {
  place /opt/drover/fetch-azure.sh 'download() { exit 99; }'
  run "${USERDATA}/fetch.sh"
  ended 7
  called '--aws-sigv4 aws:amz:eu-west-1:s3'
}

@test "the fetcher takes at most 3.5 KiB of user data" {
  [ "$(wc -c <"${USERDATA}/fetch.sh")" -le 3584 ]
}
