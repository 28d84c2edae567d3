# lib/vault.sh through a real curl and TLS, against a Vault on loopback.
load helper

setup_file() {
  command -v openssl >/dev/null || skip 'no openssl on this machine'
  cd "$BATS_FILE_TMPDIR"
  openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout key.pem -out ca.pem 2>/dev/null
}

setup() {
  setup_machine
  rm "${STUBS}/curl" "${STUBS}/sleep"
  export LOG="${BATS_TEST_TMPDIR}/log" PORT="${BATS_TEST_TMPDIR}/port"
  : >"$LOG"
  python3 "${BATS_TEST_DIRNAME}/vault_server.py" "${BATS_FILE_TMPDIR}/ca.pem" "${BATS_FILE_TMPDIR}/key.pem" "$PORT" "$LOG" \
    3>&- 2>"${BATS_TEST_TMPDIR}/server" &
  SERVER=$!
  for _ in $(seq 600); do [ -s "$PORT" ] || sleep 0.1; done
  export VAULT_ADDR="https://localhost:$(<"$PORT")" VAULT_ROLE_ID=role-1 VAULT_CA_FILE=/etc/drover/vault-ca.pem
  place /etc/drover/vault-ca.pem "$(<"${BATS_FILE_TMPDIR}/ca.pem")"
  place /etc/drover/vault-secret-id 'se"cret\id'
  chmod 600 "${DROVER_ROOT}/etc/drover/vault-secret-id"
  export SECRET_STORE=vault
  . "$BOOTSTRAP_LIB"
  . "${LIB_DIR}/secret.sh"
  set +o nounset +o pipefail
}

teardown() { [ -z "${SERVER:-}" ] || kill "$SERVER"; }

logins() { grep -c '/auth/approle/login' "$LOG" || :; }

@test "a secret is read under its key, which is 'value' unless named" {
  run secret_get drover/lab/management/join
  ended 0
  [ "$output" = hush ]
  run secret_get drover/lab/management/join#value
  [ "$output" = hush ]
  run secret_get drover/lab/management/join#other
  ended 1
  said "no 'data.data.other' in the JSON answer"
}

@test "a run logs in once, one call outside of a run each time" {
  secret_get drover/lab/management/join
  secret_get drover/lab/management/join
  [ "$(logins)" -eq 2 ]
  export VAULT_TOKEN_FILE=/run/drover/vault-token
  for _ in 1 2 3; do run secret_get drover/lab/management/join; ended 0; done
  [ "$(logins)" -eq 3 ]
  [ "$(mode /run/drover/vault-token)" = 600 ]
}

@test "a token that ends soon is not used, one that is refused is not kept" {
  export VAULT_TOKEN_FILE=/run/drover/vault-token
  place /run/drover/vault-token '1 hvs.old'
  run secret_get drover/lab/management/join
  ended 0
  [ "$(logins)" -eq 1 ]
  curl --silent --max-time 5 --cacert "${BATS_FILE_TMPDIR}/ca.pem" --data '{}' "${VAULT_ADDR}/v1/forget-tokens"
  run secret_get drover/lab/management/join
  ended 1
  said "could not read secret 'drover/lab/management/join' of '${VAULT_ADDR}': {\"errors\": [\"permission denied\"]}"
  run secret_get drover/lab/management/join
  ended 0
  [ "$output" = hush ]
}

@test "a secret is overwritten, whatever its value holds" {
  local value=$'{"ca":"-----BEGIN\\n\tx"}\nzwei \\ "drei"'
  run secret_put drover/lab/management/join "$value"
  ended 0
  run secret_get drover/lab/management/join
  [ "$output" = "$value" ]
}

@test "what may not be read or written is named with Vault's answer" {
  run secret_put drover/lab/management/denied v
  ended 1
  said "could not write secret 'drover/lab/management/denied' of '${VAULT_ADDR}': {\"errors\": [\"permission denied\"]}"
  run secret_get drover/lab/management/missing
  ended 1
  said "could not read secret 'drover/lab/management/missing' of '${VAULT_ADDR}': {\"errors\": []}"
}

@test "of two that create a secret one succeeds, and the first value stays" {
  run vault_create drover/lab/management/marker first
  ended 0
  run vault_create drover/lab/management/marker second
  ended 4
  run vault_get drover/lab/management/marker
  [ "$output" = first ]
}

@test "a policy that only lets create refuses the second one as well" {
  run vault_create drover/lab/management/create-only first
  ended 0
  run vault_create drover/lab/management/create-only second
  ended 4
}

@test "a secret that can be neither created nor read is a failure" {
  run vault_create drover/lab/management/denied v
  ended 1
  said "could not create secret 'drover/lab/management/denied' of '${VAULT_ADDR}'"
}

@test "an engine at a mount of several parts is named, and a secret elsewhere is refused" {
  export VAULT_MOUNT=team/kv
  run vault_create team/kv/lab/marker x
  ended 0
  grep -q '^POST /v1/team/kv/data/lab/marker ' "$LOG"
  run secret_get drover/lab/management/join
  ended 2
  said "secret 'drover/lab/management/join' is not in the engine at 'team/kv', which 'VAULT_MOUNT' names"
}

@test "the namespace goes with every call" {
  export VAULT_NAMESPACE=teams/plant
  secret_get drover/lab/management/join
  [ "$(awk '{ print $3 }' "$LOG" | sort -u)" = teams/plant ]
}

@test "a Vault that its CA does not prove, a wrong secret id and a silent Vault log in nowhere" {
  VAULT_CA_FILE='' run secret_get drover/lab/management/join
  ended 1
  said "no login at '${VAULT_ADDR}' with role 'role-1'"
  [ ! -s "$LOG" ]
  printf 'wrong' >"${DROVER_ROOT}/etc/drover/vault-secret-id"
  run secret_get drover/lab/management/join
  ended 1
  said "no login at '${VAULT_ADDR}' with role 'role-1': {\"errors\": [\"invalid role or secret ID\"]}"
  kill "$SERVER"
  wait "$SERVER" 2>/dev/null || :
  SERVER=''
  run secret_get drover/lab/management/join
  ended 1
  said "no login at '${VAULT_ADDR}' with role 'role-1'"
}
