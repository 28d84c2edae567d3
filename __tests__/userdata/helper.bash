# A machine for tests: an empty root folder, stub commands first on PATH, and answers for curl. Loaded by every .bats file.

setup_machine() {
  USERDATA="${BATS_TEST_DIRNAME%/*/*}/userdata"
  export DROVER_ROOT="${BATS_TEST_TMPDIR}/root" STUBS="${BATS_TEST_TMPDIR}/stubs"
  export CALLS="${BATS_TEST_TMPDIR}/calls" REQUESTS="${BATS_TEST_TMPDIR}/requests" ANSWERS="${BATS_TEST_TMPDIR}/answers"
  export BOOTSTRAP_LIB="${USERDATA}/lib.sh" REGION=eu-west-1 TMPDIR="${BATS_TEST_TMPDIR}"
  export PATH="${STUBS}:${PATH}" PYTHONDONTWRITEBYTECODE=1
  mkdir -p "$DROVER_ROOT" "$STUBS" "$ANSWERS"
  : >"$CALLS"
  : >"$REQUESTS"
  # the names of the rules sort by age
  ANSWERED=1000
  cp "${BATS_TEST_DIRNAME}/curl-stub.sh" "${STUBS}/curl"
  # retry counts the time that it slept by itself
  stub sleep
  stub logger 'cat >/dev/null'
}

# stub NAME [BODY]: a command that records its call and then does BODY
stub() {
  write_stub "${STUBS}/$1" "${2:-}"
}

# write_stub FILE BODY: starts its shell without a search for it
write_stub() {
  printf '#!%s\nprintf "%%s\\n" "%s $*" >>"$CALLS"\n%s\n' "$BASH" "${1##*/}" "$2" >"$1"
  chmod +x "$1"
}

# answer PATTERN BODY [CODE] [TIMES]: what curl answers to a request whose arguments or settings contain PATTERN;
# of several that fit, the newest
answer() { add_rule "$1" "$2" "${3:-0}" "${4:-}" ''; }

# answer_file PATTERN FILE: the same with the content of a file
answer_file() { add_rule "$1" '' 0 '' "$2"; }

# add_rule PATTERN BODY CODE TIMES FILE: the next of the rules that curl-stub.sh reads
add_rule() {
  ANSWERED=$((ANSWERED + 1))
  printf '%s\0' "$@" >"${ANSWERS}/${ANSWERED}"
}

# answers_of_identity: metadata and credentials of an instance
answers_of_identity() {
  answer /api/token imds-token
  answer meta-data/iam/security-credentials/ drover-role
  answer meta-data/iam/security-credentials/drover-role \
    '{"AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "s3cr3t/key", "Token": "session-token"}'
  answer meta-data/instance-id i-0abc
  answer meta-data/placement/availability-zone eu-west-1a
  answer meta-data/local-ipv4 10.0.0.9
}

# parameter NAME VALUE [TIMES]: what SSM holds
parameter() {
  answer "GetParameter\"
header = \"Content-Type: application/x-amz-json-1.1\"
data = \"{\\\"Name\\\":\\\"$1\\\"" "{\"Parameter\": {\"Value\": \"$2\"}}" 0 "${3:-}"
}

# answers_of_azure: metadata and token of a machine of a scale set
answers_of_azure() {
  export DROVER_CLOUD=azure REGION=westeurope SECRET_STORE=keyvault KEY_VAULT_URL=https://acme-dev.vault.azure.net
  export KEY_VAULT_IDENTITY=client-1
  answer metadata/identity/oauth2/token '{"access_token": "azure-token", "expires_in": "86399"}'
  answer metadata/instance/compute/name drover-shop-workers_3
  answer metadata/instance/compute/resourceId \
    /subscriptions/sub-1/resourceGroups/Drover-Shop/providers/Microsoft.Compute/virtualMachineScaleSets/workers/virtualMachines/3
  answer metadata/instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress 10.30.0.9
}

# vault_secret NAME VALUE [TIMES]: what Key Vault holds
vault_secret() { answer "https://acme-dev.vault.azure.net/secrets/$1?api-version=7.4" "{\"value\": \"$2\"}" 0 "${3:-}"; }

# place PATH [CONTENT]: a file of the machine
place() {
  make_folder_of "$1"
  printf '%s\n' "${2:-}" >"${DROVER_ROOT}$1"
}

# executable PATH BODY: a program of the machine
executable() {
  make_folder_of "$1"
  write_stub "${DROVER_ROOT}$1" "$2"
}

make_folder_of() { [ -d "${DROVER_ROOT}${1%/*}" ] || mkdir -p "${DROVER_ROOT}${1%/*}"; }

step() { run bash "${USERDATA}/steps/$1.sh"; }

# said TEXT: the last run printed it
said() {
  [[ $output == *"$1"* ]] || {
    printf 'expected to read: %s\ngot:\n%s\n' "$1" "$output" >&2
    return 1
  }
}

called() { grep -qF -- "$1" "$CALLS" || {
  printf 'expected the call: %s\ngot:\n%s\n' "$1" "$(<"$CALLS")" >&2
  return 1
}; }

# bash lets a negated line of a test pass: these two fail it
not_called() { ! grep -qF -- "$1" "$CALLS"; }

not_requested() { ! grep -qF -- "$1" "$REQUESTS"; }

requested() { grep -qF -- "$1" "$REQUESTS"; }

ended() {
  [ "$status" -eq "$1" ] || {
    printf 'expected exit code %s, got %s:\n%s\n' "$1" "$status" "$output" >&2
    return 1
  }
}

content() { cat "${DROVER_ROOT}$1"; }

mode() { stat --format %a "${DROVER_ROOT}$1"; }
