load helper

setup() {
  setup_machine
  # shellcheck source=../../userdata/lib.sh
  . "$BOOTSTRAP_LIB"
  # shellcheck source=../../userdata/lib/aws.sh
  . "${LIB_DIR}/aws.sh"
  set +o nounset +o pipefail
  answers_of_identity
}

@test "a parameter is read by the machine's own identity, and no key stands in an argument" {
  parameter /drover/join hush
  run ssm_get /drover/join
  [ "$output" = hush ]
  called '--aws-sigv4 aws:amz:eu-west-1:ssm --config - https://ssm.eu-west-1.amazonaws.com/'
  requested 'user = "AKIDEXAMPLE:s3cr3t/key"'
  requested 'header = "X-Amz-Security-Token: session-token"'
  for secret in s3cr3t session-token imds-token; do not_called "$secret"; done
}

@test "a parameter that can't be read is named with the answer" {
  answer GetParameter '{"__type": "AccessDeniedException"}' 22
  run ssm_get /drover/join
  ended 1
  said "could not read parameter '/drover/join': {\"__type\": \"AccessDeniedException\"}"
}

@test "a published value overwrites, keeps the key it is encrypted with and reaches no argument" {
  answer PutParameter '{"Version": 2}'
  KMS_KEY_ID=key-1 run ssm_put /p 'to"ken'
  ended 0
  requested 'data = "{\"Name\":\"/p\",\"Value\":\"to\\\"ken\",\"Overwrite\":true,\"Type\":\"SecureString\",\"KeyId\":\"key-1\"}"'
  not_called 'to"ken'
}

@test "a create-only write tells an existing parameter from a failure" {
  answer PutParameter '{"__type": "ParameterAlreadyExists"}' 22
  run ssm_put_new /m v
  ended 4
  requested '\"Type\":\"String\",\"Overwrite\":false'
  answer PutParameter '{"__type": "InternalServerError"}' 22
  run ssm_put_new /m v
  ended 1
  said "could not create parameter '/m'"
}

@test "a document is stored with the checksum of its body" {
  printf '{}' >"${BATS_TEST_TMPDIR}/doc"
  answer openid/v1/jwks ''
  run s3_put bucket-1 openid/v1/jwks "${BATS_TEST_TMPDIR}/doc"
  ended 0
  called 'aws:amz:eu-west-1:s3 --config - https://bucket-1.s3.eu-west-1.amazonaws.com/openid/v1/jwks'
  requested 'X-Amz-Content-Sha256: 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
}

@test "regions in China have their own domain" {
  REGION=cn-north-1
  parameter /p v
  run ssm_get /p
  called 'https://ssm.cn-north-1.amazonaws.com.cn/'
}

@test "an answer to a hook that waits no more is no failure" {
  ASG_NAME=group-1
  answer CompleteLifecycleAction 'No active Lifecycle Action found with token' 22
  run complete_lifecycle_action joined CONTINUE
  ended 0
  said "scaling group 'group-1' waits for nothing at hook 'joined' any more"
}

@test "an answer that the scaling group refuses is a failure with its reason" {
  ASG_NAME=group-1
  answer CompleteLifecycleAction 'AccessDenied' 22
  run complete_lifecycle_action joined ABANDON
  ended 1
  said "could not answer hook 'joined' of scaling group 'group-1' with ABANDON: AccessDenied"
}

@test "the steps of a run ask for the role's keys once, and again when they may be too old" {
  export IDENTITY_CACHE="${BATS_TEST_TMPDIR}/identity"
  parameter /p v
  ssm_get /p
  ssm_get /p
  [ "$(grep -c 'security-credentials/drover-role' "$CALLS")" -eq 1 ]
  [ "$(stat --format %a "$IDENTITY_CACHE")" = 600 ]
  sed -i "1s/.*/-24000/" "$IDENTITY_CACHE"
  ssm_get /p
  [ "$(grep -c 'security-credentials/drover-role' "$CALLS")" -eq 2 ]
}

@test "an answer without keys is not kept" {
  export IDENTITY_CACHE="${BATS_TEST_TMPDIR}/identity"
  answer meta-data/iam/security-credentials/drover-role '{"Code": "Failed"}'
  run ssm_get /p
  [ ! -e "$IDENTITY_CACHE" ]
}

@test "metadata that does not answer is asked again, within a limit" {
  answer meta-data/instance-id i-0abc
  instance_id
  called '--request PUT'
  [ "$(grep -c 'http://169.254.169.254/' "$CALLS")" -eq "$(grep -c -- '--max-time 5 --retry 2 --retry-delay 1 .*http://169.254.169.254/' "$CALLS")" ]
}

@test "a machine without a role makes no call" {
  answer meta-data/iam/security-credentials/drover-role '{"Code": "Failed"}'
  run ssm_get /p
  ended 1
  not_called aws-sigv4
}
