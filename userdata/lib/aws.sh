#!/usr/bin/env bash
# AWS by the machine's own identity, without a cloud CLI. Sourced after lib.sh.
#   REGION          region of every call                                               (required)
#   KMS_KEY_ID      key of the secure parameters that this machine writes              (default the account's own)
#   IDENTITY_CACHE  file in memory that keeps the role's keys between a run's steps    (default none)
# Secrets reach curl through stdin, so that no process list shows them. A call takes at most 15 s.

IMDS='http://169.254.169.254/latest'

# imds PATH: one metadata value (IMDSv2); fails with curl's code 22 when there is none. A machine that is just starting
# asks again where no answer comes: at most 18 s
imds() {
  local token
  token=$(ask_metadata --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' "${IMDS}/api/token") || return
  printf 'header = "X-aws-ec2-metadata-token: %s"\n' "$token" | ask_metadata --config - "${IMDS}/$1"
}

ask_metadata() { curl --silent --fail --max-time 5 --retry 2 --retry-delay 1 --noproxy '*' "$@"; }

instance_id() { imds meta-data/instance-id; }

aws_domain() {
  case "$REGION" in
    cn-*) printf 'amazonaws.com.cn' ;;
    *) printf 'amazonaws.com' ;;
  esac
}

# role_keys: the metadata's document with the keys of the machine's role; they are good for five minutes at least
role_keys() {
  local now kept role answer
  mark now
  if [ -s "${IDENTITY_CACHE:-}" ]; then
    { read -r kept && answer=$(cat); } <"$IDENTITY_CACHE" || return
    if [ "$((now - kept))" -lt 24000 ]; then
      printf '%s' "$answer"
      return 0
    fi
  fi
  role=$(imds meta-data/iam/security-credentials/) || return
  answer=$(imds "meta-data/iam/security-credentials/${role}") || return
  if [ -n "${IDENTITY_CACHE:-}" ] && credential Token "$answer" >/dev/null; then
    (umask 077 && printf '%d\n%s' "$now" "$answer" >"$IDENTITY_CACHE") || return
  fi
  printf '%s' "$answer"
}

# credential NAME DOCUMENT: one of the texts in the metadata's flat document
credential() { [[ $2 =~ \"$1\"[[:space:]]*:[[:space:]]*\"([^\"]+)\" ]] && printf '%s' "${BASH_REMATCH[1]}"; }

# aws_signed SERVICE URL: a signed request; further curl settings on stdin; code 22 with the body on an HTTP error
aws_signed() {
  local answer key secret token
  answer=$(role_keys) || return
  key=$(credential AccessKeyId "$answer") || return
  secret=$(credential SecretAccessKey "$answer") || return
  token=$(credential Token "$answer") || return
  {
    curl_setting user "${key}:${secret}"
    curl_setting header "X-Amz-Security-Token: ${token}"
    cat
  } | curl --silent --show-error --fail-with-body --max-time 15 \
    --aws-sigv4 "aws:amz:${REGION}:$1" --config - "$2"
}

# aws_json SERVICE TARGET BODY: a call of a JSON service
aws_json() {
  {
    curl_setting header "X-Amz-Target: $2"
    curl_setting header 'Content-Type: application/x-amz-json-1.1'
    curl_setting data "$3"
  } | aws_signed "$1" "https://$1.${REGION}.$(aws_domain)/"
}

# aws_query SERVICE VERSION ACTION NAME=VALUE...: a call of a query service
aws_query() {
  local service=$1 version=$2 action=$3 pair
  shift 3
  {
    curl_setting data-urlencode "Action=${action}"
    curl_setting data-urlencode "Version=${version}"
    for pair in "$@"; do
      curl_setting data-urlencode "$pair"
    done
  } | aws_signed "$service" "https://${service}.${REGION}.$(aws_domain)/"
}

# ssm_get NAME: the value of a parameter
ssm_get() {
  local answer
  if ! answer=$(aws_json ssm AmazonSSM.GetParameter "{\"Name\":$(json_string "$1"),\"WithDecryption\":true}"); then
    log "could not read parameter '$1': ${answer:-no answer}"
    return 1
  fi
  json_get Parameter Value <<<"$answer"
}

# ssm_put NAME VALUE: overwrites a parameter that Terraform created
ssm_put() {
  local key='' answer
  [ -z "${KMS_KEY_ID:-}" ] || key=",\"Type\":\"SecureString\",\"KeyId\":$(json_string "$KMS_KEY_ID")"
  answer=$(aws_json ssm AmazonSSM.PutParameter \
    "{\"Name\":$(json_string "$1"),\"Value\":$(json_string "$2"),\"Overwrite\":true${key}}") ||
    die "could not write parameter '$1': ${answer:-no answer}"
}

# ssm_put_new NAME VALUE: creates a parameter; returns 4 when there is one of that name already
ssm_put_new() {
  local answer
  if answer=$(aws_json ssm AmazonSSM.PutParameter \
    "{\"Name\":$(json_string "$1"),\"Value\":$(json_string "$2"),\"Type\":\"String\",\"Overwrite\":false}"); then
    return 0
  fi
  [[ $answer != *ParameterAlreadyExists* ]] || return 4
  log "could not create parameter '$1': ${answer:-no answer}"
  return 1
}

# s3_put BUCKET KEY FILE: stores a JSON document
s3_put() {
  local checksum
  checksum=$(sha256sum "$3") || return
  {
    curl_setting request PUT
    curl_setting header "X-Amz-Content-Sha256: ${checksum%% *}"
    curl_setting header 'Content-Type: application/json'
    curl_setting data-binary "@$3"
  } | aws_signed s3 "https://$1.s3.${REGION}.$(aws_domain)/$2"
}

# ec2_tag NAME VALUE: tags this instance
ec2_tag() {
  local instance
  instance=$(instance_id) || return
  aws_query ec2 2016-11-15 CreateTags "ResourceId.1=${instance}" "Tag.1.Key=$1" "Tag.1.Value=$2" >/dev/null
}

# complete_lifecycle_action HOOK CONTINUE|ABANDON: ends a wait of the scaling group for this instance
complete_lifecycle_action() {
  local instance answer
  instance=$(instance_id) || return
  if answer=$(aws_query autoscaling 2011-01-01 CompleteLifecycleAction "AutoScalingGroupName=${ASG_NAME}" \
    "LifecycleHookName=$1" "InstanceId=${instance}" "LifecycleActionResult=$2"); then
    return 0
  fi
  # a run that is repeated after the machine went into service has nothing left to answer
  if [[ $answer == *'No active Lifecycle Action'* ]]; then
    log "scaling group '${ASG_NAME}' waits for nothing at hook '$1' any more"
    return 0
  fi
  log "could not answer hook '$1' of scaling group '${ASG_NAME}' with $2: ${answer:-no answer}"
  return 1
}
